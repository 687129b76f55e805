"""Invented papers of applicants, worded and laid out as public samples of such papers are.

`python -m tests.reading.papers FOLDER` writes 40 applications with them, the same bytes each time.
The rules of reading are measured on these; fixtures/ has other layouts.
"""
