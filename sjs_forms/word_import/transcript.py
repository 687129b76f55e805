"""Combines all forms: their answers, and everything that must be checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, Whole
from sjs_forms.base.findings.remedies import EditAnswers, MendAnswer, RunJob
from sjs_forms.domain.fields.entries import EntryReading
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Programme
from sjs_forms.word_import.form_pattern import Pattern, Where, Wording
from sjs_forms.word_import.form_recognition import FormRead, read_forms
from sjs_forms.word_import.printed_totals import WrongTotal, wrong_totals
from sjs_forms.word_import.slot_answers import day_blanks, tables_asked, understood_at
from sjs_forms.word_import.table_answers import rows_read
from sjs_forms.word_import.table_rows import TableRead
from sjs_forms.word_import.text_between import Reading
from sjs_forms.word_import.word_blocks import DocumentText, Spot

_SHOWN = 160
"""Characters of a text that a message quotes."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Text of a document that is in no answer. `label` names the answer it may belong to.

    It spans `count` blocks from `spot` on.
    """

    file: str
    spot: Spot
    label: str
    text: str
    count: int = 1

    def as_dict(self) -> dict[str, str]:
        """Return the text as JSON, in full."""
        return {"file": self.file, "at": str(self.spot), "label": self.label, "text": self.text}


@dataclass(frozen=True, slots=True)
class WordFile:
    """A Word file as read: its name, its content, and the forms found in it."""

    file: str
    written: DocumentText
    forms: tuple[FormRead, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The answers of the forms.

    `values` are answers as in application.json, None for a blank, by place; only places whose label
    was found. `failed` holds the text of places that could not be parsed.
    """

    values: Mapping[Where, Any]
    failed: Mapping[Where, str]
    unplaced: tuple[Unplaced, ...]
    findings: tuple[Finding, ...]

    @property
    def is_blank(self) -> bool:
        """Whether the forms are as printed, with nothing written into them."""
        said = (self.failed, self.unplaced, self.findings)
        return not any(said) and all(value in (None, []) for value in self.values.values())


def read_document(
    patterns: Sequence[Pattern], file: str, written: DocumentText, earlier: Sequence[WordFile]
) -> WordFile:
    """Return the forms in a document. Answers of earlier forms resolve ambiguous wording."""
    hints = _hints([form for document in earlier for form in document.forms])
    forms = read_forms(patterns, written, hints)
    if len(forms) > 1:  # one file with both forms: the first gives hints for the second
        forms = read_forms(patterns, written, {**hints, **_hints(forms[:1])})
    return WordFile(file, written, forms)


def _hints(forms: Sequence[FormRead]) -> dict[str, str]:
    known = {
        form.pattern.slots[path].place: "".join(reading.lines)
        for form in forms
        for path, reading in form.readings.items()
        if form.pattern.kind_of(path) == "line"
    }
    every = {path: field for form in forms for path, field in form.pattern.slots.items()}
    return {path: known[field.place] for path, field in every.items() if field.place in known}


def transcribe(programme: Programme, documents: Sequence[WordFile]) -> Transcript:
    """Return the answers in these documents. The first that gives an answer takes precedence."""
    made = _TranscriptBuilder(programme.fields, day_blanks(programme.fields))
    for document in documents:
        for form in document.forms:
            made.add(document.file, form)
        made.add_aside(document)
    for document in documents:
        for form in document.forms:
            for wrong in wrong_totals(programme, form, made.values, tuple(made.failed)):
                made.findings.append(_wrong_total(document.file, wrong))
    return Transcript(made.values, made.failed, tuple(made.unplaced), tuple(made.findings))


