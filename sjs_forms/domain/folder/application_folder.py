"""Reads an application's folder: its application.json and the attachments that it offers.

Nothing outside the folder is read: no absolute path, no `..`, no link that leads out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import AnswerPlace, FilePlace
from sjs_forms.base.findings.remedies import MendAnswer, PlainAction, several
from sjs_forms.base.system_errors import unreadable_file
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application, Attachment, only_changes_found
from sjs_forms.domain.folder.files_outside_attachments import (
    WORD_SUFFIX,
    unused_beside,
    word_files_beside,
)
from sjs_forms.domain.folder.folder_entries import real_path
from sjs_forms.domain.folder.found_files import files_not_listed, found_files
from sjs_forms.domain.folder.listed_files import ATTACHMENTS_LIST, listed_files, unknown_materials
from sjs_forms.domain.folder.misnamed_answers import no_answers
from sjs_forms.domain.folder.offer_limits import bytes_of, too_large, too_many
from sjs_forms.domain.folder.offered_files import Offered, change_found_files, without_material
from sjs_forms.domain.folder.other_kinds import of_another_kind
from sjs_forms.domain.folder.path_resolution import resolve
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.json_text.application_json import MAX_BYTES, read_answers
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.stamp_record import StampedForm, read_record

APPLICATION_FILE = "application.json"
STAMP_RECORD = "盖章记录.json"
"""The file that `stamped` writes beside application.json (see `stamp_record`)."""


@dataclass(frozen=True, slots=True)
class ApplicationFolder:
    """Everything read: the notice, the answers and the offered attachments, with all findings.

    `programme` and `application` are None if application.json as a whole could not be parsed.
    Single answers that could not be parsed are blank, and `unread` has their places. `stamped` are
    the records of its sealed forms, `called` is the name of the file of answers in messages.
    `word_forms` are the Word files from which the answers were read, if they were. `word_beside`
    are absolute paths of Word files that may be forms, in a folder that is the application's own.
    """

    folder: Path
    programme: Programme | None
    application: Application | None
    offered: tuple[Offered, ...]
    findings: tuple[Finding, ...]
    stamped: tuple[StampedForm, ...] = ()
    unread: UnreadPlaces = ALL_READ
    called: str = APPLICATION_FILE
    word_forms: tuple[str, ...] = ()
    word_beside: tuple[Path, ...] = ()


def read_folder(place: Path, programme_id: str | None = None) -> ApplicationFolder:
    """Read an application from its folder or its JSON file.

    If the application names no notice, `programme_id` is used; if it names another, that is a
    finding. Raises UsageFault if there is no application.
    """
    file = place
    try:
        file = place / APPLICATION_FILE if place.is_dir() else place
        if is_special(file) or file.is_dir():
            raise UsageFault(
                f"“{FILE}”不是普通文件，无法读取申报数据。",
                several("请删去它，换成真正的文件。", PlainAction.CHOOSE_APPLICATION),
                file,
            )
        if _leads_out(file):
            raise UsageFault(
                f"“{FILE}”是指向别处的链接，没有读取。",
                "请把它所指的文件复制过来，替换这个链接。",
                file,
            )
        if not file.is_file():
            raise no_answers(file)
        if (fault := of_another_kind(file)) is not None:
            raise fault
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise unreadable_file(file, problem) from problem
    return _with_own_files(_understand(data, file.parent, _everything, programme_id))


def _leads_out(file: Path) -> bool:
    """Return whether a link leads out of its folder, for example to another's answers."""
    real = real_path(file) if file.is_symlink() else None
    return real is not None and not real.is_relative_to(file.parent.resolve())


def _with_own_files(folder: ApplicationFolder) -> ApplicationFolder:
    """Return the folder with its Word forms, and with the records written by `stamped`, if any."""
    beside = tuple(path.absolute() for path in word_files_beside(folder.folder))
    folder = replace(folder, word_beside=beside)
    try:
        return replace(folder, stamped=stamp_records(folder.folder))
    except (OSError, ValueError):
        unreadable = warning(
            "stamp-record-unreadable",
            FilePlace(STAMP_RECORD),
            "盖章记录",
            f"{STAMP_RECORD} 读不懂，盖章之后改过什么，无从核对。",
            several(PlainAction.FILE_SCANS_AGAIN, "不能再放入的，可删去这份记录，自己核对。"),
        )
        return replace(folder, findings=(*folder.findings, unreadable))


def stamp_records(folder: Path) -> tuple[StampedForm, ...]:
    """Return the records that `stamped` has written into a folder; none if there is no such file.

    Raises OSError, and ValueError if it cannot be understood.
    """
    path = folder / STAMP_RECORD
    if path.is_symlink() or not path.is_file():
        return ()
    with path.open("rb") as stream:
        return read_record(stream.read(MAX_BYTES))


def read_row(
    data: bytes, folder: Path, called: str, programme_id: str | None = None
) -> ApplicationFolder:
    """Read one of several applications in one file. `data` is its own JSON.

    `called` is its name in messages, such as “名单.jsonl”第 3 行. All of them share `folder`, so
    only listed files are offered, never files found there. `programme_id` is as for `read_folder`.
    """
    read = _understand(data, folder, _only_written, programme_id, called)
    return replace(read, called=called)


