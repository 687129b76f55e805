"""The names under which the forms of a notice print its answers, and their format."""

from collections.abc import Sequence
from dataclasses import dataclass

from sjs_forms.domain.fields.field import Place


@dataclass(frozen=True, slots=True)
class Detail:
    """An answer that is printed in brackets after another, and the words around it."""

    key: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """An answer, or a table, in the templates of the forms.

    `path` is its name there; `blank` is printed for an answer that will be written by hand. With
    `details`, several answers of the object at `place` are one line: that of `first`, followed by
    the details in brackets. `tick` is the name of the box that is ticked if the line is not empty.
    """

    path: str
    place: Place
    blank: str = ""
    first: str = ""
    details: tuple[Detail, ...] = ()
    tick: str = ""

    @property
    def is_combined(self) -> bool:
        """Whether it prints several answers in one line."""
        return bool(self.details)

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places of the answers in the line."""
        return tuple((*self.place, key) for key in (self.first, *(one.key for one in self.details)))


def in_brackets(first: str, details: Sequence[str]) -> str:
    """Return one line of several answers, such as XX中心（市级，北京市科委认定）."""
    described = "，".join(detail for detail in details if detail)
    return first + (f"（{described}）" if described else "")
