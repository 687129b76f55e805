"""Turns picture files into PDF pages."""
