"""Where each actor stands: between others, around holes, at the core or at the edge."""
