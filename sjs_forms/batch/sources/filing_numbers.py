"""The number under which a batch files each application: the office's, or one that is assigned.

Folders, spines, letters and the overview show it, so it must not change when a row is inserted.
Assigned numbers are stored for later runs.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.files.safe_names import safe_name
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.output import patient_moves
from sjs_forms.batch.sources.applicant_identity import identity_of, says_who
from sjs_forms.batch.sources.batch_source import SourceRow, padded
from sjs_forms.domain.plain_names import plain_name

_MAX_GIVEN = 40
"""Characters of a number of the office."""

_NAMED = 5
"""Applicants that a message names."""


def filed(
    rows: Sequence[SourceRow], kept: Mapping[str, int]
) -> tuple[tuple[SourceRow, ...], dict[str, int]]:
    """Return the rows with their numbers, and the numbers to keep, by applicant.

    `kept` are those of earlier runs. The office's numbers come first, wherever their rows are. A
    new applicant gets the number of its row in the first run, and the next that is free in a later
    one; so does one whose number the office has given to another, with a warning. An office number
    that cannot be used is an error of its application.
    """
    offices, mistakes = _office_numbers(rows)
    keys = _keys_of(rows)
    given = {int(number) for number in offices.values() if _is_numeral(number)}
    former = _known_numbers({at: keys[at] for at in keys if at not in offices}, kept)
    known = {at: number for at, number in former.items() if number not in given}
    taken = {*kept.values(), *given}
    made: list[SourceRow] = []
    for at, row in enumerate(rows):
        if at not in offices and at not in known:
            known[at] = _free(row.number if not kept else max(taken, default=0) + 1, taken)
            taken.add(known[at])
        row = _with_mistakes(row, mistakes.get(at, ()))
        if at in former and former[at] != known[at]:
            row = replace(row, doubts=(*row.doubts, _renumbered(former[at], known[at])))
        made.append(replace(row, filed=offices[at] if at in offices else padded(known[at])))
    assigned = {*known.values(), *given}
    numbers = {key: number for key, number in kept.items() if number not in assigned}
    numbers |= {key: number for at, number in known.items() for key in keys[at].kept}
    return tuple(made), numbers


def _office_numbers(
    rows: Sequence[SourceRow],
) -> tuple[dict[int, str], dict[int, tuple[Finding, ...]]]:
    """Return the numbers that the office gave, and errors about them, by the row's index.

    Of several rows with one number, the first has it, and all have an error.
    """
    found: dict[int, str] = {}
    mistakes: dict[int, tuple[Finding, ...]] = {}
    alike: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        number = " ".join(unicodedata.normalize("NFKC", row.given).split())
        if len(number) > _MAX_GIVEN:
            mistakes[at] = (_too_long(),)
        elif number:
            found[at] = padded(number) if _is_numeral(number) else number
            alike.setdefault(_compared(number), []).append(at)
    for several in alike.values():
        if len(several) > 1:
            told = _given_twice(found[several[0]], [rows[at].name for at in several])
            mistakes |= dict.fromkeys(several, (told,))
            for at in several[1:]:
                del found[at]
    return found, mistakes


def _is_numeral(number: str) -> bool:
    return number.isascii() and number.isdecimal()


def _compared(number: str) -> str:
    """Return a number so that those of which folders cannot be told apart are equal."""
    return str(int(number)) if _is_numeral(number) else safe_name(number).casefold()


def _with_mistakes(row: SourceRow, mistakes: Collection[Finding]) -> SourceRow:
    if not mistakes:
        return row
    read = row.application
    return replace(row, application=replace(read, findings=(*read.findings, *mistakes)))


def _too_long() -> Finding:
    return error(
        "batch-number-too-long",
        WHOLE,
        "编号",
        f"名册里的编号超过 {_MAX_GIVEN} 个字，不像是编号。",
        "请改正名册里的编号；不要编号的把这一格留空。",
    )


def _given_twice(number: str, names: Sequence[str]) -> Finding:
    more = f"等 {len(names)} 家" if len(names) > _NAMED else ""
    return error(
        "batch-number-twice",
        WHOLE,
        "编号",
        f"名册里有 {len(names)} 家的编号都是“{number}”：{'、'.join(names[:_NAMED])}{more}。",
        "请改正名册里的编号，一家一个。",
    )


def _renumbered(former: int, now: int) -> Finding:
    return warning(
        "batch-number-changed",
        WHOLE,
        "编号",
        f"以前的编号 {padded(former)} 在名册里给了另一家，这一家改为 {padded(now)}。",
        f"已经写着 {padded(former)} 的通知、签收单和箱签请作废；仍用原编号的，请改正名册。",
    )


_CODE, _NAME, _UNREAD, _FOLDER = "code:", "name:", "unread:", "folder:"
"""The kinds of keys of an applicant, the surest first.

