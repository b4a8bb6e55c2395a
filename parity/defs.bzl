"""parity in BUILD files: is it the same model, in every cell?

    load("@parity//parity:defs.bzl", "parity_test")

    parity_test(
        name = "my_model_parity_test",
        case = "my_model_parity.py",
        deps = [":ported"],
    )

gives a test a cell, `my_model_parity_test_tf2.21` and so on, tagged by the cell's
name, and the suite `my_model_parity_test` of all of them. Each checks the case
with the Python and TensorFlow of its cell, and keeps the report as JSON, HTML
and JUnit among the test's outputs.
"""

load("@rules_python//python:defs.bzl", "py_binary", "py_library")
load(
    "//third_party/tensorflow:cells.bzl",
    "cell_binary",
    "cell_test",
    "cell_transition",
    "has_tf2",
    "incompatible",
)
load("//third_party/tensorflow:versions.bzl", "CELLS")

# A platform that meets it has a GPU.
_GPU = Label("@local_gpu//:nvidia_gpu")

def parity_test(
        name,
        case,
        deps = [],
        data = [],
        cells = None,
        reference = None,
        golden = None,
        gpu = False,
        tags = [],
        size = "medium",
        **kwargs):
    """Tests that a case's port is the same model, in each cell.

    Where nothing else is said, both sides run in the cell; it is skipped where
    there is no TensorFlow 2. With `golden` or `reference` one side is held
    against what is stored or recorded: the port, or in a cell that has no
    TensorFlow 2 the tf1 side.

    With `gpu` each test has a twin, `NAME_gpu_tf2.21` and so on: the same side of
    the case is recorded on the CPU and verified on the GPU, with TF32 off and
    on, by the case's own tolerance. `--config=gpu` runs them. Where the platform
    has no GPU they are SKIPPED; see //third_party/gpu:repositories.bzl.

    Args:
      name: of the suite; a cell's test has the cell's name behind it.
      case: a case file, or a `py_library` of one; several in a list are run
        in shards.
      deps: what the case file imports besides parity.
      data: files that the case reads.
      cells: the cells in which to run; None for all of the table.
      reference: a cell; the case's tf1 side is recorded there, once for all
        others.
      golden: a target that holds the files of one golden.
      gpu: whether the model is tested on a GPU as well.
      tags: for all tests; those of cells come by themselves.
      size: of each test.
      **kwargs: what else a test takes.
    """
    cells = _known(name, cells or CELLS.keys())
    cases = [case] if type(case) == "string" else case
    if golden and reference:
        fail("%s: `golden` is recorded, `reference` is to be; name one." % name)
    if (golden or reference) and len(cases) > 1:
        fail("%s: a golden is of one case, found %s." % (name, cases))
    libraries = _libraries(name, cases, deps)
    if reference:
        _known(name, [reference])
        golden = name + "_reference"
        _program(
            name = golden + "_main",
            cases = libraries,
            data = data,
            does = "record",
        )
        _recording(
            name = golden,
            testonly = True,
            cell = reference,
            program = golden + "_main",
            tags = ["manual"],
        )
    _program(
        name = name + "_main",
        cases = libraries,
        data = data,
        does = "verify" if golden else "check",
        golden = golden,
        side = _own_side(),
    )
    if len(cases) > 1:
        kwargs.setdefault("shard_count", min(len(cases), 50))
    for cell in cells:
        cell_test(
            name = "%s_%s" % (name, cell),
            actual = name + "_main",
            cell = cell,
            size = size,
            tags = tags + [cell],
            target_compatible_with = [] if golden or has_tf2(cell) else incompatible(),
            **kwargs
        )
    native.test_suite(
        name = name,
        tags = tags,
        tests = ["%s_%s" % (name, cell) for cell in cells],
    )
    if gpu:
        _gpu_tests(
            name = name + "_gpu",
            libraries = libraries,
            data = data,
            cells = cells,
            tags = tags,
            size = size,
            **kwargs
        )

def _gpu_tests(name, libraries, data, cells, tags, size, **kwargs):
    """The twins that need a GPU, and their suite."""
    _program(
        name = name + "_main",
        cases = libraries,
        data = data,
        does = "verify_on_gpu",
        side = _own_side(),
    )
    tests = ["%s_%s" % (name, cell) for cell in cells]
    for test, cell in zip(tests, cells):
        cell_test(
            name = test,
            actual = name + "_main",
            cell = cell,
            size = size,
            tags = tags + [
                cell,
                "gpu",
                "manual",
                "requires-gpu-nvidia",
                "resources:gpu:1",
            ],
            target_compatible_with = [_GPU],
            **kwargs
        )

    # It names them, so a pattern such as //... finds them here.
    native.test_suite(
        name = name,
        tags = tags,
        tests = tests,
    )

def parity_golden(
        name,
        case,
        golden,
        cell,
        deps = [],
        data = [],
        side = "tf1",
        **kwargs):
    """Records a golden: `bazel run //x:NAME`, or `... -- --update`.

    Args:
      name: of the program.
      case: a case file, or a `py_library` of one.
      golden: the folder to write, below this package.
      cell: the cell in which to record.
      deps: what the case file imports besides parity.
      data: files that the case reads.
      side: the side to record.
      **kwargs: what else a program takes.
    """
    _known(name, [cell])
    _program(
        name = name + "_main",
        cases = _libraries(name, [case], deps),
        data = data,
        does = "record",
        out = native.package_name() + "/" + golden,
        side = side,
    )
    cell_binary(
        name = name,
        testonly = True,
        actual = name + "_main",
        cell = cell,
        **kwargs
    )

