"""Whether the worlds meet: ties between and within blocks of actors."""
