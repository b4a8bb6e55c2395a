"""How fast is parity? Programs that measure it and print figures."""
