"""Recognises a run that would only say the same again as the last one, without reading anything.

What a run reads and what it has written is judged by names, sizes and times, as the ledger judges
single files. If anything differs, all applications are read, and judged one by one.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sjs_forms.base.files.file_stamps import TreeStamp, tree_stamps
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.output import patient_moves
from sjs_forms.batch.batch_folder import LOCK, STATE
from sjs_forms.batch.ledger import Ledger, tool_digest
from sjs_forms.batch.outputs.report import REPORT_CSV, REPORT_JSON, Verdict
from sjs_forms.batch.sources.own_scans import OWN_SCANS
from sjs_forms.intake.photographs import opencv

_RECORD = "last-run.json"
_SAME = ("built", "unchanged")
"""The statuses of applications that the next run would find unchanged."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastRun:
    """The verdicts of a run, as the next one gives them, and the folders that are of no row."""

    verdicts: tuple[Verdict, ...]
    unknown_folders: tuple[str, ...]


def inputs_digest(sources: Sequence[Path], out: Path, asked: str) -> str | None:
    """Return a digest of all that a run depends on; it must be taken before anything is read.

    `asked` are its options. A roster's row may name any folder beside the roster, so that
    everything beside a file counts. None if a source cannot be judged so (see `tree_stamps`).
    """
    found = sha256("\0".join((tool_digest(), asked, str(opencv.is_installed()))).encode())
    real = out.resolve()
    scans = real / OWN_SCANS
    folders = [source if source.is_dir() else source.parent for source in sources]
    for folder in (*folders, *([scans] if scans.is_dir() else [])):
        stamps = tree_stamps(folder, (real,))
        if stamps is None:
            return None
        found.update(_bytes([str(folder.resolve()), stamps]))
    found.update(_bytes([str(source) for source in sources]))
    return found.hexdigest()


def has_record(out: Path) -> bool:
    """Return whether there is a last run to compare with."""
    return (out / STATE / _RECORD).is_file()


def recognised(out: Path, inputs: str) -> LastRun | None:
    """Return the last run in a batch's folder if it had these inputs, and its outputs are there."""
    try:
        record = json.loads(read_record(out / STATE / _RECORD))
        if record["inputs"] != inputs or record["outputs"] != _outputs_digest(_outputs(out)):
            return None
        return LastRun(
            tuple(map(_verdict_of, record["verdicts"])), tuple(map(str, record["unknown_folders"]))
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        _log.warning("the record of the last run in %s is not used", out, exc_info=True)
        return None


def remember(out: Path, inputs: str | None, run: LastRun, ledger: Ledger) -> None:
    """Record a run that has ended. Raises OSError.

    Nothing is recorded of one in which an application failed: it is tried again. Nor if a folder
    is no longer as it was built.
    """
    record = out / STATE / _RECORD
    patient_moves.unlink(record)
    if inputs is None or any(verdict.status not in _SAME for verdict in run.verdicts):
        return
    stamps = _outputs(out)
    if stamps is None or not ledger.is_as_built(stamps):
        return
    told = {
        "inputs": inputs,
        "outputs": _outputs_digest(stamps),
        "unknown_folders": run.unknown_folders,
        "verdicts": list(map(_record_of, run.verdicts)),
    }
    patient_moves.write(record, json_bytes(told))


def _outputs(out: Path) -> dict[str, TreeStamp] | None:
    """Return the stamps of the batch's folder without what each run writes anew."""
    real = out.resolve()
    state = real / STATE
    return tree_stamps(out, (real / REPORT_CSV, real / REPORT_JSON, state / LOCK, state / _RECORD))


def _outputs_digest(stamps: Mapping[str, TreeStamp] | None) -> str:
    return sha256(_bytes(stamps)).hexdigest()


def _bytes(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _record_of(verdict: Verdict) -> dict[str, Any]:
    return {
        "number": verdict.number,
        "name": verdict.name,
        "pages": verdict.pages,
        "folder": verdict.folder,
        "filed": verdict.filed,
        "findings": [record_of(found) for found in verdict.findings],
        "own_findings": [record_of(found) for found in verdict.own_findings],
    }


def _verdict_of(record: dict[str, Any]) -> Verdict:
    return Verdict(
        int(record["number"]),
        str(record["name"]),
        "unchanged",
        tuple(map(finding_of, record["findings"])),
        int(record["pages"]),
        0.0,
        str(record["folder"]),
        tuple(map(finding_of, record["own_findings"])),
        str(record["filed"]),
    )
