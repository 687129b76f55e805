"""Scans of signed and sealed forms: recognised page by page, and filed."""
