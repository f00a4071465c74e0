"""The shared record types, one module each; found by discovery."""
