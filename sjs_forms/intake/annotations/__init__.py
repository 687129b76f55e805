"""Annotations and form fields as content of their page, drawn as a viewer would show them."""
