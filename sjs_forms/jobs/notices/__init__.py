"""For the author of a notice: makes, lists, checks and tries notices."""
