"""A side is whoever fulfils its Requests: a process, this one, or a golden."""
