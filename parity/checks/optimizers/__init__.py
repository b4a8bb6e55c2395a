"""What do two optimizers have in common, and in what do they differ?"""
