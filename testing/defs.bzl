"""Rules for parity's own tests."""

load(
    "@rules_python//python:defs.bzl",
    "py_library",
    _py_test = "py_test",
)
load(
    "//third_party/tensorflow:cells.bzl",
    "cell_test",
    "cells_within",
    "compatible_with",
)
load("//third_party/tensorflow:versions.bzl", "CELLS", "DEFAULT_CELL")

# As testing/suite.py has them, and why. PARITY_CELL comes besides.
_ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_USE_LEGACY_KERAS": "1",
}

def _test_main_impl(ctx):
    ctx.actions.write(ctx.outputs.out, "\n".join([
        '"""Runs %s."""' % ctx.attr.module,
        "",
        "from testing import run_module",
        "",
        'run_module.main("%s")' % ctx.attr.module,
        "",
    ]))

_test_main = rule(
    doc = "A program that runs a test module as testing/run_module.py does.",
    implementation = _test_main_impl,
    attrs = {
        "module": attr.string(mandatory = True),
        "out": attr.output(mandatory = True),
    },
)

def py_test(
        name,
        srcs,
        since = None,
        until = None,
        data = [],
        deps = [],
        env = {},
        tags = [],
        **kwargs):
    """A test module, in each cell that can run it.

    NAME runs in the default cell, NAME_tf2.8 (and so on) in the others. Which of
    them `bazel test //...` runs is for .bazelrc's configs to say, by tag; a test
    is skipped in a cell that cannot run it.

    Args:
      name: the module's name.
      srcs: the module's file.
      since: the first cell that can run it; None for the table's first.
      until: the last cell that can run it; None for the table's last.
      data: as everywhere.
      deps: as everywhere.
      env: as everywhere.
      tags: as everywhere.
      **kwargs: what else a test takes.
    """
    if len(srcs) != 1:
        fail("%s: a test is one module, found %s." % (name, srcs))
    module = srcs[0].removesuffix(".py")
    library, main = name + "_lib", ".main/%s.py" % name
    py_library(
        name = library,
        testonly = True,
        srcs = srcs,
        deps = deps,
    )
    _test_main(
        name = name + "_main",
        testonly = True,
        module = (native.package_name() + "/" + module).replace("/", "."),
        out = main,
    )
    _py_test(
        name = name,
        srcs = [main],
        data = data,
        env = select({
            Label("//third_party/tensorflow:is_" + cell): _ENVIRONMENT | env | {
                "PARITY_CELL": cell,
            }
            for cell in CELLS
        }),
        legacy_create_init = 0,
        main = main,
        tags = tags + [DEFAULT_CELL],
        target_compatible_with = compatible_with(cells_within(since, until)),
        deps = [library, "//testing:run_module"],
        **kwargs
    )
    for cell in CELLS:
        if cell != DEFAULT_CELL:
            cell_test(
                name = "%s_%s" % (name, cell),
                actual = name,
                cell = cell,
                tags = tags + [cell],
                **kwargs
            )

def package_sources():
    """All sources of a package, for tests that read them; stands last in BUILD.

    It names the libraries, not their files, so that each file is in one target.
    """
    native.filegroup(
        name = "all_sources",
        testonly = True,
        srcs = ["BUILD"] + [
            rule["name"]
            for rule in native.existing_rules().values()
            if rule["kind"] == "py_library" and rule["srcs"]
        ],
        visibility = ["//:__subpackages__"],
    )
