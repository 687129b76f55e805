"""Forms and bound print volumes for applications to a notice of support."""

__version__ = "0.1.0"

TOOL = "sjs-forms"
"""The tool's name in the metadata of files that it writes."""
