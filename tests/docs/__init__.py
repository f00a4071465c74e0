"""The documents: what they say is run, what is generated is fresh, what they point to exists."""
