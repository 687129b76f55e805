"""Reads many applications from one source: a folder, a JSON array, JSON Lines or a roster."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.files.safe_names import joined_name
from sjs_forms.base.findings.command_wording import remedy_text
from sjs_forms.base.findings.finding import Finding, blocking, error
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace
from sjs_forms.base.findings.remedies import Advice, MendAnswersFile
from sjs_forms.base.progress import never_cancelled, until_cancelled
from sjs_forms.base.system_errors import reason
from sjs_forms.batch.sources.word_form_wording import in_word_forms
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.folder.application_folder import (
    APPLICATION_FILE,
    ApplicationFolder,
    read_folder,
    read_row,
)
from sjs_forms.domain.folder.clutter import Nature, judge_folder
from sjs_forms.domain.folder.files_outside_attachments import word_papers_beside
from sjs_forms.domain.folder.numbered_names import natural_key
from sjs_forms.domain.folder.other_kinds import TABLES, of_another_kind
from sjs_forms.domain.json_text.application_json import MAX_BYTES, notice_of
from sjs_forms.domain.places import Place

if TYPE_CHECKING:
    from sjs_forms.batch.roster.table_reading import TableLine

MAX_ROWS = 10_000
_MAX_BYTES = 200_000_000
"""Limit in bytes on a JSON array, which is read whole."""

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One of many applications: its place in the source, from 1, and what was read.

    `name` is the applicant's, or else `known_by`: the name of his folder, or a name for messages
    such as 第3行, of which `is_named` is False. `line` is the Excel row in a roster,
    None in other sources, and `lines` are those of the rows of its tables. `given` is the number
    that the office gave it, `filed` the number it has in this batch (see `filing_numbers`).
    `doubts` are warnings about the source; no output depends on them, so that they are no part of
    the application.
    """

    number: int
    name: str
    application: ApplicationFolder
    line: int | None = None
    lines: Mapping[tuple[str | int, ...], "TableLine"] = field(default_factory=dict)
    given: str = ""
    filed: str = ""
    doubts: tuple[Finding, ...] = ()
    known_by: str = ""
    is_named: bool = True

    @property
    def folder_name(self) -> str:
        """The name of the folder that a batch builds it into: 012_某单位."""
        return joined_name(self.filed or padded(self.number), self.name)

    @property
    def own_folder(self) -> str:
        """The name of the folder that holds this application alone; "" if it has none."""
        return self.known_by if self.application.folder.name == self.known_by else ""

    def at_its_source(self, found: Finding) -> Finding:
        """Return a finding with the place at which the user can correct this application."""
        if self.line is not None:
            from sjs_forms.batch.roster import in_the_roster

            programme = self.application.programme or notice_of({})
            return in_the_roster(programme.fields, found, self.line, self.lines)
        if self.application.word_forms:
            return in_word_forms(self.application, found)
        called = self.application.called
        if called == APPLICATION_FILE:
            return found
        return replace(found, action=Advice(remedy_text(found.action, called)))


def read_rows(
    source: Path,
    out: Path,
    is_cancelled: Callable[[], bool] = never_cancelled,
    programme_id: str | None = None,
) -> tuple[SourceRow, ...]:
    """Return all applications of a source in its order, their errors as findings.

    A folder that is `out` or contains it is not read as an application. Applications that name no
    notice are read as those to `programme_id`. Raises Cancelled, and UsageFault if the source as a
    whole cannot be read or is empty.
    """
    try:
        rows = tuple(
            until_cancelled(_rows_of(source, out, programme_id, is_cancelled), is_cancelled)
        )
    except OSError as problem:
        raise UsageFault(
            f"无法读取 {source}：{reason(problem)}",
            "请检查路径是否正确、是否有权限打开。",
        ) from problem
    if not rows:
        raise UsageFault(
            f"“{source}”里一份申报也没有。",
            "请给出装有各申报文件夹（或填好的 Word 表格，一家一个文件夹）的文件夹，"
            "或一行一家单位的 Excel 表（或 CSV）、JSON 数组、JSON Lines 文件。",
        )
    return rows


