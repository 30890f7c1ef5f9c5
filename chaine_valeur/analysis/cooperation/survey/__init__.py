"""What those who were asked say of one another: trust and value, internal by default."""
