"""The project itself: packaging, layers, catalogue, README, house rules."""
