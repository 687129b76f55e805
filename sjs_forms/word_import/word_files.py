"""Opens Word files, recognises them as a notice's forms, and compares them with an application."""

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from tempfile import gettempdir

from sjs_forms.base.errors import Fault, FormUnreadable, MachineLacks, UsageFault
from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import RunJob
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.progress import Progress, Stage, quiet, until_cancelled
from sjs_forms.base.system_errors import reason, unreadable_file
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.files_outside_attachments import WORD_SUFFIX
from sjs_forms.domain.folder.unused_files import outside_attachments
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.template_mistakes import template_fault
from sjs_forms.word_import.answer_differences import AnswerDifference, differences
from sjs_forms.word_import.form_pattern import BadTemplate, Pattern, pattern_of
from sjs_forms.word_import.slot_answers import derived_slots, slots_of, tables_asked
from sjs_forms.word_import.table_pattern import tables_of
from sjs_forms.word_import.transcript import Transcript, WordFile, read_document, transcribe
from sjs_forms.word_import.word_blocks import DocumentText

_NAMED = 4
"""Differences that a finding names."""
_SHOWN = 30
_KEPT = 16
"""Word files cached as read: a session compares them with the answers at every edit."""
_AS_DOCX = "请用 Word 或 WPS 打开它，“另存为” Word 文档（.docx，不加密码）后再试。"


def patterns(programme: Programme) -> tuple[Pattern, ...]:
    """Return the pattern of each form of the notice, from its Word template.

    Raises TemplateMistake, or Fault for one of the package.
    """
    try:
        return _patterns(programme.folder, _forms_of(programme), programme.fields)
    except BadTemplate as problem:
        raise template_fault(programme.templates, str(problem)) from problem


def _forms_of(programme: Programme) -> tuple[str, ...]:
    return tuple(form.id for form in programme.forms)


@cache
def _patterns(folder: Path, forms: tuple[str, ...], fields: NoticeFields) -> tuple[Pattern, ...]:
    from sjs_forms.word_import.ooxml import BadDocx, read_word

    made, known = [], {**slots_of(fields), **derived_slots(fields)}
    for form in forms:
        try:
            with (folder / "forms" / f"{form}.docx").open("rb") as stream:
                tables, template = tables_of(read_word(stream), tables_asked(fields))
                pattern = pattern_of(form, template, known, tables)
        except (OSError, BadDocx, BadTemplate) as problem:
            said = reason(problem) if isinstance(problem, OSError) else problem
            raise BadTemplate(f"forms/{form}.docx 无法读回：{said}") from problem
        unknown = [s.path for w in pattern.wordings for s in w.slots if s.path not in known]
        if unknown:
            raise BadTemplate(
                f"forms/{form}.docx 中有不认识的填写项：{'、'.join(unknown)}。{_advice(unknown)}"
            )
        made.append(pattern)
    return tuple(made)


def _advice(unknown: Sequence[str]) -> str:
    """What is added where a loop of HTML stands in Word: its names are not those of answers."""
    looped = any(path.startswith("loop.") for path in unknown)
    return (
        "表格中重复的一行，上下各要有一行，写 {%tr for … %} 和 {%tr endfor %}。" if looped else ""
    )


def read_files(
    programme: Programme, paths: Sequence[Path], progress: Progress = quiet
) -> tuple[WordFile, ...]:
    """Return the forms in these files, in the notice's order.

    Raises UsageFault if a file is missing or two contain the same form, FormUnreadable for a file
    that is none of the notice's forms, MachineLacks if LibreOffice is needed but missing, and
    Cancelled.
    """
    opened = open_files(paths, programme.intake, progress)
    return documents_of(programme, opened, progress)


def open_files(
    paths: Sequence[Path], limits: IntakeLimits, progress: Progress = quiet
) -> list[tuple[Path, DocumentText]]:
    """Return each Word file with its content. Raises what `open_word` raises."""
    opened = []
    for done, path in enumerate(paths):
        progress(Stage.OPENING, done, len(paths))
        opened.append((path, open_word(path, limits, progress)))
    progress(Stage.OPENING, len(paths), len(paths))
    return opened


