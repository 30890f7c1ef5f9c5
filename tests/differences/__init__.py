"""Two filières, or two diagnoses, side by side."""
