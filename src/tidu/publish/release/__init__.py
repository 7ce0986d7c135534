"""A release: the bundle of files that an outsider can check and rerun."""
