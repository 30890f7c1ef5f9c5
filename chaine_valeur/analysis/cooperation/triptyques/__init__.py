"""Trios of an enterprise, an elected official and an ESS actor: closed, open, and what would close them."""
