"""How does a recording lie on disk, and how does it come back unharmed?"""
