"""Are the BUILD files what the sources say? Reads, checks and mends them."""
