"""What would move a score."""
