"""Parses the text in the forms' slots into answers: the inverse of `form_context`.

What `form_context` prints is restored exactly. Other ways to write dates, areas and ticks are
accepted if they are unambiguous.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sjs_forms.domain.application import (
    CATEGORY_KINDS,
    LEVELS,
    LINE_LIMIT,
    QUALIFICATIONS,
    TEXT_LIMIT,
)
from sjs_forms.domain.labels import CHOICE_WORDS
from sjs_forms.domain.no_answer_words import no_answer
from sjs_forms.typesetting.form_context import FOUNDERS_ON_FORM, line, paragraphs
from sjs_forms.word_import.form_pattern import squeezed
from sjs_forms.word_import.text_between import Kind, Reading
from sjs_forms.word_import.tick_boxes import is_ticked

Where = tuple[str | int, ...]
"""Keys and indices from the root of application.json."""

CATEGORY: Where = ("platform", "category")
QUALIFIED: Where = ("platform", "qualifications")
OTHER: Where = ("platform", "other_qualification")


@dataclass(frozen=True, slots=True)
class AnswerField:
    """An answer's kind, and its place in application.json."""

    kind: Kind
    place: Where


def _slots() -> dict[str, AnswerField]:
    """Return the slots in the order of the form."""
    slots = {
        "applicant.name": AnswerField("line", ("applicant", "name")),
        "pledger.name": AnswerField("line", ("applicant", "name")),
        "applicant.uscc": AnswerField("line", ("applicant", "uscc")),
        "pledger.uscc": AnswerField("line", ("applicant", "uscc")),
    }
    slots |= {f"term.{end}": AnswerField("day", ("term", end)) for end in ("start", "end")}
    slots |= _lines("contact", "name", "phone", "email")
    slots["platform.name"] = AnswerField("line", ("platform", "name"))
    slots["platform.accredited_on"] = AnswerField("day", ("platform", "accredited_on"))
    slots |= _lines("platform", "address", "accredited_by")
    slots["platform.construction"] = AnswerField("paragraphs", ("platform", "construction"))
    for number in range(FOUNDERS_ON_FORM):
        for name in ("name", "uscc", "address"):
            slots[f"founders[{number}].{name}"] = AnswerField("line", ("founders", number, name))
    for kind in CATEGORY_KINDS:
        slots[f"category.{kind}.tick"] = AnswerField("tick", CATEGORY)
        slots[f"category.{kind}.date"] = AnswerField("day", CATEGORY)
    slots["platform.total_area"] = AnswerField("area", ("platform", "total_area_sqm"))
    slots["platform.rd_office_area"] = AnswerField("area", ("platform", "rd_office_area_sqm"))
    slots |= _lines("legal_representative", "name", "mobile", "landline")
    slots |= _lines("liaison", "name", "mobile", "landline")
    for kind in QUALIFICATIONS:
        slots[f"qualifications.{kind}"] = AnswerField("tick", QUALIFIED)
    return slots | {
        "qualifications.other": AnswerField("tick", OTHER),
        "other_qualification": AnswerField("other", OTHER),
        "remarks": AnswerField("paragraphs", ("remarks",)),
        "opinion": AnswerField("paragraphs", ("opinion",)),
        "signed.application": AnswerField("day", ("signed_on",)),
        "signed.commitment": AnswerField("day", ("signed_on",)),
    }


def _lines(holder: str, *names: str) -> dict[str, AnswerField]:
    return {f"{holder}.{name}": AnswerField("line", (holder, name)) for name in names}


SLOTS = _slots()
"""Every path of the context that a form may print."""


def kind_of(path: str) -> Kind:
    """Return the kind of answer at a path of the context. Raises KeyError if unknown."""
    return SLOTS[path].kind


@dataclass(frozen=True, slots=True)
class Understood:
    """An answer as in application.json, None for a blank.

    `failed` means that the text is not such an answer. `doubt` says in Chinese what to check
    although there is an answer.
    """

    value: Any = None
    failed: bool = False
    doubt: str = ""


