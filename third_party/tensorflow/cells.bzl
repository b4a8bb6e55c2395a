"""Which cell is a target built for?

`//third_party/tensorflow:cell` is the flag that says it; the toolchain that it
chooses is the cell's Python, with the cell's packages. One `bazel test` runs
many cells: a `cell_test` is another test, built for the cell that it names.
"""

load(":versions.bzl", "CELLS", "DEFAULT_CELL")

_FLAG = "//third_party/tensorflow:cell"

def _flag_impl(ctx):
    if ctx.build_setting_value not in CELLS:
        fail("There is no cell `%s`. Cells: %s." % (
            ctx.build_setting_value,
            ", ".join(CELLS.keys()),
        ))
    return []

_string_flag = rule(
    implementation = _flag_impl,
    build_setting = config.string(flag = True),
)

def cell_flag(name):
    """The flag, and for each cell a setting `is_CELL` to select on.

    Args:
      name: the flag's name.
    """
    _string_flag(name = name, build_setting_default = DEFAULT_CELL)
    for cell in CELLS:
        native.config_setting(
            name = "is_" + cell,
            flag_values = {":" + name: cell},
        )

def cells_within(since = None, until = None):
    """The cells from one to another of the table, both included.

    Args:
      since: a cell; None for the first.
      until: a cell; None for the last.

    Returns:
      Their names.
    """
    names = list(CELLS.keys())
    for name in (since, until):
        if name and name not in names:
            fail("There is no cell `%s`. Cells: %s." % (name, ", ".join(names)))
    first = names.index(since) if since else 0
    last = names.index(until) if until else len(names) - 1
    return names[first:last + 1]

def compatible_with(cells):
    """A `target_compatible_with`: Bazel skips the target in other cells.

    Args:
      cells: the cells that can run the target.

    Returns:
      The attribute's value.
    """
    others = [cell for cell in CELLS if cell not in cells]
    return select({
        Label("//third_party/tensorflow:is_" + cell): incompatible()
        for cell in others
    } | {"//conditions:default": []})

def incompatible():
    """A `target_compatible_with` of what no cell can run."""
    return [Label("@platforms//:incompatible")]

def has_tf2(cell):
    """Whether a port can run in a cell; TensorFlow 1 has only a tf1 side.

    Args:
      cell: its name.

    Returns:
      True or False.
    """
    return not CELLS[cell]["tensorflow"].partition("==")[2].startswith("1.")

def _transition_impl(_settings, attr):
    return {_FLAG: attr.cell}

cell_transition = transition(
    implementation = _transition_impl,
    inputs = [],
    outputs = [_FLAG],
)

def _cell_impl(ctx):
    actual = ctx.attr.actual[0]
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = executable,
        target_file = actual[DefaultInfo].files_to_run.executable,
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = [executable])
    providers = [
        DefaultInfo(
            executable = executable,
            runfiles = runfiles.merge(actual[DefaultInfo].default_runfiles),
        ),
        coverage_common.instrumented_files_info(
            ctx,
            dependency_attributes = ["actual"],
        ),
    ]
    if RunEnvironmentInfo in actual:
        providers.append(actual[RunEnvironmentInfo])
    return providers

_ATTRIBUTES = {
    "actual": attr.label(
        doc = "What to run.",
        cfg = cell_transition,
        executable = True,
        mandatory = True,
    ),
    "cell": attr.string(
        doc = "The cell's name.",
        mandatory = True,
        values = CELLS.keys(),
    ),
    # Without it, coverage.dat stays empty.
    "_lcov_merger": attr.label(
        cfg = "exec",
        default = configuration_field(
            fragment = "coverage",
            name = "output_generator",
        ),
        executable = True,
    ),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

# The transition is on the edge: the test itself stays in the configuration that
# was asked for, so that its results lie where people look for them.
cell_test = rule(
    doc = "A test, built for and run in a cell.",
    implementation = _cell_impl,
    test = True,
    attrs = _ATTRIBUTES,
)

cell_binary = rule(
    doc = "A program, built for and run in a cell.",
    implementation = _cell_impl,
    executable = True,
    attrs = _ATTRIBUTES,
)
