"""Is the native Keras port the TF-Slim classifier, and does it train alike?"""

import dataclasses

import image_shim_parity


def tf2():
  """The port."""
  import image_native

  return image_native.SmallCnn()


def rename(name):
  """The TF1.x name of a variable of the port."""
  import image_native

  return image_native.rename(name)


CASE = dataclasses.replace(image_shim_parity.CASE, tf2=tf2, rename=rename)
