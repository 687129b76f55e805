"""Recognises the pages of signed and sealed scans, and files them."""
