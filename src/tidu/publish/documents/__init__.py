"""An index as printed and self-contained documents."""