def _rows_of(
    source: Path, out: Path, programme_id: str | None, is_cancelled: Callable[[], bool]
) -> Iterator[SourceRow]:
    if source.is_dir():
        return _from_folders(source, out, programme_id)
    if is_special(source):
        raise UsageFault(
            f"“{source}”不是普通文件（是管道或设备），无法读取。",
            "请先把内容存成文件，再给出这个文件。",
        )
    if source.suffix.lower() in TABLES:
        return _from_roster(source, programme_id, is_cancelled)
    if (fault := of_another_kind(source)) is not None:
        raise fault
    if source.suffix.lower() in (".jsonl", ".ndjson") or not _is_array(source):
        return _from_lines(source, programme_id)
    return _from_array(source, programme_id)


def _from_folders(source: Path, out: Path, programme_id: str | None) -> Iterator[SourceRow]:
    if (source / APPLICATION_FILE).is_file():
        raise UsageFault(
            f"“{source}”是一份申报，不是装有许多申报的文件夹。",
            f"单独一份请用：sjs-forms build {source} -o 成册；批量请给出它的上一级文件夹。",
        )
    if source.resolve() == out.resolve():
        raise UsageFault("输出文件夹不能就是申报材料所在的文件夹。", "请用 -o 换一个文件夹。")
    folders = [
        path
        for path in source.iterdir()
        if path.is_dir() and not _is_litter(path) and not _holds_output(path, out)
    ]
    if not any(_may_hold_one(path) for path in folders):
        return
    _refuse_too_many(source, len(folders))
    for number, path in enumerate(sorted(folders, key=lambda path: natural_key(path.name)), 1):
        made = _row(number, path.name, _read_or_missing(path, programme_id))
        yield replace(made, is_named=True)


def _is_litter(folder: Path) -> bool:
    """Return whether a folder is hidden, or one that systems leave behind, such as __MACOSX."""
    return folder.name.startswith(".") or judge_folder(folder.name, ()).nature is Nature.LITTER


def _holds_output(folder: Path, out: Path) -> bool:
    """Return whether `out` is a folder or below it, so that it is none of an applicant.

    Raises UsageFault if an application is in the folder too: it would be left out.
    """
    real = folder.resolve()
    if not out.resolve().is_relative_to(real):
        return False
    if real != out.resolve() and _may_hold_one(folder):
        raise UsageFault(
            f"输出文件夹在申报材料的文件夹“{folder.name}”里面。",
            "请用 -o 换一个不在各家申报材料之内的文件夹。",
        )
    return True


def _may_hold_one(folder: Path) -> bool:
    """Return whether a folder contains an application, or may do so."""
    try:
        is_one = os.path.lexists(folder / APPLICATION_FILE) or not os.access(folder, os.X_OK)
        return is_one or bool(word_papers_beside(folder))
    except OSError:
        return True


def _read_or_missing(path: Path, programme_id: str | None) -> ApplicationFolder:
    try:
        if not os.path.lexists(path / APPLICATION_FILE):
            from sjs_forms.jobs.word_forms.word_folder import read_word_folder

            from_word = read_word_folder(path, programme_id)
            if from_word is not None:
                return from_word
        return read_folder(path, programme_id)
    except UsageFault as problem:
        finding = error(
            "application-missing",
            WHOLE,
            APPLICATION_FILE,
            problem.template,
            _PUT_OR_MOVE,
            *problem.files,
        )
        return _nothing(path, finding)


_PUT_OR_MOVE = MendAnswersFile("请补上{}；不是申报文件夹的，请移到别处。")


def _from_roster(
    source: Path, programme_id: str | None, is_cancelled: Callable[[], bool]
) -> Iterator[SourceRow]:
    from sjs_forms.batch.roster import read_roster

    for number, row in enumerate(read_roster(source, programme_id, is_cancelled), 1):
        if not row.document:
            nobody_s = ApplicationFolder(source.parent, None, None, (), row.findings)
            yield replace(_row(number, row.name, nobody_s), is_named=False)
            continue
        data = json.dumps(row.document, ensure_ascii=False).encode("utf-8")
        read = read_row(data, source.parent, f"名册第 {row.number} 行", programme_id)
        read = replace(
            read,
            findings=(*blocking(row.findings), *read.findings),
            unread=read.unread.also(_not_understood(row.findings, read)),
        )
        made = _row(number, row.name or f"第{row.number}行", read)
        doubts = tuple(found for found in row.findings if found.severity == "warning")
        yield replace(
            made,
            line=row.number,
            is_named=bool(row.name),
            lines=row.lines,
            given=row.given,
            doubts=doubts,
        )


