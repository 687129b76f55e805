"""The state of one server: the open application, its jobs, uploads and results."""
