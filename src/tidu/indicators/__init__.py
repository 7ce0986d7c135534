"""Floor 4: the Panel (the waist of the house) and what is read, derived and corrected on the way into it."""
