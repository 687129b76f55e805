"""Pages that do not fit on A4: where they are cut, and what is said of those that are shrunk."""
