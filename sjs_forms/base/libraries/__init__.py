"""Imports libraries without those of their parts that are not used here."""
