"""Floor 1: errors, addresses, registries, statistics. Imports nothing of the house."""
