"""One question of a notice."""

from dataclasses import dataclass

from sjs_forms.domain.fields.kind import Kind

Place = tuple[str | int, ...]
"""Keys and list indices from the top of application.json."""


@dataclass(frozen=True, slots=True)
class Field:
    """A question: the place of its answer, the form's label for it, and the kind of answer.

    `place` begins at the top of application.json, or within a row for a field of rows; there `{n}`
    in `label` is the row's number. `aliases` are other headers that a roster may have. `if_any`
    means that there may be no answer at all (若有). `hint` is an additional instruction to the
    clerk, `tick_hint` says how to tick one of several choices. `blank_told` says whether a blank
    is reported as a warning, `as_part` under which place.
    """

    place: Place
    label: str
    kind: Kind
    group: str = ""
    required: bool = False
    if_any: bool = False
    hint: str = ""
    tick_hint: str = ""
    aliases: tuple[str, ...] = ()
    blank_told: bool = False
    as_part: Place = ()

    def ask(self) -> str:
        """Return what to enter, as a sentence for a clerk."""
        return self.hint or self.kind.ask()
