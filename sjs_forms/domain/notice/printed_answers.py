"""Under which names, and how, the forms of a notice print its answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sjs_forms.domain.fields.field import Place


@dataclass(frozen=True, slots=True)
class Detail:
    """One of the answers that stand in brackets behind another, and the words around it."""

    key: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """An answer, or a table, as the templates of the forms know it.

    `path` is its name there, `blank` what is printed for an answer that is left to the pen.
    Several answers of the object at `place` are one line where there are `details`: that of
    `first`, and the details in brackets behind it. `tick` names the box that is ticked where that
    line says anything.
    """

    path: str
    place: Place
    blank: str = ""
    first: str = ""
    details: tuple[Detail, ...] = ()
    tick: str = ""

    @property
    def is_combined(self) -> bool:
        """Whether it is several answers in one line."""
        return bool(self.details)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of the answers in the line."""
        return tuple((*self.place, key) for key in (self.first, *(one.key for one in self.details)))


def in_brackets(first: str, details: Sequence[str]) -> str:
    """One line of several answers, such as XX中心（市级，北京市科委认定）."""
    described = "，".join(detail for detail in details if detail)
    return first + (f"（{described}）" if described else "")
