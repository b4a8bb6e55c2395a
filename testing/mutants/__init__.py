"""Does the suite notice when parity itself is broken? See `__main__`."""
