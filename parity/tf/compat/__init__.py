"""What differs from one TensorFlow to the next? One module per area.

These modules are the only ones that read TensorFlow's version or use its
private symbols. A function is named for what it offers, and says since when
TensorFlow has it. What is patched is patched by a context manager that restores
it, and nests.

To add another capability: a function in the module of its area, named for what
it offers, with a test that runs in every cell.
"""
