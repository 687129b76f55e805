"""The number under which a batch files each application: the office's, or one that is assigned.

Folders, spines, letters and the overview show it, so it must not change when a row is inserted.
Assigned numbers are stored for later runs.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sjs_forms.base.output import patient_moves
from sjs_forms.base.plain_files import read_record
from sjs_forms.base.stable_bytes import json_bytes
from sjs_forms.batch.batch_source import SourceRow, padded
from sjs_forms.domain.answers.answer_values import role_of

_log = logging.getLogger(__name__)


def filed(
    rows: Sequence[SourceRow], kept: Mapping[str, int]
) -> tuple[tuple[SourceRow, ...], dict[str, int]]:
    """Return the rows with their numbers, and the numbers to keep, by applicant.

    `kept` are those of earlier runs. A new applicant gets the number of its row in the first run,
    and the next that is free in a later one.
    """
    numbers = dict(kept)
    taken = {*kept.values(), *(int(row.given) for row in rows if row.given.isdecimal())}
    made: list[SourceRow] = []
    seen: dict[str, int] = {}
    used: set[str] = set()
    for row in rows:
        key = applicant_key(row)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            key = f"{key}#{seen[key]}"
        number = _office_number(row, used)
        if not number:
            if key not in numbers:
                numbers[key] = _free(row.number if not kept else max(taken, default=0) + 1, taken)
                taken.add(numbers[key])
            number = padded(numbers[key])
        used.add(number)
        made.append(replace(row, filed=number))
    return tuple(made), numbers


def _office_number(row: SourceRow, used: set[str]) -> str:
    """Return the number that the office gave, unless an earlier row has it already."""
    number = padded(row.given) if row.given.isdecimal() else row.given
    return "" if number in used else number


def _free(wanted: int, taken: set[int]) -> int:
    while wanted in taken:
        wanted += 1
    return wanted


def applicant_key(row: SourceRow) -> str:
    """Return the key of an applicant: his code, else his name."""
    read = row.application
    if read.programme and read.application:
        code = role_of(read.programme.fields, read.application, "applicant_code")
        if code:
            return f"code:{code}"
    return f"name:{row.name}"


def read_numbers(path: Path) -> dict[str, int]:
    """Return the numbers of earlier runs; none if they cannot be read."""
    try:
        found = json.loads(read_record(path))
        return {str(key): int(number) for key, number in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        _log.warning("the numbers in %s cannot be read", path, exc_info=True)
        return {}


def write_numbers(path: Path, numbers: Mapping[str, int]) -> None:
    """Store the numbers. Raises OSError."""
    patient_moves.write(path, json_bytes(dict(numbers)))
