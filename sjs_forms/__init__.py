"""Forms and bound print volumes for the 石景山区建设产业服务平台 support programme."""

__version__ = "0.1.0"

TOOL = "sjs-forms"
"""What the tool is called where files say by what they were made."""
