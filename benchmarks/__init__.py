"""Benchmarks: what a build costs, beside the routes people use today, measured in one run."""
