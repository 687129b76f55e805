"""Spreadsheets of every format: stored results in place of formulas, wide sheets fitted."""