def documents_of(
    programme: Programme, opened: Sequence[tuple[Path, DocumentText]], progress: Progress = quiet
) -> tuple[WordFile, ...]:
    """Return the forms in files that are already open. Raises what `read_files` raises."""
    known = patterns(programme)
    order = {pattern.form: number for number, pattern in enumerate(known)}
    first = [
        (path, written, read_document(known, path.name, written, ()))
        for path, written in until_cancelled(opened, progress.is_cancelled)
    ]
    for path, _, document in first:
        if not document.forms:
            raise _no_form(programme, path)
    first.sort(key=lambda each: min(order[form.pattern.form] for form in each[2].forms))
    _refuse_twice(programme, [document for _, _, document in first])
    made: list[WordFile] = []
    for path, written, document in until_cancelled(first, progress.is_cancelled):
        again = read_document(known, path.name, written, made) if made else document
        made.append(again)
    return tuple(made)


def read_forms_in(programme: Programme, name: str, written: DocumentText) -> WordFile:
    """Return the notice's forms in a file that is already open; there may be none."""
    return read_document(patterns(programme), name, written, ())


def _refuse_twice(programme: Programme, documents: Sequence[WordFile]) -> None:
    holders: dict[str, str] = {}
    for document in documents:
        for form in document.forms:
            known = programme.form(form.pattern.form)
            if known.id in holders:
                raise UsageFault(
                    f"“{holders[known.id]}”和“{document.file}”都是{known.number} {known.title}。",
                    "同一张表一次只能给一份，请只留下要用的那一份。",
                )
            holders[known.id] = document.file


def _no_form(programme: Programme, path: Path) -> FormUnreadable:
    titles = "、".join(f"{form.number} {form.title}" for form in programme.forms)
    return FormUnreadable(
        f"“{path.name}”不是“{programme.notice}”的表格（{titles}）。",
        "请给出本通知填好的表格；栏目名称被大量改动的，请改回后再试。",
    )


def open_word(path: Path, limits: IntakeLimits, progress: Progress = quiet) -> DocumentText:
    """Return the content of a Word file.

    Raises UsageFault, FormUnreadable, MachineLacks, Cancelled, or Fault for an internal one.
    """
    try:
        if path.is_dir():
            raise UsageFault(f"“{FILE}”是文件夹。", "请给出其中的 Word 文件。", path)
        if not path.is_file():
            raise UsageFault(
                f"没有找到文件：{FILE}", "请检查文件名（含后缀）和路径是否写对。", path
            )
        return _opened(path, limits, progress)
    except OSError as problem:
        raise unreadable_file(path, problem) from problem


def _opened(path: Path, limits: IntakeLimits, progress: Progress) -> DocumentText:
    with path.open("rb") as stream:
        head = stream.read(64)
    if head.startswith(b"PK") and head[30:38] != b"mimetype":
        return _read(path, path.name)
    from sjs_forms.intake.kinds import file_kinds

    kind = file_kinds.kind_of(path)
    if kind == "office-encrypted":
        raise FormUnreadable(f"“{path.name}”加了打开密码，无法读取。", _AS_DOCX)
    if kind != file_kinds.OFFICE:
        what = "是 PDF，不是 Word 文档" if kind == file_kinds.PDF else "不是 Word 文档"
        raise FormUnreadable(f"“{path.name}”{what}。", "请给出填好的 Word 表格（.docx）。")
    return _converted(path, limits, progress)


def _converted(path: Path, limits: IntakeLimits, progress: Progress) -> DocumentText:
    """Read another program's file by converting it with LibreOffice."""
    from sjs_forms.intake import FileRefused, machine_faults, office

    if office.soffice() is None:
        raise MachineLacks(
            f"“{path.name}”不是 .docx，而本机没有安装 LibreOffice，无法转换。",
            f"请安装 LibreOffice；或{_AS_DOCX.removeprefix('请')}",
        )
    try:
        with temporary_folder() as scratch:
            made = office.as_word(path, scratch, limits, progress.is_cancelled)
            return _read(made, path.name)
    except (FileRefused, OSError) as problem:
        place = Path(gettempdir())
        refusal = problem if isinstance(problem, FileRefused) else machine_faults.of(problem, place)
        found = refusal.named(path.name).finding
        if found.exit_code is ExitCode.FAULT:
            raise Fault(found.message) from problem
        if found.exit_code is ExitCode.MACHINE:
            raise MachineLacks(found.template, found.action, *found.files) from problem
        raise FormUnreadable(
            f"“{path.name}”无法由 LibreOffice 转换成 .docx。", _AS_DOCX
        ) from problem