def understand(kind: Kind, reading: Reading, blanks: frozenset[str]) -> Understood:
    """Return the answer in a slot that holds a whole one. `blanks` are printed blanks,
    normalised.
    """
    match kind:
        case "paragraphs":
            text = "\n".join(part for each in reading.lines for part in paragraphs(each) if part)
            return _within(text, TEXT_LIMIT)
        case "day":
            return as_day(_joined(reading.lines), blanks)
        case "area":
            return as_area(_joined(reading.lines))
        case _:
            return _line(line(_joined(reading.lines)))


def _line(text: str) -> Understood:
    understood = _within(text, LINE_LIMIT)
    match no_answer(text):
        case "nothing":
            return Understood(doubt="不像是答案，按没有填写处理")
        case "elsewhere":
            return Understood(doubt="指的是别处的内容，没有采用，请写出完整的内容")
    if text.startswith("__") or text.endswith("__"):
        return Understood(understood.value, understood.failed, "带着下划线，请删去")
    return understood


def _within(text: str, limit: int) -> Understood:
    return Understood(failed=True) if len(text) > limit else Understood(text or None)


def _joined(lines: tuple[str, ...]) -> str:
    """Join the lines of one answer, without a space between Chinese characters."""
    text = ""
    for part in lines:
        needs_space = text and not (_is_wide(text[-1]) or _is_wide(part[:1] or " "))
        text += (" " if needs_space else "") + part
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


_DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "O": 0, "两": 2}
_SEPARATED = re.compile(r"(\d{2}|\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?")
_RUN = re.compile(r"(\d{4})(\d\d)(\d\d)")
_IN_CHINESE = re.compile(
    r"([〇○零O一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?"
)


def as_day(text: str, blanks: frozenset[str]) -> Understood:
    """Parse a date in any notation that gives year, month and day."""
    plain = squeezed(text).replace("_", "")
    if plain in blanks or not plain:
        return Understood()
    match = _SEPARATED.fullmatch(plain) or _RUN.fullmatch(plain)
    chinese = _IN_CHINESE.fullmatch(plain)
    if match:
        parts = [int(part) for part in match.groups()]
    elif chinese:
        year = int("".join(str(_DIGITS[c]) for c in chinese[1]))
        parts = [year, _counted(chinese[2]), _counted(chinese[3])]
    else:
        return Understood(failed=True)
    short = match is not None and len(match[1]) == 2
    try:
        found = date(parts[0] + (2000 if short else 0), parts[1], parts[2])
    except ValueError:
        return Understood(failed=True)
    doubt = f"年份只写了两位，读作 {found.year} 年" if short else ""
    return Understood(found.isoformat(), doubt=doubt)


