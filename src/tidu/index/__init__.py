"""Floor 5: from a Framework and a Panel to an Index, step by step, every table kept."""
