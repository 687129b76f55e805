"""The web face: pages on which a person does in a browser what the commands do."""
