"""The command line: parses arguments, calls a job, presents its result."""
