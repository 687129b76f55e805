"""Writes 印制单汇总.pdf and 箱签.pdf for the print shop, and 签收单.docx for the recipients."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sjs_forms.base.font_coverage import with_marks
from sjs_forms.batch.outputs.common_files import CommonFiles
from sjs_forms.batch.outputs.overview.applicant_rows import ApplicantRow, is_compared, reprint_words
from sjs_forms.batch.outputs.overview.overview_workbook import total_lines
from sjs_forms.batch.outputs.overview.print_totals import PrintTotals
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.text_document import Table, TextDocument, text_docx

JOB_SHEETS, LABELS, RECEIPTS = "印制单汇总.pdf", "箱签.pdf", "签收单.docx"
_JOB_SHEET = "印制单.pdf"
_WIDTHS = (22, 74, 14, 31, 31)
"""Widths of the columns to be signed, in millimetres."""


def write_print_queue(
    files: CommonFiles,
    programme: Programme,
    rows: Sequence[ApplicantRow],
    totals: PrintTotals,
    volumes: Mapping[str, Iterable[Path]],
) -> None:
    """Write the files for the applicants whose volumes may be printed; remove them if none may.

    `volumes` are the folders of the volumes by that of their applicant. Raises OSError, and what
    the typesetter raises.
    """
    ready = [row for row in rows if row.is_printable]
    if not ready:
        for name in (JOB_SHEETS, LABELS, RECEIPTS):
            files.remove(name)
        return
    from sjs_forms.typesetting.typesetter import FilledTemplate, LocalTypesetter, typeset

    typesetter = LocalTypesetter()
    templates = programme.templates
    first = FilledTemplate(templates, "pages/print-totals.html", _totals(programme, ready, totals))
    labels = FilledTemplate(templates, "pages/box-labels.html", _labels(programme, ready))
    folders = [folder for row in ready for folder in volumes[row.folder or ""]]
    _write_job_sheets(files, typeset(typesetter, first), folders)
    files.write(LABELS, typeset(typesetter, labels))
    files.write(RECEIPTS, text_docx(_receipts(programme, ready), programme.dated))


def _totals(
    programme: Programme, rows: Sequence[ApplicantRow], totals: PrintTotals
) -> dict[str, Any]:
    volumes = [
        {
            "number": with_marks(row.number),
            "name": with_marks(row.name),
            "copies": volume.copies,
            "sides": volume.sides,
            "sheets": volume.sheets,
            "spine": f"{volume.spine_mm:g}",
            "reprint": reprint_words(volume),
        }
        for row in rows
        for volume in row.volumes
    ]
    return {
        "programme": programme.title,
        "totals": list(total_lines(totals)),
        "volumes": volumes,
        "compared": is_compared(rows),
    }


def _receipts(programme: Programme, rows: Sequence[ApplicantRow]) -> TextDocument:
    lines = tuple((row.number, row.name, str(_books(row)), "", "") for row in rows)
    table = Table(("编号", "单位名称", "册数", "签收人", "签收日期"), lines, _WIDTHS)
    return TextDocument(f"{programme.title}签收单", (table,))


def _books(row: ApplicantRow) -> int:
    return sum(volume.copies for volume in row.volumes)


def _labels(programme: Programme, rows: Sequence[ApplicantRow]) -> dict[str, Any]:
    applicants = [
        {
            "number": with_marks(row.number),
            "name": with_marks(row.name),
            "books": _books(row),
            "sheets": row.sheets,
        }
        for row in rows
    ]
    return {"programme": programme.title, "applicants": applicants}


def _write_job_sheets(files: CommonFiles, totals: bytes, volumes: Iterable[Path]) -> None:
    """Write the totals, then the job sheets of all volumes in the order of the overview."""
    import io

    import pikepdf

    from sjs_forms.pdf.objects import save

    fresh = files.out / f".{JOB_SHEETS}.new"
    with pikepdf.open(io.BytesIO(totals)) as queue:
        for folder in volumes:
            with pikepdf.open(folder / _JOB_SHEET) as one:
                queue.pages.extend(one.pages)
        save(queue, fresh)
    files.put(fresh, JOB_SHEETS)
