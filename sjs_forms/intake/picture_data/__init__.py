"""Tells from its data whether a picture is whole."""
