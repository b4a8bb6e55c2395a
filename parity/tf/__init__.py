"""What does TensorFlow do? The only code that imports it."""
