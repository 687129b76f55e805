"""Implements `import` and `diff`: reads filled Word forms into application.json, or compares."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import Fault, FormUnreadable, Refused, UsageFault
from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, blocking, error, warning
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import ChooseNotice, MendAnswer, PlainAction, several
from sjs_forms.base.output.output_folder import put_file
from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.base.system_errors import reason, unreadable_file
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE, read_folder
from sjs_forms.domain.folder.application_lock import writing
from sjs_forms.domain.installed_notices import (
    installed_programmes,
    load_programme,
    readable_programmes,
)
from sjs_forms.domain.json_text.application_json import MAX_BYTES, parse_application
from sjs_forms.domain.places import where, written_at
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.new_folder import holds_something, make_filled_folder
from sjs_forms.word_import.answer_differences import AnswerDifference, differences
from sjs_forms.word_import.form_pattern import Where
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.transcript import Transcript, Unplaced, WordFile, transcribe
from sjs_forms.word_import.word_blocks import DocumentText
from sjs_forms.word_import.word_files import documents_of, open_files, read_files

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import: the file, whether it was written, and all findings.

    `answers` counts those taken from Word. `backup` is the copy of an earlier file.
    """

    file: Path
    written: bool
    answers: int
    backup: Path | None
    findings: tuple[Finding, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What Word forms, or a roster's row, say compared with an application; nothing is written yet.

    `unlike` holds the answers that differ, including those that could not be parsed.
    """

    transcript: Transcript
    unlike: tuple[AnswerDifference, ...]

    @property
    def choices(self) -> tuple[AnswerDifference, ...]:
        """The answers that may be taken. A blank never removes one."""
        failed = self.transcript.failed
        return tuple(each for each in self.unlike if each.theirs and each.place not in failed)

    def chosen(self, paths: Collection[str]) -> dict[Where, Any]:
        """Return the values, as in application.json, of the choices at these paths."""
        taken = [each.place for each in self.choices if where(each.place) in paths]
        return {place: self.transcript.values[place] for place in taken}


def proposal_of(
    programme: Programme, application: Application, documents: Sequence[WordFile]
) -> Proposal:
    """Compare Word forms with an application. Raises Fault."""
    return compared(application, transcribe(programme, documents))


def compared(application: Application, transcript: Transcript) -> Proposal:
    """Compare a transcript with an application."""
    return Proposal(transcript, differences(application, transcript))


@dataclass(frozen=True, slots=True)
class _Existing:
    """An existing application.json."""

    data: bytes
    raw: dict[str, Any]
    application: Application


def import_forms(
    files: Sequence[Path],
    target: Path,
    programme_id: str | None = None,
    *,
    force: bool = False,
    progress: Progress = quiet,
) -> ImportResult:
    """Read filled forms and write their answers to `target`, a folder or a JSON file.

    A missing or empty folder is created as by `new`, with the answers. In an existing application
    only blanks are filled; attachments and everything else are kept. If an answer differs, nothing
    is written, unless `force`: then Word's answer is used and the earlier file kept as a backup. A
    blank in Word never removes an answer.

    Raises UsageFault, FormUnreadable, MachineLacks, OutputUnwritable, ApplicationBusy, Cancelled,
    and Refused if the existing application cannot be parsed.
    """
    progress(Stage.READING)
    file = _json_file(target)
    programme, documents = _documents(files, programme_id, _existing(file), progress)
    progress(Stage.PUBLISHING)
    if file != target and not holds_something(target):
        transcript = transcribe(programme, documents)
        make_filled_folder(target, programme, new_answers(programme, transcript))
        made = _imported(file, transcript)
    else:
        made = _write(file, programme, documents, force)
    progress.finish()
    return made


def _write(
    file: Path, programme: Programme, documents: Sequence[WordFile], force: bool
) -> ImportResult:
    """Write the answers into a file that may exist, under its lock."""
    with writing(file.parent):
        existing = _existing(file)  # again, because another program may have written meanwhile
        if existing is None:
            transcript = transcribe(programme, documents)
            put_file(new_answers(programme, transcript), file)
            return _imported(file, transcript)
        proposal = proposal_of(programme, existing.application, documents)
        return _write_merged(file, existing, proposal, force)


def diff_forms(
    place: Path, files: Sequence[Path], progress: Progress = quiet
) -> tuple[tuple[AnswerDifference, ...], tuple[Finding, ...]]:
    """Return the answers that differ in Word forms, and findings on the forms.

    Raises what `import_forms` raises.
    """
    progress(Stage.READING)
    folder = read_folder(place)
    if folder.programme is None or folder.application is None or blocking(folder.unread.findings):
        raise Refused(folder.unread.findings)
    documents = read_files(folder.programme, files, progress)
    proposal = proposal_of(folder.programme, folder.application, documents)
    return proposal.unlike, proposal.transcript.findings


def _json_file(target: Path) -> Path:
    try:
        if target.is_dir():
            return target / APPLICATION_FILE
        if target.suffix.lower() == ".json":
            return target
        if target.exists():
            raise UsageFault(
                f"“{FILE}”不是申报文件夹，也不是申报数据的文件。",
                PlainAction.CHOOSE_APPLICATION,
                target,
            )
    except OSError as problem:
        raise UsageFault(
            f"无法写到 {FILE}：{reason(problem)}", PlainAction.CHOOSE_FREE_NAME, target
        ) from problem
    return target / APPLICATION_FILE


def _existing(file: Path) -> _Existing | None:
    try:
        if not file.exists():
            return None
        if is_special(file):
            raise UsageFault(f"“{FILE}”不是普通文件。", PlainAction.CHOOSE_FREE_NAME, file)
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise unreadable_file(file, problem) from problem
    application, findings = parse_application(data)
    if application is None:
        raise Refused(findings)
    return _Existing(data, json.loads(data.decode("utf-8-sig")), application)


def _documents(
    files: Sequence[Path],
    programme_id: str | None,
    existing: _Existing | None,
    progress: Progress,
) -> tuple[Programme, tuple[WordFile, ...]]:
    """Return the notice that the forms belong to, and the forms."""
    written_in = existing.application.programme if existing else None
    if programme_id and written_in and programme_id != written_in:
        raise UsageFault(
            f"这份申报写的申报通知是“{written_in}”，与指定的“{programme_id}”不同。",
            several(PlainAction.OMIT_NOTICE, PlainAction.CHOOSE_OTHER_OUTPUT),
        )
    known = installed_programmes()
    if programme_id or written_in or len(known) == 1:
        programme = load_programme(programme_id or written_in)
        return programme, read_files(programme, files, progress)
    every = readable_programmes()
    opened = open_files(files, every[0].intake, progress)
    return likeliest_notice(every, opened, progress)


def likeliest_notice(
    programmes: Sequence[Programme],
    opened: Sequence[tuple[Path, DocumentText]],
    progress: Progress = quiet,
) -> tuple[Programme, tuple[WordFile, ...]]:
    """Return the notice whose forms match the files best. Raises UsageFault if two are equal."""
    fits: list[tuple[int, Programme, tuple[WordFile, ...]]] = []
    problems: list[FormUnreadable] = []
    for programme in programmes:
        try:
            documents = documents_of(programme, opened, progress)
        except FormUnreadable as problem:
            problems.append(problem)
            continue
        missing = sum(len(form.missing) for each in documents for form in each.forms)
        fits.append((missing, programme, documents))
    if not fits:
        raise problems[0]
    fits.sort(key=lambda fit: fit[0])
    if len(fits) > 1 and fits[0][0] == fits[1][0]:
        names = tuple(programme.id for _, programme, _ in fits)
        raise UsageFault("看不出是哪一个申报通知的表格。", ChooseNotice(names))
    return fits[0][1], fits[0][2]


def new_answers(programme: Programme, transcript: Transcript) -> bytes:
    """Return an application.json with every key, and the answers of the forms. Raises Fault."""
    blank = application_model(programme)().model_dump(mode="json")
    blank.pop("attachments")
    raw = merged({**blank, "programme": programme.id}, transcript.values)
    for question in programme.fields.fields:
        if isinstance(question.kind, RowsKind) and (rows := written_at(raw, question.place)):
            keys = dict.fromkeys(programme.fields.known_keys((*question.place, 0)))
            rows[:] = [{**keys, **row} for row in rows]
    return _checked(raw)


def _imported(file: Path, transcript: Transcript) -> ImportResult:
    """Return the result of an import into a new file."""
    count = sum(value not in (None, []) for value in transcript.values.values())
    return ImportResult(file, True, count, None, transcript.findings, transcript.unplaced)


def _write_merged(file: Path, existing: _Existing, proposal: Proposal, force: bool) -> ImportResult:
    transcript = proposal.transcript
    unlike = [each for each in proposal.unlike if each.place not in transcript.failed]
    told = (*transcript.findings, *_difference_findings(unlike, force))
    taken = proposal.chosen([where(each.place) for each in proposal.choices])
    clash = any(each.ours and each.theirs for each in unlike)
    if not taken or (clash and not force):
        return ImportResult(file, False, 0, None, told, transcript.unplaced)
    written = _checked(merged(existing.raw, taken))
    backup = put_file(written, file, existing.data if clash else None)
    return ImportResult(file, True, len(taken), backup, told, transcript.unplaced)


def _checked(raw: dict[str, Any]) -> bytes:
    data = json_bytes(raw)
    if parse_application(data)[0] is None:
        raise Fault("读回的内容不符合申报数据的格式。")
    return data


def _difference_findings(unlike: Sequence[AnswerDifference], force: bool) -> Iterator[Finding]:
    """Yield a finding for each answer that differs."""
    for difference in unlike:
        label, place = difference.label, AnswerPlace(difference.place)
        ours, theirs = _short(difference.ours), _short(difference.theirs)
        if not difference.theirs:
            yield warning(
                "word-blank",
                place,
                label,
                f"“{label}”在 Word 表格上空着，申报数据中的“{ours}”保留不动。",
                MendAnswer("确实不要的，请清空{}。", (place.steps,), "中的", "blank"),
            )
        elif difference.ours and force:
            yield warning(
                "word-replaced",
                place,
                label,
                f"“{label}”原为“{ours}”，已按 Word 表格改为“{theirs}”。",
                "请核对；原来的文件另存为旁边的 .bak 文件。",
            )
        elif difference.ours:
            yield error(
                "word-conflict",
                place,
                label,
                f"“{label}”在申报数据中为“{ours}”，在 Word 表格上为“{theirs}”。",
                PlainAction.TAKE_WORD_ANSWERS,
            )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…（共 {len(plain)} 字）"
