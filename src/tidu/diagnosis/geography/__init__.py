"""Where units are, and whether scores decline from the coast."""
