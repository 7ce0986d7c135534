"""Floor 6: what an index means: how it compares with what is published, and how far it hangs on the choices made."""
