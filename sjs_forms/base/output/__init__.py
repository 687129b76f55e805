"""Writes the output folder: elsewhere first, then moved into place as a whole."""
