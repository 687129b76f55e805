"""盖章记录.json: the answers printed on each form that was signed and sealed. Pure.

`stamped` writes it beside application.json. A record belongs to one scan, identified by the SHA-256
of its file; it says nothing about another scan.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_NOTE = "盖章的表上印的申报内容，由 sjs-forms stamped 写入，请勿修改；不是附件，不装订。"


@dataclass(frozen=True, slots=True)
class SealedAnswers:
    """What a sealed form shows: every answer by its path in application.json, as printed.

    `unlike` are the paths of answers that the scan shows differently. `elsewhere` is text of the
    generated form that the scan lacks and that belongs to no answer.
    """

    answers: Mapping[str, str]
    unlike: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StampedForm:
    """A form whose scan was filed: its id, the scan's file and digest, and what it shows."""

    form: str
    file: str
    sha256: str
    shown: SealedAnswers


def record_bytes(forms: Iterable[StampedForm]) -> bytes:
    """Return the file of these records; the same records give the same bytes."""
    data = {
        "note": _NOTE,
        "forms": [
            {
                "form": each.form,
                "file": each.file,
                "sha256": each.sha256,
                "answers": dict(each.shown.answers),
                "unlike": list(each.shown.unlike),
                "elsewhere": list(each.shown.elsewhere),
            }
            for each in forms
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_record(data: bytes) -> tuple[StampedForm, ...]:
    """Return the records in a file. Raises ValueError if it is not one of ours."""
    try:
        return tuple(_form(each) for each in json.loads(data.decode("utf-8-sig"))["forms"])
    except (KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ValueError(f"no record: {problem!r}") from problem


def _form(known: dict[str, Any]) -> StampedForm:
    shown = SealedAnswers(
        {_text(where): _text(answer) for where, answer in known["answers"].items()},
        tuple(_text(where) for where in known["unlike"]),
        tuple(_text(text) for text in known["elsewhere"]),
    )
    return StampedForm(_text(known["form"]), _text(known["file"]), _text(known["sha256"]), shown)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value
