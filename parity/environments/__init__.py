"""Where on this machine are the cells, and how is one made?

`interpreters` finds a Python, `builds` makes an environment of a lock, `places`
turns the name of a cell into an interpreter, `releases` knows the versions of
TensorFlow between two cells. Standard library only: this runs before any
environment exists.
"""
