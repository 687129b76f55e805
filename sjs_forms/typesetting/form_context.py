"""The context from which the Word and HTML versions of every form are filled.

All formatting of answers is here, so that both versions agree word for word. A missing answer
becomes the form's printed blank, to be filled in by pen.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from sjs_forms.domain.application import (
    CATEGORY_KINDS,
    QUALIFICATIONS,
    Application,
    Founder,
    OtherQualification,
)
from sjs_forms.domain.labels import CHOICE_WORDS
from sjs_forms.domain.programme import Blanks, Programme

FOUNDERS_ON_FORM = 3
"""Number of founders for which the form always prints rows."""

WHOLE_UP_TO = 12
"""Lines up to which a long answer stays on one page, in the space that the form gives it."""
_LINE = {"construction": 27, "remarks": 36, "opinion": 36}
"""Characters per line of the long answers."""

_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_EDGES = re.compile(r"^[\s\ufeff]+|[\s\ufeff]+$")
_BLANKS = re.compile(" {2,}")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PHONES = frozenset({"phone", "mobile", "landline"})
_MOBILE = re.compile(r"(1[ -]?\d(?:[ -]?\d){9})")
_LANDLINE = re.compile(r"[(]?(0(?:1\d|2\d|[3-9]\d\d))[)]? ?-? ?(\d(?:[ -]?\d){6,7})")
_REPLACEMENT = "\ufffd"


def form_context(programme: Programme, application: Application) -> dict[str, Any]:
    """Return everything that the forms print of `application`, as they print it.

    Values are strings, lists of strings (paragraphs, at least one) and mappings of these. There are
    always three founders.
    """
    blanks = programme.blanks
    platform = application.platform
    return {
        "applicant": {
            "name": line(application.applicant.name),
            "uscc": line(application.applicant.uscc),
        },
        "pledger": {
            "name": line(application.applicant.name) or blanks.pledger,
            "uscc": line(application.applicant.uscc) or blanks.pledger_code,
        },
        "term": {
            "start": day(application.term.start, blanks.term),
            "end": day(application.term.end, blanks.term),
        },
        "contact": _lines(application.contact),
        "platform": {
            "name": line(platform.name),
            "address": line(platform.address),
            "accredited_on": day(platform.accredited_on, ""),
            "accredited_by": line(platform.accredited_by),
            "construction": paragraphs(platform.construction),
            "total_area": area(platform.total_area_sqm),
            "rd_office_area": area(platform.rd_office_area_sqm),
        },
        "category": _category(blanks, application),
        "qualifications": _qualifications(blanks, application),
        "other_qualification": other_qualification(platform.other_qualification)
        or blanks.other_qualification,
        "founders": _founders(application.founders),
        "legal_representative": _lines(application.legal_representative),
        "liaison": _lines(application.liaison),
        "remarks": paragraphs(application.remarks),
        "opinion": paragraphs(application.opinion),
        "whole": {
            "construction": _stays_whole("construction", platform.construction),
            "remarks": _stays_whole("remarks", application.remarks),
            "opinion": _stays_whole("opinion", application.opinion),
        },
        "signed": {
            "application": day(application.signed_on, blanks.signed_application),
            "commitment": day(application.signed_on, blanks.signed_commitment),
        },
    }


def day(value: date | None, blank: str) -> str:
    """Format a date officially, as 2025年3月1日, or return the printed blank."""
    return f"{value.year:04d}年{value.month}月{value.day}日" if value else blank


def area(value: float | None) -> str:
    """Format square metres without trailing zeros: 2460.5, 3200."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def line(value: str | None) -> str:
    """Return text as one line: line ends become spaces, and several spaces become one.

    The page looks the same, but Word and PDF break lines differently at such characters.
    """
    return _BLANKS.sub(" ", _EDGES.sub("", _printable(_LINE_ENDS.sub(" ", value or ""))))


def phone(value: str | None) -> str:
    """Return a telephone number in one format, however its digits were grouped.

    A mobile number is eleven digits, a landline 010-68863654. Anything else, such as several
    numbers or an extension, is unchanged.
    """
    text = line(unicodedata.normalize("NFKC", value or ""))
    match = _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text)
    if match is None:
        return line(value)
    return "-".join(re.sub(r"\D", "", group) for group in match.groups())


def answer_line(key: str, value: str | None) -> str:
    """Return the printed line of the answer under a key of application.json."""
    return phone(value) if key in _PHONES else line(value)


def paragraphs(value: str | None) -> list[str]:
    """Return the paragraphs of a text without empty ones and their own indents; at least one."""
    written = [line(part) for part in _LINE_ENDS.split(value or "")]
    return [part for part in written if part] or [""]


def _stays_whole(name: str, value: str | None) -> bool:
    """Return whether a long answer is kept on one page, in Word and PDF alike."""
    widths = (sum(0.5 if one < "\x7f" else 1 for one in part) + 2 for part in paragraphs(value))
    return sum(ceil(width / _LINE[name]) for width in widths) <= WHOLE_UP_TO


def other_qualification(other: OtherQualification) -> str:
    """Return 其他类别 as one string, such as XX中心（市级，北京市科委认定）."""
    authority = line(other.authority)
    details = [
        CHOICE_WORDS.get(other.level or "", ""),
        f"{authority}认定" if authority else "",
    ]
    described = "，".join(detail for detail in details if detail)
    return line(other.name) + (f"（{described}）" if described else "")


def _printable(text: str) -> str:
    # XML allows neither most control characters nor lone surrogates. `checks` reports them with
    # their place; here they must only not break Word or make it differ from the PDF.
    return _NOT_IN_XML.sub(_REPLACEMENT, text.replace("\t", " "))


def _lines(answers: Any) -> dict[str, str]:
    return {name: answer_line(name, getattr(answers, name)) for name in type(answers).model_fields}


def _founders(founders: tuple[Founder, ...]) -> list[dict[str, str]]:
    absent = Founder(name=None, uscc=None, address=None)
    return [_lines(founder) for founder in (*founders, *[absent] * FOUNDERS_ON_FORM)][
        :FOUNDERS_ON_FORM
    ]


def _tick(blanks: Blanks, chosen: bool) -> str:
    return blanks.tick_on if chosen else blanks.tick_off


def _category(blanks: Blanks, application: Application) -> dict[str, dict[str, str]]:
    chosen = application.platform.category
    return {
        kind: {
            "tick": _tick(blanks, kind == chosen.kind),
            "date": day(chosen.date if kind == chosen.kind else None, blanks.category),
        }
        for kind in CATEGORY_KINDS
    }


def _qualifications(blanks: Blanks, application: Application) -> dict[str, str]:
    platform = application.platform
    ticks = {kind: _tick(blanks, kind in platform.qualifications) for kind in QUALIFICATIONS}
    other = other_qualification(platform.other_qualification)
    return {**ticks, "other": _tick(blanks, bool(other))}
