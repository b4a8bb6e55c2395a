"""How far are two recordings apart? Pure functions on arrays and records."""
