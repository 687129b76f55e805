"""Names of files in messages: each face names a file as its readers know it.

A message has a placeholder for each name, and the names beside it.
"""

from collections.abc import Sequence

FILE = "\ufffc"
"""Placeholder in a message for the name of a file or folder."""


def with_names(template: str, names: Sequence[str]) -> str:
    """Return a message with names in place of its placeholders, in their order."""
    text, *parts = template.split(FILE)
    for at, part in enumerate(parts):
        text += (names[at] if at < len(names) else FILE) + part
    return text


def short_names(files: Sequence[str]) -> tuple[str, ...]:
    """Return names of files without their folders, unless two files would have the same name.

    These keep the folder they are in.
    """
    steps = [file.replace("\\", "/").rstrip("/").split("/") for file in files]
    names = {tuple(each): each[-1] for each in steps}
    if len(set(names.values())) < len(names):
        names = {key: "/".join(key[-2:]) for key in names}
    return tuple(names[tuple(each)] for each in steps)
