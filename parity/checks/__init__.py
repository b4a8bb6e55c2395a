"""Which checks are there, and what does each need and judge?

One module a row of the contract's table; `registry.CHECKS` holds them in order.
"""
