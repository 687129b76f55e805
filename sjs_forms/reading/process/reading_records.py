"""Converts what was read on a page to values for JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sjs_forms.reading.pages.page_words import CodeMark, PageQuality, ReadPage, SealMark, Word

_MAX_MARKS = 20_000
"""Words, seals or codes of a page that are taken from a process, which may be compromised."""
_SOURCES = {"text": "text", "ocr": "ocr", "none": "none"}
_BOX = ("left", "top", "right", "bottom")


def record_of(reading: ReadPage) -> dict[str, Any]:
    """Return the values of a page."""
    return asdict(reading)


def reading_of(record: Mapping[str, Any]) -> ReadPage:
    """Return the page of such values. Raises KeyError, TypeError or ValueError."""
    quality = record["quality"]
    return ReadPage(
        page=int(record["page"]),
        width=float(record["width"]),
        height=float(record["height"]),
        words=words_of(record["words"]),
        source=_SOURCES[record["source"]],  # type: ignore[arg-type]
        turned=int(record["turned"]) % 4,
        seals=tuple(SealMark(*_box(each)) for each in record["seals"][:_MAX_MARKS]),
        codes=tuple(
            CodeMark(str(each["text"]), *_box(each)) for each in record["codes"][:_MAX_MARKS]
        ),
        quality=PageQuality(
            blank=bool(quality["blank"]),
            dark=bool(quality["dark"]),
            faint=bool(quality["faint"]),
            blurred=bool(quality["blurred"]),
            skew=float(quality["skew"]),
        ),
    )


def words_of(records: list[Mapping[str, Any]]) -> tuple[Word, ...]:
    """Return words from their values. Raises KeyError, TypeError or ValueError."""
    return tuple(Word(str(each["text"]), *_box(each)) for each in records[:_MAX_MARKS])


def _box(record: Mapping[str, Any]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(record[name]) for name in _BOX)
    return left, top, right, bottom
