"""One reference for many versions: the grid, and the first bad one."""
