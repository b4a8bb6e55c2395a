"""Which migration bugs must parity find, and which ports must it let pass?

`public/` holds the project's benchmark as it was given, `own/` cases of ours.
Each is a case file with a literal `EXPECT` beside `CASE`; `score` runs them.
"""
