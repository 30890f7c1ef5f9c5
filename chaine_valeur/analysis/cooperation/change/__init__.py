"""How cooperation changes: what lasts, what is born, what would remain without an actor."""
