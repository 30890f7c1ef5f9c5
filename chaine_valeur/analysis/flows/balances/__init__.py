"""Balances: what is declared of each flow, what a place receives and sends, and what is left over."""
