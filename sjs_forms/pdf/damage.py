"""Damage that a reader of PDF files comes upon."""


class Damaged(Exception):
    """This reader cannot make the file out; another may."""


class Pageless(Damaged):
    """This reader opens the document and finds no page in it."""