Where an application was when it could not be read is a kind of its own: once it is mended, it is
found again, but another that lies in a folder of the same name is not taken for the former one.
"""


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys under which an applicant's number is `sought`, and those by which it is `kept`."""

    sought: tuple[str, ...]
    kept: tuple[str, ...]


def _keys_of(rows: Sequence[SourceRow]) -> dict[int, _Keys]:
    """Return the keys of each row's applicant, by the row's index.

    Of rows of the same applicant, the second and later ones have keys of their own.
    """
    seen: Counter[str] = Counter()
    found: dict[int, _Keys] = {}
    for at, row in enumerate(rows):
        who, known_by = identity_of(row), plain_name(row.known_by)
        folder = plain_name(row.own_folder)
        texts = {_CODE: who.code, _NAME: who.name, _UNREAD: known_by, _FOLDER: folder}
        plain = [kind + text for kind, text in texts.items() if text]
        seen.update(plain)
        own = [key if seen[key] == 1 else f"{key}#{seen[key]}" for key in plain]
        # A folder in which others were read says nothing of who is read there now.
        unsought, unkept = ((_FOLDER,), _UNREAD) if says_who(row) else ((), _FOLDER)
        found[at] = _Keys(
            tuple(key for key in own if not key.startswith(unsought)),
            tuple(key for key in own if not key.startswith(unkept)),
        )
    return found


def _known_numbers(keys: Mapping[int, _Keys], kept: Mapping[str, int]) -> dict[int, int]:
    """Return the numbers of applicants of earlier runs, by the row's index.

    One whose code is new, because it was corrected or added, is known by his name, and one who
    could not be read before, or cannot now, by his folder.
    """
    found: dict[int, int] = {}
    for kind in (_CODE, _NAME, _UNREAD, _FOLDER):
        for at, own in keys.items():
            key = next((key for key in own.sought if key.startswith(kind)), "")
            number = kept.get(key)
            if at not in found and number is not None and number not in found.values():
                found[at] = number
    return found


def _free(wanted: int, taken: set[int]) -> int:
    while wanted in taken:
        wanted += 1
    return wanted


def read_numbers(path: Path) -> dict[str, int]:
    """Return the numbers of earlier runs; none if the file is missing.

    Nobody's number may change silently. Raises OSError for a file that cannot be read now, and
    UsageFault for one that is broken.
    """
    try:
        found = json.loads(read_record(path))
        return {plain_name(str(key)): int(number) for key, number in found.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError) as problem:
        raise UsageFault(
            f"记着各家编号的“{FILE}”已损坏，读不出来。",
            "请用备份恢复这个文件。没有备份的，把它移走再运行，各家会重新编号；"
            "要沿用原编号的，请写在名册的“编号”一列。已印、已发出的，请与新编号核对。",
            path,
        ) from problem


def write_numbers(path: Path, numbers: Mapping[str, int]) -> None:
    """Store the numbers. Raises OSError."""
    patient_moves.write(path, json_bytes(dict(numbers)))
