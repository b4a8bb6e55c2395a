"""Says that this repository's own TensorFlow is used."""

LABEL = "//third_party/py/tensorflow"
