"""How is a matrix shown? Matrix record in, text out.

`grid` is for a terminal, `json` for programs, `junit` for any CI, `markdown`
for a pull request. All say the same: one cell of the grid a check and cell.
"""
