"""A module per format, each with its `read_*` and `write_*`."""
