"""Values that a form prints and a notice reckons from the answers, such as a total."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.domain.answers.derived_values import derived_values
from sjs_forms.domain.answers.unread_places import ALL_READ
from sjs_forms.domain.application import application_model
from sjs_forms.domain.programme import Programme
from sjs_forms.word_import.form_pattern import Where, squeezed
from sjs_forms.word_import.form_recognition import FormRead
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.word_blocks import Spot


@dataclass(frozen=True, slots=True)
class WrongTotal:
    """A value in Word (`written`) that is not what its answers there give (`reckoned`)."""

    spot: Spot
    label: str
    written: str
    reckoned: str


def wrong_totals(
    programme: Programme,
    form: FormRead,
    values: Mapping[Where, Any],
    failed: Sequence[Where],
) -> Iterator[WrongTotal]:
    """Yield the values on a form that do not fit the answers `values`.

    Nothing is said of a blank, nor where an answer is `failed`: nobody knows what it is.
    """
    written = {
        path: reading
        for path, reading in form.readings.items()
        if form.pattern.kind_of(path) == "derived" and reading.lines
    }
    if not written:
        return
    application = application_model(programme).model_validate(merged({}, values))
    labels = {derived.at: derived.label for derived in programme.fields.derived}
    for path, reckoned in derived_values(programme.fields, application, ALL_READ.also(failed)):
        reading = written.get(path)
        text = "".join(reading.lines) if reading else ""
        if reading and reckoned and _plain(text) != _plain(reckoned):
            yield WrongTotal(reading.spot, labels[path], text, reckoned)


def _plain(text: str) -> str:
    return squeezed(text).replace(",", "").strip("_")
