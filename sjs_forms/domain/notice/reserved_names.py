"""Names that no answer may have, because libraries find something else by them."""

from pydantic import BaseModel

_WORDS = frozenset(
    ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop", "self"]
)
"""Words of Jinja's and of our own expressions, and what Jinja defines in templates."""
_OF_APPLICATIONS = frozenset(("programme_id", "questions"))
"""Attributes of the model of all answers."""


def is_of_templates(step: str, is_first: bool) -> bool:
    """Return whether templates read a step of a path otherwise: {{ row.items }}, {{ true }}.

    A method of a mapping hides its key; a word of the language is no name where a path begins.
    """
    return hasattr(dict, step) or (is_first and step in _WORDS)


def is_of_models(step: str) -> bool:
    """Return whether the models of the answers have an attribute of this name, as `model_dump`."""
    return hasattr(BaseModel, step) or step in _OF_APPLICATIONS
