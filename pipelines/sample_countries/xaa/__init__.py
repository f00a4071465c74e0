"""XAA: Spanish, text files (CSV drops), victims, two levels of areas; the foundation's five sources are its core."""