@dataclass(slots=True)
class _TranscriptBuilder:
    """A transcript under construction."""

    fields: NoticeFields
    blanks: frozenset[str]
    values: dict[Where, Any] = field(default_factory=dict)
    failed: dict[Where, str] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    said_by: dict[Where, str] = field(default_factory=dict)

    def add(self, file: str, form: FormRead) -> None:
        """Add one form."""
        for place, readings, understood in _understood(self.fields, form, self.blanks):
            self._answer(file, place, readings, understood)
        for table in form.tables:
            self._table(file, table)
        for left in form.leftovers:
            self._unplaced(Unplaced(file, left.spot, left.after, left.text, left.count), ())
        self.findings += _missing(self.fields, file, form)
        for wrong in form.displaced:
            self.findings.append(
                _look(
                    file,
                    wrong.spot,
                    wrong.text,
                    f"“{wrong.text}”不在单独的一格或一行里，它前后的内容请核对",
                )
            )
        if form.boxless:
            choices = "、".join(form.pattern.choices[path] for path in form.boxless)
            spot = form.readings[form.boxless[0]].spot
            self.findings.append(
                _look(file, spot, "勾选", f"“{choices}”前后都没有方框，看不出有没有勾选")
            )

    def _answer(
        self, file: str, place: Where, readings: Mapping[str, Reading], understood: EntryReading
    ) -> None:
        label = self.fields.label_of(place)
        spot = next((r.spot for r in readings.values() if r.lines), _first_spot(readings))
        text = "\n".join(line for reading in readings.values() for line in reading.lines)
        known = place in self.values or place in self.failed
        if understood.refused:
            self._unplaced(Unplaced(file, spot, label, text), place)
            if not known:
                self.failed[place] = text
            return
        if understood.note or any(reading.unsure for reading in readings.values()):
            doubt = (
                understood.note.message.removesuffix("。")
                if understood.note
                else "不在表上原来的位置，可能不是这一项的内容"
            )
            self.findings.append(_look(file, spot, label, f"“{_short(text)}”{doubt}", place))
        if not known or self.values.get(place) in (None, []):
            self.values[place] = understood.value
            self.said_by[place] = file
            self.failed.pop(place, None)
        elif understood.value not in (None, [], self.values[place]):
            self._disagree(file, place, label, text)

    def _table(self, file: str, table: TableRead) -> None:
        """Add a table, which is one answer; cells that cannot be parsed are blank."""
        asked = tables_asked(self.fields)[table.path]
        label = self.fields.label_of(asked.place)
        read = rows_read(self.fields, asked, table, self.blanks)
        known = self.values.get(asked.place)
        for cell in read.cells:
            if cell.understood.refused:
                self._unplaced(Unplaced(file, cell.spot, cell.label, cell.text), cell.place)
                if not known:
                    self.failed[cell.place] = cell.text
            elif cell.doubt:
                about = f"“{_short(cell.text)}”{cell.doubt}"
                self.findings.append(_look(file, cell.spot, cell.label, about, cell.place))
        for left in (*table.leftovers, *read.beyond):
            self._unplaced(Unplaced(file, left.spot, label, left.text, left.count), ())
        if not known:
            self.values[asked.place] = read.rows
            self.said_by[asked.place] = file
        elif read.rows not in ([], known):
            self._disagree(file, asked.place, label, f"{len(read.rows)} 行")

    def _disagree(self, file: str, place: Where, label: str, text: str) -> None:
        self.unplaced.append(Unplaced(file, Spot(), label, text))
        self.findings.append(
            warning(
                "word-forms-disagree",
                AnswerPlace(place),
                label,
                f"“{file}”中的“{label}”（{_short(text)}）与“{self.said_by[place]}”不一致，"
                f"以“{self.said_by[place]}”为准。",
                "请核对两张表，改成一致。",
            )
        )

    def _unplaced(self, unplaced: Unplaced, place: Where) -> None:
        self.unplaced.append(unplaced)
        several = f"起 {unplaced.count} 处" if unplaced.count > 1 else ""
        about = f"“{unplaced.label}”" if unplaced.label else ""
        said = (
            f"中的“{_short(unplaced.text)}”看不出是怎样的答案"
            if place
            else f"之后的“{_short(unplaced.text)}”不是表上的栏目"
            if about
            else f"的“{_short(unplaced.text)}”不是表上的栏目"
        )
        self.findings.append(
            warning(
                "word-unplaced",
                _at(place),
                unplaced.label or "表外文字",
                f"“{unplaced.file}”{unplaced.spot}{several}{about}{said}，没有读入。",
                MendAnswer("请写进{}。", (place,), link="的")
                if place
                else EditAnswers("确实是某一项的内容的，请在{}中写上；不是的可以不管。"),
            )
        )

    def add_aside(self, document: WordFile) -> None:
        """Add the content of a document outside the form's text."""
        file, written = document.file, document.written
        for aside in written.aside:
            what, at = aside.what, aside.spot if aside.spot != Spot() else ""
            self.unplaced.append(Unplaced(file, aside.spot, what, aside.text))
            self.findings.append(
                warning(
                    "word-unplaced",
                    WHOLE,
                    what,
                    f"“{file}”{at}的{what}“{_short(aside.text)}”没有读入。",
                    "其中有该填的内容时，请写进表格的栏目后再试。",
                )
            )
        if written.pictures:
            self.findings.append(
                _look(
                    file, None, "图片", f"有 {written.pictures} 处图片或嵌入对象，其中的字没有读入"
                )
            )
        if written.tracked:
            self.findings.append(_look(file, None, "修订", "含有修订痕迹，已按接受全部修订读入"))


