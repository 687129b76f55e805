"""The bound volume: planning, layout, assembly and verification."""
