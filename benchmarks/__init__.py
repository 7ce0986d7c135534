"""Speed beside a peer, in one run: CPU seconds (user + system), medians, ratios. Run with `make bench`."""
