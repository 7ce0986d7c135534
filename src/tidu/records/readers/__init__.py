"""One room a family of formats: each makes the same canonical rows, as text."""
