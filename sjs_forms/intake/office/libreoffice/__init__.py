"""Runs LibreOffice: the program, its profile, and a process of its own."""
