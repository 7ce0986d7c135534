"""Starting index files for `tidu new`."""
