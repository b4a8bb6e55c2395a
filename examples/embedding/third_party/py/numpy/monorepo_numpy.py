"""Says that this repository's own NumPy is used."""

LABEL = "//third_party/py/numpy"
