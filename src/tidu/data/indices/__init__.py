"""The index files that ship with the package."""
