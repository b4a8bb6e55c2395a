"""Ports whose behaviour really changed between two versions of TensorFlow.

`parity matrix` must see each change, and `--bisect` must name the version.
"""
