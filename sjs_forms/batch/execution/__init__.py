"""Builds single applications of a batch in parallel, on this machine or on a cluster."""
