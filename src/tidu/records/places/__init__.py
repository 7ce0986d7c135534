"""Places: in which city an address lies, in the year of its filing and on a fixed vintage; with how it was told and how sure."""
