"""The number under which a batch files each application: the office's, or one that is assigned.

Folders, spines, letters and the overview show it, so it must not change when a row is inserted.
Assigned numbers are stored for later runs.
"""

import json
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
    offices = _office_numbers(rows)
    keys = _keys_of(rows)
    given = {int(number) for number in offices.values() if number.isdecimal()}
    known = _known_numbers({at: keys[at] for at in keys if at not in offices}, kept, given)
    taken = {*kept.values(), *given}
    made: list[SourceRow] = []
    for at, row in enumerate(rows):
        if at not in offices and at not in known:
            known[at] = _free(row.number if not kept else max(taken, default=0) + 1, taken)
            taken.add(known[at])
        made.append(replace(row, filed=offices[at] if at in offices else padded(known[at])))
    assigned = {*known.values(), *given}
    numbers = {key: number for key, number in kept.items() if number not in assigned}
    numbers |= {key: number for at, number in known.items() for key in keys[at]}
    return tuple(made), numbers


def _office_numbers(rows: Sequence[SourceRow]) -> dict[int, str]:
    """Return the numbers that the office gave, by the row's index; one that recurs counts once."""
    found: dict[int, str] = {}
    for at, row in enumerate(rows):
        number = padded(row.given) if row.given.isdecimal() else row.given
        if number and number not in found.values():
            found[at] = number
    return found


def _keys_of(rows: Sequence[SourceRow]) -> dict[int, tuple[str, ...]]:
    """Return the keys of each row's applicant, by the row's index; his code first, if he has one.

    Of rows of the same applicant, the second and later ones have keys of their own.
    """
    seen: Counter[str] = Counter()
    found: dict[int, tuple[str, ...]] = {}
    for at, row in enumerate(rows):
        keys = tuple(dict.fromkeys((applicant_key(row), f"name:{row.name}")))
        seen.update(keys)
        found[at] = tuple(key if seen[key] == 1 else f"{key}#{seen[key]}" for key in keys)
    return found


def _known_numbers(
    keys: Mapping[int, Sequence[str]], kept: Mapping[str, int], given: Collection[int]
) -> dict[int, int]:
    """Return the numbers of applicants of earlier runs, by the row's index.

    One whose code is new, because it was corrected or added, is known by his name. The office may
    have `given` a number to another since.
    """
    found: dict[int, int] = {}
    free = {key: number for key, number in kept.items() if number not in given}
    for by_name in (False, True):
        for at, own in keys.items():
            number = free.get(own[-1 if by_name else 0])
            if at not in found and number is not None and number not in found.values():
                found[at] = number
    return found


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
