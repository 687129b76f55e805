"""The rows of 清单.xlsx and the findings about a zip whose files are made. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import MaterialPlace
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.domain.programme import Portal
from sjs_forms.portal.zip_file_names import MaterialFiles, ZipFile


@dataclass(frozen=True, slots=True)
class PackedEntry:
    """A file as written into the zip. `pages` is None if unknown.

    `before` is its size before its scans were reduced, None if they were not.
    """

    entry: ZipFile
    size: int
    pages: int | None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list. `number` and `material` are empty below a material's first line."""

    number: int | None
    material: str
    file: str
    pages: int | None
    size: int | None
    note: str
    mood: Literal["plain", "doubt", "lack"] = "plain"


def rows(
    packed: Sequence[tuple[MaterialFiles, Sequence[PackedEntry]]], rules: Portal
) -> tuple[ListRow, ...]:
    """Return every file, and everything that is missing, material by material."""
    return tuple(row for group, files in packed for row in _rows(group, files, rules))


def _rows(group: MaterialFiles, files: Sequence[PackedEntry], rules: Portal) -> Iterator[ListRow]:
    heading: tuple[int | None, str] = (group.number, group.material.title)
    for file in files:
        doubt = file.size > rules.max_bytes or file.entry.kind == "unstamped"
        yield ListRow(
            *heading,
            file.entry.name,
            file.pages,
            file.size,
            _note(file, rules),
            "doubt" if doubt else "plain",
        )
        heading = (None, "")
    for lack in group.lacks:
        what = f"缺：{lack.title}" if lack.title else "缺"
        yield ListRow(*heading, what, None, None, lack.reason, "lack")
        heading = (None, "")


def _note(file: PackedEntry, rules: Portal) -> str:
    notes = [_kind(file.entry)]
    if file.before is not None:
        notes.append(f"扫描页已降到 {rules.dpi} dpi（原 {megabytes(file.before)}）")
    if file.size > rules.max_bytes:
        notes.append(f"超过 {rules.max_file_mb:g} MB 上限")
    return "；".join(notes)


def _kind(entry: ZipFile) -> str:
    sources = entry.sources
    if entry.kind == "word":
        return "Word 版"
    if entry.kind == "unstamped":
        return "尚未盖章，供打印盖章用"
    if entry.kind == "original":
        return _original(entry)
    what = "盖章扫描件" if entry.kind == "stamped" else "合并件"
    return what if len(sources) == 1 else f"{what}，由 {len(sources)} 件合成"


def _original(entry: ZipFile) -> str:
    notes = ["原件"]
    facts = [source.facts for source in entry.sources if source.facts is not None]
    if any(remark.has(Trait.SIGNED) for each in facts for remark in each.remarks):
        notes.append("带数字签名，未作改动")
    if any(source.offered.password for source in entry.sources):
        notes.append("打开需要密码")
    chosen = [source.offered.pages for source in entry.sources if source.offered.pages]
    if chosen:
        notes.append(f"合并件只取第 {'、'.join(chosen)} 页")
    return "，".join(notes)


def findings(
    packed: Sequence[tuple[MaterialFiles, Sequence[PackedEntry]]], rules: Portal
) -> tuple[Finding, ...]:
    """Return findings on the files that were reduced, and on those that are still too large."""
    return tuple(
        finding
        for group, files in packed
        for file in files
        if file.entry.kind in ("merged", "stamped")
        for finding in _findings(group, file, rules)
    )


def _findings(group: MaterialFiles, file: PackedEntry, rules: Portal) -> Iterator[Finding]:
    title, name = group.material.title, file.entry.name
    place = MaterialPlace(group.material.id)
    limit = f"{rules.max_file_mb:g} MB"
    if file.before is not None:
        yield warning(
            "portal-reduced",
            place,
            title,
            f"在线申报的“{name}”合并后为 {megabytes(file.before)}，超过 {limit}，"
            f"其中的扫描页已降到 {rules.dpi} dpi，现为 {megabytes(file.size)}。",
            "请打开核对字迹和公章是否清晰；装订版和原件没有改动。",
        )
    if file.size > rules.max_bytes:
        yield warning(
            "portal-too-large",
            place,
            title,
            f"在线申报的“{name}”有 {megabytes(file.size)}，超过 {limit}，平台可能不接受。",
            several(
                f"请以黑白或灰度、{rules.dpi} dpi 重新扫描其中较大的文件，"
                "或向平台技术支持询问上限。",
                PlainAction.CHOOSE_PAGES,
            ),
        )


def megabytes(size: int) -> str:
    """Format a size: 83.2 MB, or 640 KB if smaller."""
    return f"{size / 1e6:,.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1e3))} KB"
