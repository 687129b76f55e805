"""Forms and bound print volumes for the 石景山区建设产业服务平台 support programme."""

__version__ = "0.1.0"

TOOL = "sjs-forms"
"""The tool's name in the metadata of files that it writes."""
