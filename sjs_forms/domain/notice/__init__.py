"""Reads and checks fields.toml, which declares the questions of a notice."""
