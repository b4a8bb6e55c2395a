"""Which plain data does everything share? Frozen dataclasses, no behaviour."""
