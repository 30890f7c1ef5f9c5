"""What could be: candidates, niches, scenarios, plan, robustness."""
