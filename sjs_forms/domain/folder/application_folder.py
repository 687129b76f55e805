"""Reads an application's folder: its application.json and the attachments that it offers.

Nothing outside the folder is read: no absolute path, no `..`, no link that leads out.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace, FindingPlace
from sjs_forms.base.findings.remedies import MendAnswer, RunJob
from sjs_forms.base.plain_files import is_special
from sjs_forms.domain.answers.unread_places import ALL_READ, Unread
from sjs_forms.domain.application import Application, Attachment, lies_over
from sjs_forms.domain.folder.clutter import PAPER, Nature, judge_file
from sjs_forms.domain.folder.document_titles import title_of
from sjs_forms.domain.folder.files_outside_attachments import (
    WORD_SUFFIX,
    unused_beside,
    word_files_beside,
)
from sjs_forms.domain.folder.folder_entries import FolderEntry, entries_below, real_path
from sjs_forms.domain.folder.material_folders import (
    ATTACHMENTS_FOLDER,
    claim_of,
    in_order,
    is_offered,
    sort_files,
)
from sjs_forms.domain.folder.misnamed_answers import no_answers
from sjs_forms.domain.folder.offered_files import Offered, lay_over, without_material
from sjs_forms.domain.folder.unused_files import (
    doubtful_folder,
    finding_about,
    not_listed,
    not_sorted,
)
from sjs_forms.domain.json_text.application_json import MAX_BYTES, read_answers
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.programme import Material, Programme, installed_programmes, load_programme
from sjs_forms.domain.stamp_record import StampedForm, read_record

APPLICATION_FILE = "application.json"
STAMP_RECORD = "盖章记录.json"
"""The file that `stamped` writes beside application.json (see `stamp_record`)."""


@dataclass(frozen=True, slots=True)
class ApplicationFolder:
    """Everything read: the notice, the answers and the offered attachments, with all findings.

    `programme` and `application` are None where application.json could not be understood as a
    whole; what of it could not is blank, and `unread` says where. `stamped` is what is known of
    its sealed forms, `called` what a message calls the file of its answers.
    """

    folder: Path
    programme: Programme | None
    application: Application | None
    offered: tuple[Offered, ...]
    findings: tuple[Finding, ...]
    stamped: tuple[StampedForm, ...] = ()
    unread: Unread = ALL_READ
    called: str = APPLICATION_FILE


def read_folder(place: Path) -> ApplicationFolder:
    """Read an application from its folder or its JSON file.

    Raises UsageFault if there is no application.
    """
    file = place
    try:
        file = place / APPLICATION_FILE if place.is_dir() else place
        if is_special(file) or file.is_dir():
            raise UsageFault(
                f"“{file}”不是普通文件，无法读取申报数据。",
                "请删去它，换成真正的 application.json；新建一个可用：sjs-forms new 文件夹名。",
            )
        if _leads_out(file):
            raise UsageFault(
                f"“{file}”是指向别处的链接，没有读取。",
                "请把它所指的文件复制过来，替换这个链接。",
            )
        if not file.is_file():
            raise no_answers(file)
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise UsageFault(
            f"无法读取 {file}：{problem.strerror}", "请检查文件是否被其他程序占用、是否有权限打开。"
        ) from problem
    return _with_record(_understand(data, file.parent, _everything))


def _leads_out(file: Path) -> bool:
    """Return whether a link leads out of its folder, for example to another's answers."""
    real = real_path(file) if file.is_symlink() else None
    return real is not None and not real.is_relative_to(file.parent.resolve())


def _with_record(folder: ApplicationFolder) -> ApplicationFolder:
    """Return the folder with the records written by `stamped`, if any."""
    path = folder.folder / STAMP_RECORD
    try:
        if path.is_symlink() or not path.is_file():
            return folder
        with path.open("rb") as stream:
            return replace(folder, stamped=read_record(stream.read(MAX_BYTES)))
    except (OSError, ValueError):
        unreadable = warning(
            "stamp-record-unreadable",
            FilePlace(STAMP_RECORD),
            "盖章记录",
            f"{STAMP_RECORD} 读不懂，盖章之后改过什么，无从核对。",
            RunJob("请把盖章扫描件用{}加 --replace 再放入一次；或删去它，自己核对。", ("stamped",)),
        )
        return replace(folder, findings=(*folder.findings, unreadable))


