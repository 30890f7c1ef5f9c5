"""Flows as a matrix of compartments: what returns, and how long a tonne stays."""
