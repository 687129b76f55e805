"""Reads pages in confined processes, and records what was read."""
