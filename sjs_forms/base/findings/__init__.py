"""Findings: errors and warnings about an application, with their places and remedies."""
