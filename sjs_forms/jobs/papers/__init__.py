"""Reads what the attachments say, and pictures the places that findings speak of."""
