"""What a statistical auditor asks of an index."""
