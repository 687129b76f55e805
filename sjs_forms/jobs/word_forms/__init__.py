"""Answers from filled Word forms: imported, compared, or read from a folder of such forms."""
