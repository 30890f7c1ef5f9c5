"""What flows are put to: capacities, supplies, demands, recovery, yields along paths."""
