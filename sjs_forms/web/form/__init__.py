"""The questions of the form as a page asks them, and where each is printed."""
