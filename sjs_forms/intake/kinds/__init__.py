"""Identifies files by their content, and says what to do instead with a kind that is refused."""
