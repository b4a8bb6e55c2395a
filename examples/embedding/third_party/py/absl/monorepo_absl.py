"""Says that this repository's own Abseil is used."""

LABEL = "//third_party/py/absl"
