"""Identifies files by their content, and has advice for the kinds that are refused."""
