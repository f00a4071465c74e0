"""What leaves the system for partners: whole files of indicator values with their description and checksums."""
