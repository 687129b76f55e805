"""Binds one volume into a folder, verifies it, and writes the manifest of a build."""
