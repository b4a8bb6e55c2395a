"""Can what strangers write do harm, or make a wrong verdict? See `__main__`."""
