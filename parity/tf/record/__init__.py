"""What does running a side give? One module a way of running."""
