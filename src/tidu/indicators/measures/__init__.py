"""Measures: what records say of a city in a year, as contributions."""
