"""How much would a case notice? Mutates the port and asks the checks.

`mutations` proposes changes of single ops of the port's trace, `mutants` runs
what depends on them again, `advice` says what a missed one needs in order to be
seen, and `auditor` ties them to the case's checks.
"""
