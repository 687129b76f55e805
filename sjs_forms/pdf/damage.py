"""Exceptions for damage found by a PDF reader."""


class Damaged(Exception):
    """Raised when this reader cannot parse the file. Another reader may."""


class Pageless(Damaged):
    """Raised when this reader opens the document but finds no page in it."""