def _own_side():
    """The side that a cell verifies: the port, where TensorFlow 2 is."""
    return select({
        Label("//third_party/tensorflow:is_" + cell): "tf1"
        for cell in CELLS
        if not has_tf2(cell)
    } | {"//conditions:default": "tf2"})

def _known(name, cells):
    """The cells, if the table has them."""
    for cell in cells:
        if cell not in CELLS:
            fail("%s: there is no cell `%s`. Cells: %s." % (
                name,
                cell,
                ", ".join(CELLS.keys()),
            ))
    return cells

def _libraries(name, cases, deps):
    """A library for each case that is a file; the others are libraries."""
    found = []
    for case in cases:
        if case.endswith(".py"):
            library = "%s_case_%s" % (name, case.removesuffix(".py"))
            py_library(
                name = library,
                testonly = True,
                srcs = [case],
                deps = deps + [Label("//parity")],
            )
            found.append(library)
        else:
            found.append(case)
    return found

def _program(name, cases, data, does, golden = None, out = None, side = "tf1"):
    """A program that runs cases, for the cell it is built for."""
    main = name + ".py"
    _main(
        name = name + "_source",
        testonly = True,
        cases = cases,
        does = does,
        file = main,
        golden = golden,
        out = out,
        side = side,
        tags = ["manual"],
    )
    py_binary(
        name = name,
        testonly = True,
        srcs = [main],
        data = data + ([golden] if golden else []),
        legacy_create_init = 0,
        main = main,
        tags = ["manual"],
        deps = cases + [
            Label("//parity/cli:bazel"),
            Label("//parity/cli:bazel_gpu"),
        ],
    )

def _case_path(case):
    """The path of a library's one file, from the main workspace's runfiles."""
    files = case[DefaultInfo].files.to_list()
    if len(files) != 1:
        fail("%s: a case is one file, found %s." % (case.label, files))
    return files[0].short_path

def _golden_path(golden):
    """The folder of a golden: the one tree, or the one that holds its files."""
    files = golden[DefaultInfo].files.to_list()
    if len(files) == 1 and files[0].is_directory:
        return files[0].short_path + "/golden"
    folders = {file.short_path.rpartition("/")[0]: True for file in files}
    if len(folders) != 1:
        fail("%s: a golden is one folder, found %s." % (golden.label, folders))
    return folders.keys()[0]

def _main_impl(ctx):
    file = ctx.outputs.file
    cases = [_case_path(case) for case in ctx.attr.cases]
    before = []
    if ctx.attr.does == "verify_on_gpu":
        call = "bazel_gpu.verify(%r, sys.argv[1:], side=%r)" % (
            cases,
            ctx.attr.side,
        )
    elif ctx.attr.does == "check":
        call = "bazel.check(%r, sys.argv[1:])" % cases
    elif ctx.attr.does == "verify":
        call = "bazel.verify(%r, sys.argv[1:], golden=%r, side=%r)" % (
            cases[0],
            _golden_path(ctx.attr.golden),
            ctx.attr.side,
        )
    elif ctx.attr.out:
        call = "bazel.record(%r, sys.argv[1:], out=%r, side=%r)" % (
            cases[0],
            ctx.attr.out,
            ctx.attr.side,
        )
    else:
        # An action says where; that is no place below the runfiles.
        before = ["  out = os.path.abspath(sys.argv[1])"]
        call = "bazel.record(%r, sys.argv[2:], out=out, side=%r)" % (
            cases[0],
            ctx.attr.side,
        )
    path = file.short_path
    path = path[3:] if path.startswith("../") else "%s/%s" % (ctx.workspace_name, path)
    ctx.actions.write(file, "\n".join([
        '"""Runs %s."""' % ", ".join(cases),
        "",
        "import os",
        "import sys",
        "",
        "from parity.cli import bazel",
    ] + (["from parity.cli import bazel_gpu"] if ctx.attr.does == "verify_on_gpu" else []) + [
        "",
        'if __name__ == "__main__":',
    ] + before + [
        "  bazel.enter(__file__, path=%r, workspace=%r)" % (path, ctx.workspace_name),
        "  sys.exit(%s)" % call,
        "",
    ]))

_main = rule(
    doc = "The source of a program that runs cases.",
    implementation = _main_impl,
    attrs = {
        "cases": attr.label_list(mandatory = True),
        "does": attr.string(values = ["check", "record", "verify", "verify_on_gpu"]),
        "file": attr.output(mandatory = True),
        "golden": attr.label(allow_files = True),
        "out": attr.string(),
        "side": attr.string(values = ["tf1", "tf2"]),
    },
)

def _recording_impl(ctx):
    golden = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run(
        executable = ctx.attr.program[0][DefaultInfo].files_to_run,
        arguments = [golden.path + "/golden"],
        outputs = [golden],
        mnemonic = "ParityRecord",
        progress_message = "Recording %{label} in " + ctx.attr.cell,
        use_default_shell_env = True,
    )
    return [DefaultInfo(
        files = depset([golden]),
        runfiles = ctx.runfiles(files = [golden]),
    )]

_recording = rule(
    doc = "What a case's tf1 side gives in a cell, as a golden.",
    implementation = _recording_impl,
    attrs = {
        "cell": attr.string(mandatory = True),
        "program": attr.label(
            cfg = cell_transition,
            executable = True,
            mandatory = True,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
