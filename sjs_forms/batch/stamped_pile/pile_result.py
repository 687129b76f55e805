"""The result of filing a pile of scans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.stamped_pile.pile_calls import PileCall
from sjs_forms.batch.stamped_pile.pile_filing import FiledApplicant
from sjs_forms.domain.programme import Form
from sjs_forms.stamped.verdict_findings import Names


@dataclass(frozen=True, slots=True)
class PileResult:
    """What became of a pile: the rows, every page, every applicant, and the findings on the pile.

    `refused` are those whose forms cannot be printed, with the reasons. `open_pages` are the
    errors for pages that the user must decide, by page. `names` are by applicant.
    """

    rows: tuple[SourceRow, ...]
    calls: tuple[PileCall, ...]
    filed: Mapping[int, FiledApplicant]
    refused: Mapping[int, tuple[Finding, ...]]
    findings: tuple[Finding, ...]
    open_pages: Mapping[int, Finding]
    names: Mapping[int, Names]

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings on the pile, and those on its applicants."""
        more = (found for each in self.filed.values() for found in each.findings)
        return tuple(dict.fromkeys((*self.findings, *self.open_pages.values(), *more)))

    @property
    def written(self) -> tuple[Path, ...]:
        """The scans that were filed."""
        return tuple(path for each in self.filed.values() for path in each.written)


def forms_of(row: SourceRow) -> Iterator[Form]:
    """Yield the forms of which a row's stamped scans are wanted, in the notice's order."""
    programme = row.application.programme
    wanted = {each.form for each in programme.materials} if programme else set()
    yield from (form for form in (programme.forms if programme else ()) if form.id in wanted)


def form_state(result: PileResult, row: SourceRow, form: Form) -> str:
    """Return in Chinese what became of one form of an applicant."""
    if row.number in result.refused:
        return "填写有误，没有辨认"
    filed = result.filed[row.number]
    if form.id in filed.forms:
        return "已放入"
    if form.id in filed.known:
        return "以前已放入"
    verdict = filed.recognition.verdict
    missing = [page.page for page in verdict.missing if page.form == form.id]
    if missing:
        return f"缺第 {'、'.join(map(str, missing))} 页"
    if any(page.page and page.page.form == form.id for page in verdict.pages):
        return "页已收齐，没有放入" if form.id in verdict.complete else "有疑问，没有放入"
    offered = row.application.offered
    if any(item.material.form == form.id and item.path for item in offered):
        return "以前已有"
    return "没有收到"


def is_settled(state: str) -> bool:
    """Return whether nothing is left to be done about a form in this state."""
    return state in ("已放入", "以前已放入", "以前已有")


def errors_of(result: PileResult, row: SourceRow) -> tuple[Finding, ...]:
    """Return what must be settled before an applicant's scans are complete."""
    if row.number in result.refused:
        return blocking(result.refused[row.number])
    return blocking(result.filed[row.number].findings)
