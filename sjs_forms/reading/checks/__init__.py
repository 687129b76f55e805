"""Holds papers against the answers, and looks for faults of the papers themselves."""
