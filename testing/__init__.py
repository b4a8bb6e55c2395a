"""What serves the project's own tests? Models, seeded bugs, goldens."""
