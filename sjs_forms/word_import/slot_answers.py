"""Parses the text in the forms' slots into answers: the inverse of `form_context`.

What `form_context` prints is restored exactly. Other ways to write dates, areas and ticks are
accepted if they are unambiguous.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sjs_forms.domain.application import CATEGORY_KINDS, LEVELS, QUALIFICATIONS
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.entries import NOTHING, Doubt, Entry, Understood
from sjs_forms.domain.fields.kind import Kind as FieldKind
from sjs_forms.domain.fields.line import LINE_LIMIT, printed_line, printed_paragraphs
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.labels import CHOICE_WORDS
from sjs_forms.domain.no_answer_words import no_answer
from sjs_forms.typesetting.form_context import FOUNDERS_ON_FORM
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


def understand(kind: FieldKind, reading: Reading, blanks: frozenset[str]) -> Understood:
    """The answer in a slot that makes one by itself; `blanks` are printed blanks, squeezed."""
    if isinstance(kind, TextKind):
        parts = (part for each in reading.lines for part in printed_paragraphs(each) if part)
        return _within(kind, "\n".join(parts))
    text = _joined(reading.lines)
    if isinstance(kind, DayKind):
        return as_day(text, blanks)
    return _within(kind, squeezed(text)) if isinstance(kind, NumberKind) else _line(kind, text)


def _within(kind: FieldKind, text: str) -> Understood:
    """What a kind reads, refused where it is out of bounds."""
    understood = kind.read(Entry(text))
    doubt = kind.bounds(understood.value)
    return Understood(refused=doubt) if doubt else understood


def _line(kind: FieldKind, text: str) -> Understood:
    plain = printed_line(text)
    match no_answer(plain):
        case "nothing":
            return _noted("不像是答案，按没有填写处理")
        case "elsewhere":
            return _noted("指的是别处的内容，没有采用，请写出完整的内容")
    understood = _within(kind, plain)
    if plain.startswith("__") or plain.endswith("__"):
        return replace(understood, note=_doubt("带着下划线，请删去"))
    return understood


def _noted(what: str) -> Understood:
    return Understood(note=_doubt(what))


def _doubt(what: str) -> Doubt:
    return Doubt("word-unsure", f"{what}。", "请对照 Word 表格核对。")


_REFUSED = Understood(refused=_doubt("看不出是怎样的答案"))


def as_day(text: str, blanks: frozenset[str]) -> Understood:
    """A date, or nothing where no more than the printed blank is there."""
    plain = squeezed(text).replace("_", "")
    return NOTHING if plain in blanks else DayKind().read(Entry(plain))


def _joined(lines: tuple[str, ...]) -> str:
    """Join the lines of one answer, without a space between Chinese characters."""
    text = ""
    for part in lines:
        apart = text and not (_is_wide(text[-1]) or _is_wide(part[:1] or " "))
        text += (" " if apart else "") + part
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def as_category(readings: Mapping[str, Reading], blanks: frozenset[str]) -> Understood:
    """Parse 平台类别 from its two boxes and their dates."""
    chosen = [k for k in CATEGORY_KINDS if _ticked(readings, f"category.{k}.tick")]
    days = {
        kind: as_day(_joined(reading.lines), blanks)
        for kind in CATEGORY_KINDS
        if (reading := readings.get(f"category.{kind}.date"))
    }
    written = [kind for kind, day in days.items() if day.value or day.refused]
    if len(chosen) > 1 or any(day.refused for day in days.values()):
        return _REFUSED
    if set(written) - set(chosen):
        return _REFUSED
    if not chosen:
        return NOTHING
    day = days.get(chosen[0], NOTHING)
    return Understood({"kind": chosen[0], "date": day.value}, note=day.note)


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
    text = printed_line(_joined(reading.lines)) if reading else ""
    box = readings.get("qualifications.other")
    ticked = _ticked(readings, "qualifications.other")
    if not text or (re.fullmatch("[_＿]+", text) and not ticked):
        doubt = "勾选了，但没有写明是什么" if ticked else ""
        return _noted(doubt) if doubt else NOTHING
    splits = _splits(text) if len(text) <= _MOST_OTHER else []
    if not splits:
        return _REFUSED
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
    value = {"name": name, "level": level, "authority": authority}
    return Understood(value, note=_doubt(doubt) if doubt else None)


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
    return all(not part or printed_line(part) == part for part in (name, authority))


def _likelihood(split: Split) -> tuple[bool, bool, bool, int]:
    name, level, authority = split
    balanced = (authority or "").count("（") == (authority or "").count("）")
    return level is not None and bool(authority), level is not None, balanced, -len(name or "")
