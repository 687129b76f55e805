"""The questions of the form as pages show them, and the page on which each is printed."""
