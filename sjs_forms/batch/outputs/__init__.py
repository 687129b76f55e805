"""The files that a batch writes about all applications: verdicts, overview, forms together."""
