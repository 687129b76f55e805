"""Writes the files about all applications together, if they would differ from those that exist.

A digest of all that they are made of is recorded in the state's folder.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sjs_forms.base.files.file_stamps import stamp_of
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.findings.finding_records import record_of
from sjs_forms.base.manifest import MANIFEST
from sjs_forms.base.output import patient_moves
from sjs_forms.base.output.output_folder import unwritable
from sjs_forms.batch.batch_folder import STATE
from sjs_forms.batch.execution.task import Work
from sjs_forms.batch.ledger import tool_digest
from sjs_forms.batch.outputs.common_files import CommonFiles
from sjs_forms.batch.outputs.forms_together import TOGETHER, write_together
from sjs_forms.batch.outputs.overview import OVERVIEW_FILES, write_overview
from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.batch.sources.batch_source import SourceRow

_RECORD = "overview.json"

_log = logging.getLogger(__name__)


def write_summary_files(
    out: Path,
    rows: Sequence[SourceRow],
    verdicts: Sequence[Verdict],
    work: Work,
    left_over: tuple[str, ...] = (),
) -> dict[str, str]:
    """Write overview, letters and print queue, and the forms of all.

    `left_over` are folders of earlier runs that are of none of the rows.

    Returns the files that a user had changed, each with the name under which it was kept. Raises
    OutputUnwritable.
    """
    kept: dict[str, str] = {}
    programmes = {row.number: row.application.programme for row in rows}
    record, key = out / STATE / _RECORD, _key(out, rows, verdicts, left_over)
    if _recorded(record) != {"key": key, "written": _stamps(out)}:
        answers = {row.number: row.application.application for row in rows}
        kept |= write_overview(
            out,
            verdicts,
            programmes,
            answers,
            answers_only=work == "forms",
            builds=work == "build",
            left_over=left_over,
        )
        try:
            patient_moves.write(record, json_bytes({"key": key, "written": _stamps(out)}))
        except OSError as problem:
            raise unwritable(record, problem) from problem
    if work != "forms":
        return kept
    try:
        with CommonFiles(out) as files:
            write_together(files, verdicts, programmes)
    except OSError as problem:
        raise unwritable(out / TOGETHER, problem) from problem
    return kept | files.kept


def _key(
    out: Path, rows: Sequence[SourceRow], verdicts: Sequence[Verdict], left_over: Sequence[str]
) -> str:
    """Return a digest of all that the overview is made of."""
    found = sha256(tool_digest().encode())
    found.update(json.dumps(left_over).encode())
    for row in rows:
        read = row.application
        found.update((read.programme.id if read.programme else "").encode())
        found.update((read.application.model_dump_json() if read.application else "").encode())
    for part in _parts(out, verdicts):
        found.update(json.dumps(part, ensure_ascii=True).encode())
    return found.hexdigest()


def _parts(out: Path, verdicts: Sequence[Verdict]) -> Iterator[Any]:
    """Yield what each verdict says; of which run a volume is makes no difference."""
    for each in verdicts:
        status = "built" if each.status == "unchanged" else each.status
        yield each.number, each.filed, each.name, status, each.folder, each.pages
        yield [record_of(found) for found in (*each.findings, *each.own_findings)]
        if each.folder:
            folder = out / each.folder
            yield [
                _stamp(path) for path in sorted({folder / MANIFEST, *folder.glob(f"*/{MANIFEST}")})
            ]


def _stamps(out: Path) -> dict[str, list[int]]:
    """Return size and time of each file that belongs to the overview, by its path in `out`."""
    paths = {path for pattern in OVERVIEW_FILES for path in out.glob(pattern)}
    return {path.relative_to(out).as_posix(): _stamp(path) for path in sorted(paths)}


def _stamp(path: Path) -> list[int]:
    return list(stamp_of(path)) if path.is_file() else []


def _recorded(record: Path) -> Any:
    try:
        return json.loads(read_record(record))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        _log.warning("the record %s cannot be read", record, exc_info=True)
        return None
