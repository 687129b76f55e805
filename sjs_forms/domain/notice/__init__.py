"""A notice's questions as its fields.toml declares them, read and checked."""
