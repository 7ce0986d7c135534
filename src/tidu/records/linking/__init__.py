"""Linking: the documents of all loads made one row an application, with families, states and owners in time."""
