"""Which op parts the two sides, and why? From traces to findings.

`partners` pairs the tensors of two traces, `frontier` finds the first ops whose
results have none, `causes` says what differs there, and `explainer` ties them
to the checks and asks for the traces and probes that it needs.
"""