def _read(path: Path, shown: str) -> DocumentText:
    from sjs_forms.word_import.ooxml import BadDocx, read_word

    with path.open("rb") as stream:
        try:
            return read_word(stream)
        except BadDocx as problem:
            raise FormUnreadable(f"“{shown}”{problem.message}", problem.remedy) from problem


def stale_forms(
    programme: Programme,
    application: Application,
    files: Sequence[tuple[str, Path]],
    unread: UnreadPlaces = ALL_READ,
) -> tuple[Finding, ...]:
    """Return a warning for each Word file of an application that is a form and differs from it.

    Nothing is reported about `unread` answers. `files` are the files as the user knows them, and
    their paths. A file beside application.json that is not a form is reported as a document that is
    not bound. A blank form there, as `new` writes it, is not reported.
    """
    forms = {f"{form.stem}{WORD_SUFFIX}" for form in programme.forms}
    found = []
    for shown, path in files:
        try:
            known = path.stat()
            stamp = known.st_size, known.st_mtime_ns
            document = _document(
                programme.folder, _forms_of(programme), programme.fields, path, shown, stamp
            )
        except (FormUnreadable, OSError) as problem:
            if shown in forms:
                found.append(_unreadable(shown, problem))
            elif path.name == shown:
                found.append(outside_attachments(shown, programme))
            continue
        if document.forms:
            transcript = transcribe(programme, [document])
            if path.name != shown or not transcript.is_blank:
                found += _stale(application, transcript, document, unread)
        elif path.name == shown:
            found.append(outside_attachments(shown, programme))
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def _document(
    folder: Path,
    forms: tuple[str, ...],
    fields: NoticeFields,
    path: Path,
    shown: str,
    stamp: tuple[int, int],  # noqa: ARG001 - part of the cache key: size and time of the file
) -> WordFile:
    """Return the forms in a Word file, read once. Raises FormUnreadable or OSError."""
    return read_document(_patterns(folder, forms, fields), shown, _read(path, shown), ())


def _stale(
    application: Application,
    transcript: Transcript,
    document: WordFile,
    unread: UnreadPlaces,
) -> list[Finding]:
    every = differences(application, transcript)
    unlike = [difference for difference in every if not unread.touches(*difference.place)]
    placed = set(transcript.failed.values())
    more = [
        left
        for left in transcript.unplaced
        if left.text not in placed and left.spot.paragraph + left.spot.row
    ]
    if not unlike and not more:
        return []
    shown = [_difference_text(difference) for difference in unlike[:_NAMED]]
    if len(unlike) > _NAMED:
        shown.append(f"等共 {len(unlike)} 处")
    if more:
        shown.append(f"表上另有 {len(more)} 处文字不属于任何一项")
    return [
        warning(
            "word-differs",
            FilePlace(document.file),
            "Word 表格",
            f"“{FILE}”与申报数据不一致：{'；'.join(shown)}。",
            RunJob(
                "以申报数据为准的，请用{}重新生成；以 Word 为准的，请用{}读回（逐项对照见{}）。",
                ("fill", "import", "diff"),
            ),
            document.file,
        )
    ]


def _difference_text(difference: AnswerDifference) -> str:
    ours, theirs = _quoted(difference.ours), _quoted(difference.theirs)
    return f"“{difference.label}”Word 上为{theirs}，申报数据中为{ours}"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        return "空白"
    return f"“{plain}”" if len(plain) <= _SHOWN else f"“{plain[: _SHOWN - 1]}…”"


def _unreadable(shown: str, problem: Exception) -> Finding:
    message, files = f"“{FILE}”无法读取。", tuple[str, ...]((shown,))
    if isinstance(problem, FormUnreadable):
        message, files = problem.template, problem.files
    return warning(
        "word-unreadable",
        FilePlace(shown),
        "Word 表格",
        f"{message}没有与申报数据核对。",
        RunJob("请用{}重新生成，或移走这个文件。", ("fill",)),
        *files,
    )
