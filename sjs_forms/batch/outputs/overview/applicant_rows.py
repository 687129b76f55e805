"""One line of the overview for each applicant, from his verdict and the manifest of his folder."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.manifest import DividerSheet, Manifest, PrintEntry
from sjs_forms.batch.outputs.report import WORDS, Verdict
from sjs_forms.printing.wrap_and_job_sheet import WRAP

_DRAFT = "草稿"
_INK = "ink"
"""The kind of dividers that are printed in colour on the same paper as the rest."""


@dataclass(frozen=True, slots=True)
class VolumePrint:
    """One volume as the print shop needs it: sides and sheets of a copy, the spine, colours.

    Of the sheets of a copy that are to be printed, `stocks` counts those of each paper, `colours`
    the dividers of each colour, `colour_sheets` those in colour. `cover` is the paper of the cover,
    "" if none is to be printed.
    """

    copies: int
    sides: int
    sheets: int
    spine_mm: float
    stocks: Mapping[str, int]
    colours: Mapping[str, int]
    colour_sheets: int
    cover: str
    reprint: "SheetChanges | None" = None


@dataclass(frozen=True, slots=True)
class SheetChanges:
    """How the sheets of a copy differ from those printed earlier: printed again or anew, put at
    another place, taken out. `cover` says whether the cover differs.
    """

    again: int
    new: int
    moved: int
    gone: int
    cover: bool = False

    @property
    def to_print(self) -> int:
        """The sheets of a copy that are to be printed."""
        return self.again + self.new


@dataclass(frozen=True, slots=True)
class ApplicantRow:
    """An applicant in the overview. `awaited` are missing scans, `missing` missing materials.

    Volumes that are a `draft` must not be printed.
    """

    number: str
    name: str
    status: str
    is_stopped: bool
    folder: str | None
    findings: tuple[Finding, ...]
    awaited: tuple[str, ...]
    missing: tuple[str, ...]
    volumes: tuple[VolumePrint, ...] = ()
    draft: bool = False

    @property
    def is_printable(self) -> bool:
        """Whether there are volumes that may be printed."""
        return bool(self.volumes) and not self.draft

    @property
    def errors(self) -> int:
        """The number of errors, which must be corrected."""
        return len(blocking(self.findings))

    @property
    def warnings(self) -> int:
        """The number of other findings."""
        return len(self.findings) - self.errors

    @property
    def doubted_papers(self) -> int:
        """The number of findings about what his papers say."""
        return sum(found.has(Trait.PAPER) for found in self.findings)

    @property
    def sides(self) -> int:
        """The sides of one copy of all his volumes."""
        return sum(volume.sides for volume in self.volumes)

    @property
    def reprint(self) -> str:
        """What is to be printed of his volumes, beside what was printed earlier, in Chinese."""
        told = list(dict.fromkeys(map(reprint_words, self.volumes)))
        if len(told) < 2:
            return "".join(told)
        numbered = enumerate(map(reprint_words, self.volumes), 1)
        return "；".join(f"第 {number} 册{words}" for number, words in numbered)

    @property
    def sheets(self) -> int:
        """The sheets of one copy of all his volumes."""
        return sum(volume.sheets for volume in self.volumes)


def applicant_rows(
    verdicts: Sequence[Verdict], manifests: Mapping[str, Sequence[Manifest]]
) -> tuple[ApplicantRow, ...]:
    """Return a row for each verdict. `manifests` are those of each folder's volumes."""
    return tuple(_row(verdict, manifests.get(verdict.folder or "", ())) for verdict in verdicts)


def _row(verdict: Verdict, manifests: Sequence[Manifest]) -> ApplicantRow:
    is_built = verdict.status in ("built", "unchanged")
    draft = is_built and any(found.draft for found in manifests)
    status = WORDS["built"] if is_built else verdict.word
    return ApplicantRow(
        verdict.shown_number,
        verdict.name,
        _DRAFT if draft else status,
        verdict.is_stopped,
        verdict.folder,
        verdict.findings,
        _labels(verdict, Trait.AWAITS_SCAN),
        _labels(verdict, Trait.GAP, Trait.LACKING),
        tuple(_volume(found) for found in manifests) if is_built else (),
        draft,
    )


def _labels(verdict: Verdict, *traits: Trait) -> tuple[str, ...]:
    found = (each for each in verdict.own_findings if all(each.has(trait) for trait in traits))
    return tuple(dict.fromkeys(each.label for each in found))


def _volume(manifest: Manifest) -> VolumePrint:
    job, changes = manifest.print, _changes(manifest)
    prints = _prints(manifest)
    dividers = [sheet for sheet in job.divider_sheets if prints(sheet.sheet)]
    has_cover = job.cover is not None and (changes is None or changes.cover)
    return VolumePrint(
        job.copies,
        job.sides_per_copy,
        job.sheets_per_copy,
        float(job.spine_mm),
        _stocks(job, job.sheets_per_copy if changes is None else changes.to_print, dividers),
        _colours(dividers),
        sum(map(prints, job.coloured_sheets)),
        job.cover.title if job.cover and has_cover else "",
        changes,
    )


def _prints(manifest: Manifest) -> Callable[[int], bool]:
    """Return whether a sheet is to be printed: all, if nothing was printed earlier."""
    since = manifest.since
    if since is None:
        return lambda _sheet: True
    wanted = {*(each.sheet for each in since.reprint), *since.new}
    return lambda sheet: sheet in wanted


def _changes(manifest: Manifest) -> SheetChanges | None:
    since = manifest.since
    if since is None:
        return None
    before, now = (
        {one.file: one.sha256 for one in files}.get(WRAP) for files in (since.files, manifest.files)
    )
    return SheetChanges(
        len(since.reprint), len(since.new), len(since.moved), len(since.gone), before != now
    )


def reprint_words(volume: VolumePrint) -> str:
    """Return what is to be printed of a volume, in sheets of each copy."""
    changes = volume.reprint
    if changes is None:
        return "整册"
    counts = (
        ("重印", changes.again),
        ("新印", changes.new),
        ("移位", changes.moved),
        ("抽出", changes.gone),
    )
    told = [f"{what} {count} 张" for what, count in counts if count]
    return "、".join([*told, *(["换封面"] if changes.cover else [])]) or "不用补印"


def sheets_to_print(volume: VolumePrint) -> int:
    """Return the sheets of a copy that are to be printed: all, if nothing was printed earlier."""
    return volume.sheets if volume.reprint is None else volume.reprint.to_print


def is_compared(rows: Sequence[ApplicantRow]) -> bool:
    """Return whether any volume was compared with one that was printed earlier."""
    return any(volume.reprint for row in rows for volume in row.volumes)


def _stocks(job: PrintEntry, sheets: int, dividers: Sequence[DividerSheet]) -> dict[str, int]:
    """Return `sheets` of a copy by paper; coloured paper for dividers counts separately."""
    plain = job.stock.title if job.stock else job.paper
    coloured = {} if job.dividers == _INK else _colours(dividers)
    stocks = {plain: sheets - sum(coloured.values())}
    return stocks | {f"{colour}彩纸": count for colour, count in coloured.items()}


def _colours(dividers: Sequence[DividerSheet]) -> dict[str, int]:
    return Counter(sheet.colour_name for sheet in dividers)
