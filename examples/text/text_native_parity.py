"""Is the native Keras port the TF1.x sentence classifier?"""

import text_shim_parity

import parity


def tf2():
  """The port."""
  import text_native

  return text_native.SentenceCnn()


def rename(name):
  """The TF1.x name of a variable of the port."""
  import text_native

  return text_native.RENAME[name]


CASE = parity.Case(
  inputs=text_shim_parity.inputs,
  tf1=text_shim_parity.tf1,
  tf2=tf2,
  rename=rename,
)
