"""Pure functions from a filière to figures: gaps, cooperation, insertion."""
