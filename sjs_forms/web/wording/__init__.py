"""Words findings, places and remedies for users who see only the pages."""
