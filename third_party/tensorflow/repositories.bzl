"""The repositories of all cells, for MODULE.bazel and for WORKSPACE.

They cost nothing until a target of their cell is built.
"""

load("//third_party/gpu:repositories.bzl", "local_gpu")
load(":environment.bzl", "environment", "floating_environment")
load(":versions.bzl", "CELLS", "DEFAULT_CELL")

def cell_repositories(locks = {}):
    """Declares a repository a cell, and that of this machine's GPU.

    Args:
      locks: labels of locks to use instead of parity's own, by cell.
    """
    for cell in locks:
        if cell not in CELLS:
            fail("There is no cell `%s`. Cells: %s." % (
                cell,
                ", ".join(CELLS.keys()),
            ))
    local_gpu(name = "local_gpu")
    for cell, row in CELLS.items():
        own = "//third_party/locks:%s.txt" % cell
        if cell == DEFAULT_CELL:
            # With the tools, as nox has it, so that both use one environment.
            own = "//:requirements_lock.txt"
        rule = floating_environment if row["floating"] else environment
        rule(
            name = "parity_" + cell,
            cell = cell,
            lock = locks.get(cell, Label(own)),
            python = row["python"],
        )

def cell_toolchains():
    """Registers the toolchains of all cells, in a WORKSPACE."""
    native.register_toolchains(
        "@parity//third_party/tensorflow/toolchains:all",
    )

def _cells_impl(module_ctx):
    locks = {}
    for module in module_ctx.modules:
        for tag in module.tags.lock:
            # What an embedding repository says goes before what parity says.
            if module.is_root:
                locks[tag.cell] = tag.lock
    cell_repositories(locks)

cells = module_extension(
    doc = "The repositories of all cells.",
    implementation = _cells_impl,
    tag_classes = {
        "lock": tag_class(
            doc = "A lock to use for a cell instead of parity's own.",
            attrs = {
                "cell": attr.string(mandatory = True),
                "lock": attr.label(mandatory = True),
            },
        ),
    },
)
