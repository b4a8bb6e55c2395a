"""Which models do the project's own tests run? The zoo and its cases."""
