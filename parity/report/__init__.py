"""How is a Report told? Report in, text out; no verdict is computed again.

`terminal` for a person, `json` for a program, `block` for one compared pair,
`progress` while the work goes on; `figures` writes every number of them all.

To add a form: a module that takes a Report and gives text, which takes its
figures from `figures` and its findings from `distinct`.
"""