def _first_spot(readings: Mapping[str, Reading]) -> Spot:
    return next(iter(readings.values())).spot


def _understood(
    fields: NoticeFields, form: FormRead, blanks: frozenset[str]
) -> Iterator[tuple[Where, dict[str, Reading], EntryReading]]:
    """Yield each answer of a form with the readings it comes from, in the form's order."""
    by_place: dict[Where, dict[str, Reading]] = {}
    expected: dict[Where, set[str]] = {}
    for wording in form.pattern.wordings:
        for slot in wording.slots:
            if form.pattern.kind_of(slot.path) == "derived":
                continue
            place = form.pattern.slots[slot.path].place
            expected.setdefault(place, set()).add(slot.path)
            if slot.path in form.readings:
                by_place.setdefault(place, {})[slot.path] = form.readings[slot.path]
    for place, readings in by_place.items():
        understood = understood_at(fields, place, readings, blanks)
        blank = understood.value in (None, []) and not understood.refused
        if blank and len(readings) < len(expected[place]):
            continue  # only part of it was found, so it may not be blank
        yield place, readings, understood


def _missing(fields: NoticeFields, file: str, form: FormRead) -> Iterator[Finding]:
    """Yield the form's own wording that was not found."""
    unread = [wording for wording in form.missing if wording.slots]
    labels = dict.fromkeys(
        fields.label_of(form.pattern.slots[slot.path].place)
        for wording in unread
        for slot in wording.slots
        if slot.path not in form.readings and form.pattern.kind_of(slot.path) != "derived"
    )
    tables, found = tables_asked(fields), {table.path for table in form.tables}
    lost = [table.path for table in form.pattern.tables if table.path not in found]
    labels |= dict.fromkeys(fields.label_of(tables[path].place) for path in lost)
    if labels:
        yield warning(
            "word-label-missing",
            WHOLE,
            "Word 表格",
            f"“{file}”中找不到{_quoted(unread)}，以下各项没有读入：{'、'.join(labels)}。",
            EditAnswers("表上的栏目名称被改动或删去时会这样，请对照原表改回，或直接在{}中写上。"),
        )
    wordings = [wording for wording in form.missing if wording not in unread or not labels]
    if wordings:
        yield warning(
            "word-wording-changed",
            WHOLE,
            "Word 表格",
            f"“{file}”中缺少表上规定的文字，或有改动：{_quoted(wordings)}。",
            RunJob("规定的文字不可删改；请以{}生成的表格为准。", ("fill",)),
        )


def _wrong_total(file: str, wrong: WrongTotal) -> Finding:
    what = f"写的是“{_short(wrong.written)}”，按表上各项算出的是“{wrong.computed}”"
    return _look(file, wrong.spot, wrong.label, what)


def _quoted(wordings: Sequence[Wording]) -> str:
    return "、".join(f"“{_short(wording.text, 24)}”" for wording in wordings)


def _look(file: str, spot: Spot | None, label: str, what: str, place: Where = ()) -> Finding:
    at = f"{spot}“{label}”：" if spot else ""
    return warning(
        "word-unsure", _at(place), label, f"“{file}”{at}{what}。", "请对照 Word 表格核对。"
    )


def _at(place: Where) -> AnswerPlace | Whole:
    """Return the place of an answer, or Whole if no answer is meant."""
    return AnswerPlace(place) if place else WHOLE


def _short(text: str, most: int = _SHOWN) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…（共 {len(plain)} 字）"
