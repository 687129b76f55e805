"""Reads, names, digests and writes files: with limits, and the same bytes each time."""
