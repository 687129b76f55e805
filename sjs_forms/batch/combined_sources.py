"""Reads several sources as one batch. A roster's row and a folder of one applicant are one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sjs_forms.base.progress import never_cancelled
from sjs_forms.batch.batch_source import SourceRow, read_rows
from sjs_forms.batch.filing_numbers import applicant_key


def read_sources(
    sources: Sequence[Path],
    out: Path,
    is_cancelled: Callable[[], bool] = never_cancelled,
    programme_id: str | None = None,
) -> tuple[SourceRow, ...]:
    """Return the applications of all sources in their order, numbered anew.

    If a roster and another source have the same applicant, by code or else by name, the application
    is that of the other source, and the roster gives its number. Raises as `read_rows`.
    """
    rows = [row for source in sources for row in read_rows(source, out, is_cancelled, programme_id)]
    if len(sources) == 1:
        return tuple(rows)
    elsewhere = {applicant_key(row) for row in rows if row.line is None}
    given = {applicant_key(row): row.given for row in rows if row.line is not None and row.given}
    kept = [row for row in rows if row.line is None or applicant_key(row) not in elsewhere]
    return tuple(
        replace(row, number=number, given=row.given or given.get(applicant_key(row), ""))
        for number, row in enumerate(kept, 1)
    )
