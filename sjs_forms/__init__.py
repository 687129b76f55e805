"""Forms and bound print volumes for the 石景山区建设产业服务平台 support programme."""

__version__ = "0.1.0"
