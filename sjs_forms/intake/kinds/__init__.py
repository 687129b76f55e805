"""What a file is, told by its content; and of kinds that are refused, what to do instead."""
