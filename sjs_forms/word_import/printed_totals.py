"""Checks the values on a form that the notice computes from the answers, such as a total."""

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
    """A value in Word (`written`) that differs from that computed from its answers (`computed`)."""

    spot: Spot
    label: str
    written: str
    computed: str


def wrong_totals(
    programme: Programme,
    form: FormRead,
    values: Mapping[Where, Any],
    failed: Sequence[Where],
) -> Iterator[WrongTotal]:
    """Yield the values on a form that differ from those computed from the answers `values`.

    Blank values are skipped, and those that depend on a `failed` answer, which is unknown.
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
    for path, computed in derived_values(programme.fields, application, ALL_READ.also(failed)):
        reading = written.get(path)
        text = "".join(reading.lines) if reading else ""
        if reading and computed and _plain(text) != _plain(computed):
            yield WrongTotal(reading.spot, labels[path], text, computed)


def _plain(text: str) -> str:
    return squeezed(text).replace(",", "").strip("_")