def read_row(data: bytes, folder: Path, called: str) -> ApplicationFolder:
    """Read one application of many that lie in one file; `data` is its own JSON.

    `called` is what a message calls its place there, like “名单.jsonl”第 3 行. `folder` is shared
    by all of them: what is offered is what is written, never what lies about.
    """
    read = _understand(data, folder, _only_written, called)
    return replace(read, called=called)


def _understand(
    data: bytes, folder: Path, offer: "_Offer", called: str = APPLICATION_FILE
) -> ApplicationFolder:
    parsed = read_answers(data, called)
    application, unread = parsed.application, parsed.unread
    if application is None:
        return ApplicationFolder(folder, None, None, (), unread.findings, unread=unread)
    try:
        programme = load_programme(application.programme)
    except UsageFault as problem:
        unknown = error(
            "unknown-programme",
            AnswerPlace(("programme",)),
            "申报通知",
            problem.message,
            problem.remedy,
        )
        unread = unread.also([("programme",)], unknown)
        if len(installed_programmes()) != 1:
            return ApplicationFolder(folder, None, None, (), unread.findings, unread=unread)
        programme = load_programme()  # everything else is checked against the only possible notice
    listed, limit = application.attachments or (), programme.intake.max_attachments
    unread = unread.also(_of_unknown_material(programme, listed))
    if len(listed) > limit:
        too_many = (_too_many(len(listed), limit),)
        unread = unread.also([(_LIST,)])
        findings = unread.findings + too_many
        return ApplicationFolder(folder, programme, application, (), findings, unread=unread)
    offered, more = offer(folder, programme, application.attachments, unread)
    findings = (*unread.findings, *more)
    if (total := _bytes_of(offered)) > programme.intake.max_total_bytes:
        too_large = (_too_large(total, programme.intake.max_total_bytes),)
        return ApplicationFolder(
            folder, programme, application, (), findings + too_large, unread=unread
        )
    return ApplicationFolder(folder, programme, application, offered, findings, unread=unread)


_LIST = "attachments"
_Found = tuple[tuple[Offered, ...], tuple[Finding, ...]]
_Offer = Callable[[Path, Programme, tuple[Attachment, ...] | None, Unread], _Found]


def _everything(
    folder: Path, programme: Programme, attachments: tuple[Attachment, ...] | None, unread: Unread
) -> _Found:
    """Return what a folder offers, listed or found, and findings on files that are not used.

    None are named where files of the list are not known. A list without materials lies over the
    files that are found.
    """
    materials = ((_LIST, index, "material") for index in range(len(attachments or ())))
    if attachments is None:
        offered, findings = _search(folder, programme)
    elif lies_over(attachments) and not any(unread.touches(*place) for place in materials):
        offered, findings = _laid_over(folder, programme, attachments, unread)
    else:
        offered, findings = _resolve_all(folder, programme, attachments, unread)
        findings = (*findings, *_not_listed(folder, offered))
    used = {item.path for item in offered if item.path}
    findings = (*findings, *unused_beside(folder, programme, used))
    if unread.within(_LIST, "file"):
        findings = tuple(found for found in findings if not found.has(Trait.UNLISTED))
    return offered, findings


def _only_written(
    folder: Path, programme: Programme, attachments: tuple[Attachment, ...] | None, unread: Unread
) -> _Found:
    if lies_over(attachments):
        count = len(attachments or ())
        return (), tuple(without_material(programme.fields, index) for index in range(count))
    return _resolve_all(folder, programme, attachments or (), unread)


def _laid_over(
    folder: Path, programme: Programme, attachments: Sequence[Attachment], unread: Unread
) -> _Found:
    """The files that are found, changed as the list says of some of them."""
    found, told = _search(folder, programme)
    entries, problems = [], []
    for index, attachment in enumerate(attachments):
        at = (_LIST, index, "file")
        label = programme.fields.label_of(at)
        path, problem = _resolve(folder, attachment.file or "", AnswerPlace(at), label)
        problems += [problem] if problem else []
        entries.append(None if problem else (attachment, path))
    offered, findings = lay_over(programme.fields, found, entries, unread)
    return offered, (*told, *problems, *findings)


def word_files(folder: Path, offered: Sequence[Offered]) -> tuple[tuple[str, Path], ...]:
    """Return the .docx files that may be forms: beside application.json, or given as a scan.

    Each with the user's name for it and its path. Very large folders are not searched.
    """
    used = {item.path for item in offered}
    files = [(path.name, path) for path in word_files_beside(folder) if real_path(path) not in used]
    for item in offered:
        if item.material.form and item.path and item.path.suffix.lower() == WORD_SUFFIX:
            files.append((item.file, item.path))
    return tuple(files)


