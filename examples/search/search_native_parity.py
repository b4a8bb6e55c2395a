"""Is the native Keras port the two-tower model? It is not: a bug is left in."""

import dataclasses

import search_shim_parity


def tf2():
  """The port."""
  import search_native

  return search_native.TwoTowers()


def rename(name):
  """The TF1.x name of a variable of the port."""
  import search_native

  return search_native.rename(name)


CASE = dataclasses.replace(search_shim_parity.CASE, tf2=tf2, rename=rename)
