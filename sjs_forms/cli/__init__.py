"""The command line: parses, calls a job, presents what comes of it."""
