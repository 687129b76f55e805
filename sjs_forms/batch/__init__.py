"""Builds many applications from one source, on this machine or on a cluster."""
