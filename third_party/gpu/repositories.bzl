"""Is there a GPU on this machine? What decides which tests can run.

The repository `local_gpu` holds the constraint `nvidia_gpu`. This machine meets
it where the driver shows a card; a platform of yours, for workers that have one,
states it among its `constraint_values`. A test that asks for it is SKIPPED on a
platform that does not meet it.
"""

_BUILD = """\
package(default_visibility = ["//visibility:public"])

constraint_setting(
    name = "gpu",
    default_constraint_value = ":{default}",
)

constraint_value(
    name = "nvidia_gpu",
    constraint_setting = ":gpu",
)

# No file /dev/nvidia0 was there when Bazel's server looked.
constraint_value(
    name = "none_on_this_machine",
    constraint_setting = ":gpu",
)
"""

def _local_gpu_impl(rctx):
    found = rctx.path("/dev/nvidia0").exists
    rctx.file("BUILD.bazel", _BUILD.format(
        default = "nvidia_gpu" if found else "none_on_this_machine",
    ))

# It looks again whenever Bazel's server starts.
local_gpu = repository_rule(
    doc = "Whether this machine has a GPU.",
    implementation = _local_gpu_impl,
    local = True,
)
