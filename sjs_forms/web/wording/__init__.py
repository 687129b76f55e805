"""How findings, places and remedies are worded for someone who sees only the pages."""
