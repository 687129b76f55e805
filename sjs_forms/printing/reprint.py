"""Compares two builds, after a document arrived late, and lists the sheets to print again.

A sheet is still good if both its sides show the same, by digest (see `side_digests`). A sheet that
shows the same page of the same document differently (its number has moved, a page was corrected)
replaces the earlier one. A sheet without a counterpart is new, or obsolete.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sjs_forms.base.manifest import Manifest, Moved, PartEntry, Reprinted, SideEntry, Since
from sjs_forms.volume.plan_views import KINDS

SheetStatus = Literal["unchanged", "moved", "reprint", "new"]
"""Unchanged; unchanged but at another place in the volume; to be printed again; new."""

REPRINT_LIST = "补印单.csv"
REPRINT_PDF = "补印.pdf"
_MOVED_ON = "页码由"
_STATUSES: dict[SheetStatus, str] = {
    "unchanged": "留用",
    "moved": "移位",
    "reprint": "重印",
    "new": "新印",
}


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side of a build, for comparison: `shows` names the page, `digest` is its appearance."""

    digest: str
    shows: tuple[str, ...]
    label: str | None
    title: str


@dataclass(frozen=True, slots=True)
class ComparedSheet:
    """A sheet of a build, numbered from 1, with its recto and verso."""

    sheet: int
    recto: ComparedSide
    verso: ComparedSide

    @property
    def look(self) -> tuple[str, str]:
        """Both digests: the appearance of the sheet."""
        return self.recto.digest, self.verso.digest


@dataclass(frozen=True, slots=True)
class SheetComparison:
    """What happens to a sheet of the new volume. `was` is its number in the earlier one.

    `reason` says in Chinese why a sheet is printed again.
    """

    sheet: ComparedSheet
    status: SheetStatus
    was: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reprint:
    """Every sheet of the new volume in order, and the obsolete sheets of the earlier one.

    `other_version` is the version of this program that made the earlier one, if different.
    """

    sheets: tuple[SheetComparison, ...]
    gone: tuple[ComparedSheet, ...]
    other_version: str = ""

    def of(self, *statuses: SheetStatus) -> tuple[SheetComparison, ...]:
        """Return the sheets with one of these statuses."""
        return tuple(compared for compared in self.sheets if compared.status in statuses)

    @property
    def to_print(self) -> tuple[int, ...]:
        """The sheets of the new volume to be printed."""
        return tuple(compared.sheet.sheet for compared in self.of("reprint", "new"))


def sheets_of(parts: Iterable[PartEntry], sides: Iterable[SideEntry]) -> tuple[ComparedSheet, ...]:
    """Return the sheets of a manifest. Raises ValueError if a side has no digest or no part."""
    by_id = {part.id: part for part in parts}
    faces = [(side.sheet, _face(side, by_id.get(side.part or ""))) for side in sides]
    pairs = zip(faces[::2], faces[1::2], strict=True)
    return tuple(ComparedSheet(number, recto, verso) for (number, recto), (_, verso) in pairs)


def _face(side: SideEntry, part: PartEntry | None) -> ComparedSide:
    """Identify a document's page by file and page number, a generated page by its purpose."""
    if side.sha256 is None or side.kind not in KINDS:
        raise ValueError(f"side {side.side}")
    kind = KINDS[side.kind]
    if part is None:
        return ComparedSide(side.sha256, (), None, kind)
    nth = side.side - part.first_side
    shows: tuple[str, ...] = (side.kind, part.material or "", part.title, str(nth))
    page = nth + 1 if part.last_side > part.first_side else None
    if side.source is not None:
        of_page = "" if side.source_part is None else str(side.source_part)
        shows = (side.kind, side.source, str(side.source_page), of_page)
        page = side.source_page
    title = f" {part.title}" if part.title != kind else ""
    return ComparedSide(
        side.sha256, shows, side.label, kind + title + (f" 第 {page} 页" if page else "")
    )


def compare(earlier: Sequence[ComparedSheet], sheets: Sequence[ComparedSheet]) -> Reprint:
    """Match every sheet with an earlier one: first by appearance, then by page.

    No earlier sheet is matched twice. Of several that look the same, the one at the same place is
    preferred.
    """
    twins = _same_look(earlier, sheets)
    used = {old.sheet for old in twins.values()}
    counterparts = _same_page(
        [old for old in earlier if old.sheet not in used],
        [new for new in sheets if new.sheet not in twins],
    )
    used |= {old.sheet for old in counterparts.values()}
    return Reprint(
        tuple(_compared(new, twins.get(new.sheet), counterparts.get(new.sheet)) for new in sheets),
        tuple(old for old in earlier if old.sheet not in used),
    )


def _same_look(
    earlier: Sequence[ComparedSheet], sheets: Sequence[ComparedSheet]
) -> dict[int, ComparedSheet]:
    """Map new sheet numbers to earlier sheets that look the same."""
    in_place = {old.sheet: old for old in earlier}
    twins = {
        new.sheet: in_place[new.sheet]
        for new in sheets
        if new.sheet in in_place and in_place[new.sheet].look == new.look
    }
    others: defaultdict[tuple[str, str], deque[ComparedSheet]] = defaultdict(deque)
    for old in earlier:
        if old.sheet not in twins:
            others[old.look].append(old)
    for new in sheets:
        if new.sheet not in twins and others[new.look]:
            twins[new.sheet] = others[new.look].popleft()
    return twins


