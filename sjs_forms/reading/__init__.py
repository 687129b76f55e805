"""Reads what the attachments say, to compare it with the answers."""
