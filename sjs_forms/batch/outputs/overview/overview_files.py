"""Writes the overview and the letters into a batch's folder."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.safe_names import joined_name
from sjs_forms.base.manifest import Manifest
from sjs_forms.base.output.output_folder import unwritable
from sjs_forms.batch.outputs.common_files import CommonFiles
from sjs_forms.batch.outputs.overview.applicant_rows import applicant_rows
from sjs_forms.batch.outputs.overview.letters import (
    LETTER,
    MAIL,
    Letter,
    letter_docxs,
    letter_of,
    letter_text,
)
from sjs_forms.batch.outputs.overview.overview_page import page_bytes
from sjs_forms.batch.outputs.overview.overview_remarks import OverviewRemarks
from sjs_forms.batch.outputs.overview.overview_workbook import overview_bytes
from sjs_forms.batch.outputs.overview.print_queue import (
    JOB_SHEETS,
    LABELS,
    RECEIPTS,
    write_print_queue,
)
from sjs_forms.batch.outputs.overview.print_totals import print_totals
from sjs_forms.batch.outputs.overview.review_table import review_table
from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.volume.built_folder import manifests_of

_log = logging.getLogger(__name__)

WORKBOOK, PAGE = "总览.xlsx", "总览.html"
LETTERS = "退补通知"
"""Folder for the letters, outside the applicants' folders, which must stay as built."""
OVERVIEW_FILES = (
    WORKBOOK,
    PAGE,
    JOB_SHEETS,
    LABELS,
    RECEIPTS,
    *(f"{LETTERS}/*{name}" for name in (LETTER, MAIL)),
)
"""Patterns of all files that are written here."""


def write_overview(
    out: Path,
    verdicts: Sequence[Verdict],
    programmes: Mapping[int, Programme | None],
    answers: Mapping[int, Application | None] = MappingProxyType({}),
    answers_only: bool = False,
    builds: bool = True,
    left_over: tuple[str, ...] = (),
) -> dict[str, str]:
    """Write overview, letters and print queue. `programmes` and `answers` are by row number.

    `answers_only` says that no files were looked at, so that nothing is said of what is missing.
    Unless this run `builds`, the print queue of the volumes that were built before is left alone.
    `left_over` are folders of earlier runs that are of none of the applicants.

    Returns the files that a user had changed, each with the name under which it was kept. Raises
    OutputUnwritable.
    """
    volumes = {each.folder: _manifests(out / each.folder) for each in verdicts if each.folder}
    rows = applicant_rows(
        verdicts, {name: tuple(found.values()) for name, found in volumes.items()}
    )
    notice = next((each for each in programmes.values() if each is not None), None)
    title = notice.title if notice else ""
    totals = print_totals(rows)
    of_notice = [
        (each, written)
        for each in verdicts
        if (written := answers.get(each.number)) and programmes.get(each.number) is notice
    ]
    review = review_table(notice, of_notice) if notice else None
    try:
        with CommonFiles(out) as files:
            _write_letters(files, verdicts, programmes, notice, answers_only)
            if notice is not None and builds:
                write_print_queue(files, notice, rows, totals, volumes)
            for name in (WORKBOOK, PAGE):  # first, so that both can say so
                files.make_room(name)
            remarks = OverviewRemarks(answers_only, files.kept, left_over)
            files.write(WORKBOOK, overview_bytes(title, rows, totals, review, remarks))
            files.write(PAGE, page_bytes(title, rows, totals, remarks))
            return files.kept
    except OSError as problem:
        raise unwritable(out, problem) from problem


def _manifests(folder: Path) -> dict[Path, Manifest]:
    """Return the manifests of a folder's volumes by theirs; none if they cannot be read."""
    try:
        return manifests_of(folder)
    except UsageFault:
        _log.info("“%s” has no manifest to read", folder)
        return {}


def _write_letters(
    files: CommonFiles,
    verdicts: Sequence[Verdict],
    programmes: Mapping[int, Programme | None],
    any_notice: Programme | None,
    answers_only: bool,
) -> None:
    """Write a letter to each applicant with findings."""
    letters: dict[str, list[tuple[str, Letter]]] = {}
    notices: dict[str, Programme] = {}
    for verdict in verdicts:
        programme = programmes.get(verdict.number) or any_notice
        number = verdict.shown_number
        found = verdict.own_findings
        letter = letter_of(number, verdict.name, found, programme, answers_only)
        if letter is None or programme is None:
            continue
        notices[programme.id] = programme
        stem = f"{joined_name(number, verdict.name)}_"
        letters.setdefault(programme.id, []).append((stem, letter))
    wanted: dict[str, bytes] = {}
    for notice, stems in letters.items():
        made = letter_docxs([letter for _, letter in stems], notices[notice])
        for (stem, letter), docx in zip(stems, made, strict=True):
            wanted[f"{LETTERS}/{stem}{LETTER}"] = docx
            wanted[f"{LETTERS}/{stem}{MAIL}"] = letter_text(letter, notices[notice])
    _put_letters(files, wanted)


def _put_letters(files: CommonFiles, wanted: Mapping[str, bytes]) -> None:
    """Write the letters, and remove those of an earlier run."""
    for name in files.recorded_in(LETTERS):
        if name not in wanted:
            files.remove(name)
    for name, data in wanted.items():
        files.write(name, data)
    folder = files.out / LETTERS
    if not wanted and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