def _same_page(
    earlier: Sequence[ComparedSheet], sheets: Sequence[ComparedSheet]
) -> dict[int, ComparedSheet]:
    """Map new sheet numbers to earlier sheets with the same page on the recto."""
    rectos: defaultdict[tuple[str, ...], deque[ComparedSheet]] = defaultdict(deque)
    for old in earlier:
        rectos[old.recto.shows].append(old)
    found = {}
    for new in sheets:
        if rectos[new.recto.shows]:
            found[new.sheet] = rectos[new.recto.shows].popleft()
    return found


def _compared(
    new: ComparedSheet, twin: ComparedSheet | None, counterpart: ComparedSheet | None
) -> SheetComparison:
    if twin is not None:
        return SheetComparison(new, "unchanged" if twin.sheet == new.sheet else "moved", twin.sheet)
    if counterpart is not None:
        return SheetComparison(new, "reprint", counterpart.sheet, _reason(counterpart, new))
    return SheetComparison(new, "new")


def _reason(old: ComparedSheet, new: ComparedSheet) -> str:
    """Return why the sheet is printed again, as far as the manifests tell."""
    if old.verso.shows != new.verso.shows:
        return "背面换了内容"
    labels = [
        (before.label, after.label)
        for before, after in ((old.recto, new.recto), (old.verso, new.verso))
        if before.label != after.label and before.label and after.label
    ]
    if labels:
        before, after = labels[0]
        return f"{_MOVED_ON} {before} 改为 {after}"
    return "内容有改动"


def summary(reprint: Reprint) -> Iterator[tuple[str, int, str]]:
    """Yield each status with the count of its sheets and their numbers.

    The numbers of obsolete sheets are those in the earlier volume.
    """
    for status, name in _STATUSES.items():
        found = reprint.of(status)
        yield name, len(found), _spans(compared.sheet.sheet for compared in found)
    yield "抽出", len(reprint.gone), _spans(old.sheet for old in reprint.gone)


def reasons(reprint: Reprint) -> Iterator[str]:
    """Yield the reasons for printing sheets again as sentences, each once."""
    because: dict[str, list[SheetComparison]] = defaultdict(list)
    for compared in reprint.of("reprint"):
        because[_MOVED_ON if compared.reason.startswith(_MOVED_ON) else compared.reason].append(
            compared
        )
    for reason, found in because.items():
        sheets = _spans(compared.sheet.sheet for compared in found)
        if reason == _MOVED_ON:
            yield (
                f"前面增减了页，所以自第 {found[0].sheet.sheet} 张起{found[0].reason}，"
                f"印有页码的各张须重印：第 {sheets} 张。"
            )
        else:
            yield f"{reason}：第 {sheets} 张。"
    if reprint.other_version:
        yield (
            f"原册由另一版本（{reprint.other_version}）生成，"
            "封面、目录、彩页和表格无法比较，一律按重印计。"
        )


def _spans(numbers: Iterable[int]) -> str:
    """Format ascending sheet numbers as 3–7、9."""
    return "、".join(
        str(first) if first == last else f"{first}–{last}" for first, last in _runs_of(numbers)
    )


def _runs_of(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last


def reprint_list(reprint: Reprint) -> list[list[str]]:
    """Return a header, a row for every sheet of the new volume, and one for each obsolete sheet."""
    rows = [["张", "办法", "原张", "补印.pdf首页", "补印.pdf末页", "原因", "正面", "背面"]]
    page = 1
    for compared in reprint.sheets:
        pages = ["", ""]
        if compared.status in ("reprint", "new"):
            pages, page = [str(page), str(page + 1)], page + 2
        was = "" if compared.was is None else str(compared.was)
        rows.append(
            [
                str(compared.sheet.sheet),
                _STATUSES[compared.status],
                was,
                *pages,
                compared.reason,
                *_titles(compared.sheet),
            ]
        )
    rows += [["", "抽出", str(old.sheet), "", "", "", *_titles(old)] for old in reprint.gone]
    return rows


def _titles(sheet: ComparedSheet) -> tuple[str, str]:
    return _plain(sheet.recto), _plain(sheet.verso)


def _plain(face: ComparedSide) -> str:
    """Describe a side. The text starts with its kind, so that no spreadsheet reads a formula."""
    return face.title + (f"，页码 {face.label}" if face.label else "")


def since(reprint: Reprint, earlier: Manifest) -> Since:
    """Return the comparison as manifest.json lists it."""
    return Since(
        files=earlier.files,
        unchanged=tuple(compared.sheet.sheet for compared in reprint.of("unchanged")),
        moved=tuple(
            Moved(sheet=compared.sheet.sheet, was=compared.was) for compared in reprint.of("moved")
        ),
        reprint=tuple(
            Reprinted(sheet=compared.sheet.sheet, was=compared.was, reason=compared.reason)
            for compared in reprint.of("reprint")
        ),
        new=tuple(compared.sheet.sheet for compared in reprint.of("new")),
        gone=tuple(old.sheet for old in reprint.gone),
    )