def _not_understood(findings: Sequence[Finding], read: ApplicationFolder) -> Iterator[Place]:
    """Yield the answers left blank because their cells could not be understood."""
    for found in blocking(findings):
        if isinstance(found.place, AnswerPlace):
            yield found.place.steps
        elif found.place == WHOLE and not read.offered:  # the cell that names its folder
            yield ("attachments",)


def _is_array(source: Path) -> bool:
    with source.open("rb") as stream:
        return stream.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _from_lines(source: Path, programme_id: str | None) -> Iterator[SourceRow]:
    number = 0
    with source.open("rb") as stream:
        for place, line in enumerate(iter(lambda: stream.readline(MAX_BYTES + 1), b""), 1):
            data = line.removeprefix(b"\xef\xbb\xbf") if place == 1 else line
            if place == 1 and data.strip() == b"{":
                raise UsageFault(
                    f"“{source}”不是 JSON Lines：一份申报写成了许多行。",
                    "JSON Lines 每行一份完整的 { … }；许多份写成多行时，请用 [ ] 括成一个数组；"
                    "单独一份申报请用 sjs-forms build。",
                )
            if not data.strip():
                continue
            number += 1
            _refuse_too_many(source, number)
            called = f"“{source.name}”第 {place} 行"
            yield _row(number, f"第{place}行", read_row(data, source.parent, called, programme_id))


def _from_array(source: Path, programme_id: str | None) -> Iterator[SourceRow]:
    if source.stat().st_size > _MAX_BYTES:
        raise UsageFault(
            f"“{source}”超过 {_MAX_BYTES // 1_000_000} MB，不像是申报数据。",
            "请检查文件，或分成几个再试。",
        )
    try:
        text = source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UsageFault(f"“{source}”不是 UTF-8 编码。", "请另存为 UTF-8 编码后再试。") from problem
    for number, part in enumerate(_elements(source, text), 1):
        _refuse_too_many(source, number)
        called = f"“{source.name}”第 {number} 份"
        yield _row(
            number,
            f"第{number}份",
            read_row(part.encode("utf-8"), source.parent, called, programme_id),
        )


def _elements(source: Path, text: str) -> Iterator[str]:
    """Yield the text of each element of a JSON array unchanged.

    Raises UsageFault for an array that breaks off, or that is not the whole text.
    """
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("[") + 1)
    if text.startswith("]", at):
        _refuse_more(source, text, at + 1)
        return
    number = 1
    while True:
        try:
            end = decoder.raw_decode(text, at)[1]
            following = _skip(text, end)
            if not text.startswith((",", "]"), following):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, following)
        except (json.JSONDecodeError, RecursionError, ValueError) as problem:
            place = getattr(problem, "pos", at)
            raise UsageFault(
                f"“{source}”的第 {number} 份申报写法有误"
                f"（第 {text.count(chr(10), 0, place) + 1} 行附近），其后的无法读取。",
                "请检查这一处及其上一行：引号、逗号、括号须用英文半角，成对出现。",
            ) from problem
        yield text[at:end]
        if text.startswith("]", following):
            _refuse_more(source, text, following + 1)
            return
        at = _skip(text, following + 1)
        number += 1


def _refuse_more(source: Path, text: str, end: int) -> None:
    """Raise UsageFault if anything follows an array, such as a second one."""
    more = text[end:].lstrip()
    if more:
        line = text.count("\n", 0, len(text) - len(more)) + 1
        raise UsageFault(
            f"“{source}”第 {line} 行，在结束的 ] 之后还有内容，不知道算不算数。",
            "请把所有申报放进同一个 [ ] 里，用英文逗号隔开；多余的内容请删去。",
        )


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _row(number: int, known_by: str, read: ApplicationFolder) -> SourceRow:
    name = None
    if read.programme and read.application:
        name = role_of(read.programme.fields, read.application, "applicant")
    return SourceRow(number, name or known_by, read, known_by=known_by, is_named=bool(name))


def _nothing(folder: Path, finding: Finding) -> ApplicationFolder:
    return ApplicationFolder(folder, None, None, (), (finding,))


def padded(number: int | str) -> str:
    """Return a number with at least three digits, so that folders sort in order."""
    return str(number).zfill(_DIGITS)


def _refuse_too_many(source: Path, count: int) -> None:
    if count > MAX_ROWS:
        raise UsageFault(
            f"“{source}”里的申报超过 {MAX_ROWS:,} 份的上限。", "请分成几批，分别生成。"
        )
