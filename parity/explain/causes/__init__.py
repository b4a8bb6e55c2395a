"""What differs where the sides part? One module a family of causes.

Each module has `explain(place) -> Optional[Finding]`, a rule over the evidence
at one divergence; `registry.RULES` holds them in the order in which they are
asked. A rule is about TensorFlow's ops, never about a model's names.

To add another: write the module and its test, put it into `registry.RULES`, and
give it a seeded bug and a silent twin under testing/bugs.
"""
