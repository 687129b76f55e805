"""Writes 总览.html: the overview as one file for any browser, without a server or script."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sjs_forms.base.findings.finding import blocking
from sjs_forms.batch.outputs.overview.applicant_rows import ApplicantRow, is_compared
from sjs_forms.batch.outputs.overview.overview_remarks import PLAIN, OverviewRemarks
from sjs_forms.batch.outputs.overview.overview_workbook import total_lines
from sjs_forms.batch.outputs.overview.print_totals import PrintTotals

if TYPE_CHECKING:
    from jinja2 import Template


def page_bytes(
    title: str,
    rows: Sequence[ApplicantRow],
    totals: PrintTotals,
    remarks: OverviewRemarks = PLAIN,
) -> bytes:
    """Return the page. The same rows and remarks give the same bytes."""
    stopping = [set(map(id, blocking(row.findings))) for row in rows]
    shown = [
        (row, [(each, id(each) in ids) for each in row.findings])
        for row, ids in zip(rows, stopping, strict=True)
    ]
    text = _template().render(
        title=title,
        rows=shown,
        totals=list(total_lines(totals)),
        compared=is_compared(rows),
        answers_only=remarks.answers_only,
        remarks=remarks.words(),
        papers=any(row.doubted_papers for row in rows),
    )
    return text.encode("utf-8", "replace")


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=here,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["path"] = _as_url
    return environment.get_template("overview.html")


def _as_url(folder: str) -> str:
    from urllib.parse import quote

    return "./" + quote(folder.encode("utf-8", "surrogateescape")) + "/"