def _resolve_all(
    folder: Path, programme: Programme, attachments: tuple[Attachment, ...], unread: Unread
) -> _Found:
    """Return the listed files. One whose file or password is unknown is present but unusable."""
    offered: list[Offered] = []
    findings: list[Finding] = []
    for index, attachment in enumerate(attachments):
        place = (_LIST, index)
        material = _material_of(programme, attachment, place, findings)
        if material is None and unread.touches(*place, "material"):
            material = _likely_material(programme, attachment)
        if material is None:
            continue
        at = (*place, "file")
        if attachment.file is None:
            if unread.touches(*at):
                offered.append(
                    Offered(AnswerPlace(place), material, "", None, attachment.title or "")
                )
            continue
        path, problem = _resolve(
            folder, attachment.file, AnswerPlace(at), programme.fields.label_of(at)
        )
        if problem:
            findings.append(problem)
        if unread.touches(*place, "password"):
            path = None
        offered.append(
            Offered(
                AnswerPlace(place),
                material,
                attachment.file,
                path,
                attachment.title
                or title_of(PurePosixPath(attachment.file.replace("\\", "/")).name),
                attachment.pages,
                attachment.rotate or 0,
                attachment.password,
            )
        )
    return tuple(offered), tuple(findings)


def _of_unknown_material(
    programme: Programme, attachments: Sequence[Attachment]
) -> Iterator[tuple[str | int, ...]]:
    """Yield the places of materials that are not the notice's."""
    known = {None, *(material.id for material in programme.materials)}
    for index, attachment in enumerate(attachments):
        if attachment.material not in known:
            yield _LIST, index, "material"


def _likely_material(programme: Programme, attachment: Attachment) -> Material | None:
    """Return the material that an unknown name was probably meant for."""
    near = nearest(attachment.material or "", [material.id for material in programme.materials])
    if near:
        return programme.material(near)
    top, *way = PurePosixPath((attachment.file or "").replace("\\", "/")).parts or ("",)
    if top != ATTACHMENTS_FOLDER or not way:
        return None
    return claim_of(programme, FolderEntry(Path(way[0]), PAPER, is_folder=len(way) > 1)).material


def _material_of(
    programme: Programme,
    attachment: Attachment,
    place: tuple[str, int],
    findings: list[Finding],
) -> Material | None:
    """Return the attachment's material; adds a finding if it is not one of the notice's."""
    known = [material.id for material in programme.materials]
    if attachment.material is None:
        return None
    if attachment.material in known:
        return programme.material(attachment.material)
    near = nearest(attachment.material, known)
    guess = f"是否想写 {near}？" if near else ""
    path = (*place, "material")
    findings.append(
        error(
            "unknown-material",
            AnswerPlace(path),
            programme.fields.label_of(path),
            f"附件所属材料“{attachment.material}”不是通知所列的材料。",
            MendAnswer(f"{guess}可用的有：{'、'.join(known)}。", (path,)),
        )
    )
    return None


def _resolve(
    folder: Path, written: str, place: FindingPlace, label: str
) -> tuple[Path | None, Finding | None]:
    """Return the real file for a written path, or the finding that says why there is none."""
    portable = written.replace("\\", "/")
    steps = PurePosixPath(portable).parts
    leads_out = portable.startswith("/") or bool(PureWindowsPath(written).drive) or ".." in steps
    candidates = [] if leads_out else [folder / written, folder.joinpath(*steps)]
    for candidate in candidates:
        real = real_path(same_name(candidate))
        if real is None or real == real_path(folder):
            continue
        if not real.is_relative_to(folder.resolve()):
            leads_out = True
        elif real.is_file():
            return real, None
    if leads_out:
        return None, error(
            "attachment-outside",
            place,
            label,
            f"附件“{written}”不在申报文件夹之内。",
            "请把文件复制到申报文件夹的 attachments 下，路径从申报文件夹写起，不用盘符和“..”。",
        )
    return None, error(
        "attachment-missing",
        place,
        label,
        f"找不到附件“{written}”。",
        _missing_advice(folder.joinpath(*steps), folder),
    )


