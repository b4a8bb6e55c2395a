"""What can be asked at a prompt? One module per command.

To add a command: a module with `add_parser(commands)` and
`run(arguments, services) -> int` that imports what it needs inside `run`, and
its name in `main.COMMANDS`. `parity --help` must not wait for NumPy, rich or
TensorFlow.
"""
