"""Cooperation and exchange of material: what one would expect of the other."""