def same_name(path: Path) -> Path:
    """Return the file whose normalised name is the same (macOS decomposes names)."""
    try:
        if path.exists() or not path.parent.is_dir():
            return path
        wanted = unicodedata.normalize("NFC", path.name)
        same = (
            other
            for other in path.parent.iterdir()
            if unicodedata.normalize("NFC", other.name) == wanted
        )
        return min(same, default=path)
    except (OSError, ValueError, RuntimeError):
        return path


def _missing_advice(candidate: Path, folder: Path) -> str:
    general = "请检查路径和文件名（含后缀）是否与实际文件一致。"
    if candidate == folder:
        return general
    try:
        if is_special(candidate):
            return "它不是普通文件（是管道、套接字或设备），请换成真正的文件。"
        if candidate.is_dir():
            return "它是一个文件夹，请写其中的文件；苹果软件的文稿请先导出为 PDF，再写 PDF 的名字。"
        names = sorted(path.name for path in candidate.parent.iterdir() if path.is_file())
    except (OSError, ValueError, RuntimeError):
        return f"请检查文件夹“{candidate.parent.name}”是否存在，路径和文件名（含后缀）是否一致。"
    for name in names:
        verdict = judge_file(name, names, lambda: (0, b""))
        if verdict.of == candidate.name and verdict.nature in (
            Nature.NOT_DOWNLOADED,
            Nature.UNFINISHED,
        ):
            return f"它还没有下载完（那里只有“{name}”），请先下载到本机。"
    near = nearest(candidate.name, names)
    if near:
        return f"同一文件夹里有“{near}”，是否是它？请改正文件名（含后缀）。"
    return general


def _search(folder: Path, programme: Programme) -> _Found:
    """Return the files under attachments/<N>-…/, in the notice's order and natural order
    of names.
    """
    offered: list[Offered] = []
    findings: list[Finding] = []
    sorted_files = sort_files(folder / ATTACHMENTS_FOLDER, programme)
    for material, entry in sorted_files.taken:
        shown = entry.path.relative_to(folder).as_posix()
        real, problem = None, finding_about(entry, shown, is_wanted=True)
        if entry.nature is Nature.PAPER:
            real, problem = _resolve(folder, shown, FilePlace(shown), "附件")
        if problem:
            findings.append(problem)
        if is_offered(entry):
            title = title_of(entry.verdict.of or entry.path.name)
            offered.append(Offered(FilePlace(shown), material, shown, real, title))
    if len(offered) > programme.intake.max_attachments:
        return (), (_too_many(len(offered), programme.intake.max_attachments),)
    for claim, place in sorted_files.doubtful:
        shown = place.relative_to(folder).as_posix()
        findings.append(doubtful_folder(claim, programme, shown))
    for stray in sorted_files.strays:
        shown = stray.entry.path.relative_to(folder).as_posix()
        findings.append(not_sorted(stray, shown, programme))
    return tuple(offered), tuple(findings)


def _not_listed(folder: Path, offered: Sequence[Offered]) -> Iterator[Finding]:
    """Yield a warning for each file under attachments/ that is not in the list."""
    root = folder / ATTACHMENTS_FOLDER
    if not root.is_dir():
        return
    taken = {item.path for item in offered if item.path}
    for entry in in_order(list(entries_below(root)), root):
        shown = entry.path.relative_to(folder).as_posix()
        if entry.nature is Nature.OPEN:
            if real_path(entry.path.with_name(entry.verdict.of)) in taken:
                yield finding_about(entry, shown) or not_listed(shown)
        elif real_path(entry.path) not in taken:
            yield finding_about(entry, shown) or not_listed(shown)


def _bytes_of(offered: Sequence[Offered]) -> int:
    """Return the total size of all offered files, each counted once."""
    total = 0
    for path in {item.path for item in offered if item.path is not None}:
        with suppress(OSError):
            total += path.stat().st_size
    return total


def _too_large(total: int, limit: int) -> Finding:
    return error(
        "attachment-total-size",
        WHOLE,
        "附件",
        f"附件共 {total / 1e6:,.0f} MB，超过一份申报 {limit / 1e6:,.0f} MB 的上限，没有读取。",
        "请以较低的分辨率重新扫描（300 dpi 足够），或去掉不需要的附件。",
    )


def _too_many(count: int, limit: int) -> Finding:
    return error(
        "attachment-too-many",
        WHOLE,
        "附件",
        f"附件共 {count} 个，超过 {limit} 个的上限。",
        "请把同类的小文件合并成一个 PDF 再列入。",
    )
