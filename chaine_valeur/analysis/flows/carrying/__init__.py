"""What the chain can carry, and what limits it: a linear program on its processes."""
