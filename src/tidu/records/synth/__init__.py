"""Synthetic records: a nation, or a province of it, that does not exist, as an office's lists or as loads of a store."""
