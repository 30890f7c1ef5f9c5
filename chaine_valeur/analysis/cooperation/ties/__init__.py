"""The layer of ties that every measure reads: which pairs are tied, documented, possible; how strong, between whom."""
