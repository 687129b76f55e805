"""Reads PDF files, repairs damaged ones, and makes them plain page by page."""
