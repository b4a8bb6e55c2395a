"""What a run is made of: both sides at once, the judgement, what is carried."""
