"""Prepares spreadsheets of every format: stored results for formulas, wide sheets fitted."""
