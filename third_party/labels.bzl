"""A label for a Python package that others write."""

load("@rules_python//python:defs.bzl", "py_library")

def python_package(name):
    """Makes the label of a package, and what it stands for by default.

    Args:
      name: the name under which it is imported.
    """
    py_library(name = name + "_of_the_environment")
    native.label_flag(
        name = name,
        build_setting_default = ":" + name + "_of_the_environment",
    )
