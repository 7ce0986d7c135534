"""Which applicants are one legal entity, and which are one group."""
