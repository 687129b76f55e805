"""Answers into the notice's Word and HTML templates, laid out and painted."""