def _counted(text: str) -> int:
    """Parse a Chinese number: 十一 as 11, 二十 as 20, 三 as 3."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[ones] if len(ones) == 1 else 0
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?:平方米|平米|m2|M2|平)"
_AREA = re.compile(rf"({_NUMBER})(万)?{_UNIT}?")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
_MOST_AREA = 10_000_000
_MOST_DIGITS = 400


def as_area(text: str) -> Understood:
    """Parse square metres, with or without the unit."""
    plain = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), squeezed(text))
    if not plain:
        return Understood()
    match = _AREA.fullmatch(plain)
    numbers = re.findall(_NUMBER, re.sub(_UNIT, "", plain))
    doubt = ""
    if match is None and len(numbers) == 1 and f"{numbers[0]}万" not in plain:
        match = re.fullmatch(f"({_NUMBER})(万)?", numbers[0])
        doubt = f"只取了其中的数字 {numbers[0]}"
    if match is None or len(match[1]) > _MOST_DIGITS:
        return Understood(failed=True)
    found = Decimal(match[1])
    if match[2]:
        found *= 10_000
    value = float(found)
    if not 0 < value <= _MOST_AREA:
        return Understood(failed=True)
    if match[2]:
        doubt = f"读作 {found:f} 平方米"
    return Understood(int(value) if value.is_integer() else value, doubt=doubt)


def as_category(readings: Mapping[str, Reading], blanks: frozenset[str]) -> Understood:
    """Parse 平台类别 from its two boxes and their dates."""
    chosen = [k for k in CATEGORY_KINDS if _ticked(readings, f"category.{k}.tick")]
    days = {
        kind: as_day(_joined(reading.lines), blanks)
        for kind in CATEGORY_KINDS
        if (reading := readings.get(f"category.{kind}.date"))
    }
    written = [kind for kind, day in days.items() if day.value or day.failed]
    if len(chosen) > 1 or any(day.failed for day in days.values()):
        return Understood(failed=True)
    if set(written) - set(chosen):
        return Understood(failed=True)
    if not chosen:
        return Understood()
    day = days.get(chosen[0], Understood())
    return Understood({"kind": chosen[0], "date": day.value}, doubt=day.doubt)


def as_qualifications(readings: Mapping[str, Reading]) -> Understood:
    """Parse 平台资质, except the last: the boxes that are ticked."""
    return Understood([k for k in QUALIFICATIONS if _ticked(readings, f"qualifications.{k}")])


def _ticked(readings: Mapping[str, Reading], path: str) -> bool:
    reading = readings.get(path)
    return reading is not None and is_ticked("".join(reading.lines))


_CERTIFIED = "认定"
_MOST_OTHER = 2 * LINE_LIMIT + 20


def as_other(readings: Mapping[str, Reading]) -> Understood:
    """Parse 其他类别: name, level and authority from one line such as 某中心（市级，某局认定）."""
    reading = readings.get("other_qualification")
    text = line(_joined(reading.lines)) if reading else ""
    box = readings.get("qualifications.other")
    ticked = _ticked(readings, "qualifications.other")
    if not text or (re.fullmatch("[_＿]+", text) and not ticked):
        doubt = "勾选了，但没有写明是什么" if ticked else ""
        return Understood(None, doubt=doubt)
    splits = _splits(text) if len(text) <= _MOST_OTHER else []
    if not splits:
        return Understood(failed=True)
    name, level, authority = max(splits, key=_likelihood)
    doubt = ""
    if box is not None and box.lines and not ticked:
        doubt = "写了内容，但没有勾选"
    elif not level or not authority:
        doubt = (
            "看不出级别（国家级/市级）或认定部门，全部读作名称"
            if name == text
            else ("没有写全名称、级别和认定部门")
        )
    return Understood({"name": name, "level": level, "authority": authority}, doubt=doubt)


Split = tuple[str | None, str | None, str | None]


def _splits(text: str) -> list[Split]:
    """Return every way to split the line that `form_context` would print back as it is."""
    made: list[Split] = []
    if len(text) <= LINE_LIMIT:
        made.append((text, None, None))
    levels = {CHOICE_WORDS[level]: level for level in LEVELS}
    if not text.endswith("）"):
        return made
    for opening in (match.start() for match in re.finditer("（", text)):
        name, described = text[:opening], text[opening + 1 : -1]
        for said, level in levels.items():
            if described == said:
                made.append((name or None, level, None))
            rest = described.removeprefix(f"{said}，")
            if rest not in (described, _CERTIFIED) and rest.endswith(_CERTIFIED):
                made.append((name or None, level, rest.removesuffix(_CERTIFIED)))
        if described.endswith(_CERTIFIED) and described != _CERTIFIED:
            made.append((name or None, None, described.removesuffix(_CERTIFIED)))
    return [split for split in made if _holds(split)]


def _holds(split: Split) -> bool:
    name, _, authority = split
    if len(name or "") > LINE_LIMIT or len(authority or "") > LINE_LIMIT:
        return False
    return all(not part or line(part) == part for part in (name, authority))


def _likelihood(split: Split) -> tuple[bool, bool, bool, int]:
    name, level, authority = split
    balanced = (authority or "").count("（") == (authority or "").count("）")
    return level is not None and bool(authority), level is not None, balanced, -len(name or "")
