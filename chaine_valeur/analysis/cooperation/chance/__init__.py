"""What chance alone would give: null models, and where a figure stands among them."""
