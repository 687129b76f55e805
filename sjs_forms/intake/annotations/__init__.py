"""Turns annotations and form fields into page content, as a viewer would show them."""