def read_beside(
    data: bytes, folder: Path, called: str, programme_id: str | None = None
) -> ApplicationFolder:
    """Read an application whose answers are not in its folder; `data` is their JSON.

    `called` and `programme_id` are as for `read_row`. The folder's files are offered.
    """
    read = _understand(data, folder, _everything, programme_id, called)
    return replace(_with_own_files(read), called=called)


def _understand(
    data: bytes,
    folder: Path,
    offer: "_Offer",
    programme_id: str | None,
    called: str = APPLICATION_FILE,
) -> ApplicationFolder:
    parsed = read_answers(data, called, programme_id)
    application, unread = parsed.application, parsed.unread
    if application and programme_id and application.programme != programme_id:
        unread = unread.also([("programme",)], _other_programme(application, programme_id))
    if application is None:
        return ApplicationFolder(folder, None, None, (), unread.findings, unread=unread)
    try:
        programme = load_programme(application.programme)
    except UsageFault as problem:
        unknown = error(
            "unknown-programme",
            AnswerPlace(("programme",)),
            "申报通知",
            problem.template,
            problem.action,
            *problem.files,
        )
        # First, because other errors may result from checking the answers against another notice.
        unread = UnreadPlaces(unread.places.union([("programme",)]), (unknown, *unread.findings))
        if len(installed_programmes()) != 1:
            return ApplicationFolder(folder, None, None, (), unread.findings, unread=unread)
        programme = load_programme()  # everything else is checked against the only possible notice
    listed, limits = application.attachments or (), programme.intake
    unread = unread.also(unknown_materials(programme, listed))
    if len(listed) > limits.max_attachments:
        unread = unread.also([(ATTACHMENTS_LIST,)])
        findings = (*unread.findings, too_many(len(listed), limits.max_attachments))
        return ApplicationFolder(folder, programme, application, (), findings, unread=unread)
    offered, more = offer(folder, programme, application.attachments, unread)
    findings = (*unread.findings, *more)
    if (total := bytes_of(offered)) > limits.max_total_bytes:
        findings = (*findings, too_large(total, limits.max_total_bytes))
        offered = ()
    return ApplicationFolder(folder, programme, application, offered, findings, unread=unread)


def _other_programme(application: Application, programme_id: str) -> Finding:
    place = ("programme",)
    return error(
        "other-programme",
        AnswerPlace(place),
        "申报通知",
        f"这份申报写的申报通知是“{application.programme}”，与指定的“{programme_id}”不同。",
        several(MendAnswer("请改正{}。", (place,)), PlainAction.OMIT_NOTICE),
    )


_Found = tuple[tuple[Offered, ...], tuple[Finding, ...]]
_Offer = Callable[[Path, Programme, tuple[Attachment, ...] | None, UnreadPlaces], _Found]


def _everything(
    folder: Path,
    programme: Programme,
    attachments: tuple[Attachment, ...] | None,
    unread: UnreadPlaces,
) -> _Found:
    """Return what a folder offers, listed or found, and findings on files that are not used.

    Unused files are not reported if some files of the list are unknown. A list without materials
    changes the files that are found.
    """
    materials = ((ATTACHMENTS_LIST, index, "material") for index in range(len(attachments or ())))
    if attachments is None:
        offered, findings = found_files(folder, programme)
    elif only_changes_found(attachments) and not any(unread.touches(*place) for place in materials):
        offered, findings = _found_and_changed(folder, programme, attachments, unread)
    else:
        offered, findings = listed_files(folder, programme, attachments, unread)
        findings = (*findings, *files_not_listed(folder, offered))
    used = {item.path for item in offered if item.path}
    findings = (*findings, *unused_beside(folder, programme, used))
    if unread.within(ATTACHMENTS_LIST, "file"):
        findings = tuple(found for found in findings if not found.has(Trait.UNLISTED))
    return offered, findings


def _only_written(
    folder: Path,
    programme: Programme,
    attachments: tuple[Attachment, ...] | None,
    unread: UnreadPlaces,
) -> _Found:
    if only_changes_found(attachments):
        count = len(attachments or ())
        return (), tuple(without_material(programme.fields, index) for index in range(count))
    return listed_files(folder, programme, attachments or (), unread)


def _found_and_changed(
    folder: Path, programme: Programme, attachments: Sequence[Attachment], unread: UnreadPlaces
) -> _Found:
    """Return the files that are found, some of them changed as the list says."""
    found, told = found_files(folder, programme)
    entries, problems = [], []
    for index, attachment in enumerate(attachments):
        at = (ATTACHMENTS_LIST, index, "file")
        label = programme.fields.label_of(at)
        path, problem = resolve(folder, attachment.file or "", AnswerPlace(at), label)
        problems += [problem] if problem else []
        entries.append(None if problem else (attachment, path))
    offered, findings = change_found_files(programme.fields, found, entries, unread)
    return offered, (*told, *problems, *findings)


def word_files(read: ApplicationFolder) -> tuple[tuple[str, Path], ...]:
    """Return the .docx files that may be forms: beside application.json, or given as a scan.

    Each with the user's name for it and its path. Very large folders are not searched.
    """
    used = {item.path for item in read.offered}
    files = [(path.name, path) for path in read.word_beside if real_path(path) not in used]
    for item in read.offered:
        if item.material.form and item.path and item.path.suffix.lower() == WORD_SUFFIX:
            files.append((item.file, item.path))
    return tuple(files)
