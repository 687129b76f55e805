"""The builds of an earlier batch, found by applicant, to compare each new volume with."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.manifest import MANIFEST
from sjs_forms.base.progress import Progress
from sjs_forms.batch.batch_folder import ledger_file
from sjs_forms.batch.copied_build import copy_build
from sjs_forms.batch.execution.task import not_compared
from sjs_forms.batch.ledger import BuildRecord, Ledger, LedgerEntry, stamps_of
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.plain_names import plain_name
from sjs_forms.jobs.options import Options

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EarlierBuild:
    """The folder of one build, and the applicant's name and code in its manifest."""

    folder: Path
    name: str
    code: str


class EarlierBuilds:
    """The builds in the output folder of an earlier batch."""

    def __init__(self, folder: Path) -> None:
        """Read the folder. Raises UsageFault if no build is in it."""
        self._folder = folder
        self._ledger: Ledger | None = None
        self._builds = tuple(_builds(folder))
        if not self._builds:
            raise UsageFault(
                f"“{folder}”里没有生成好的成册，无法比较。",
                "--since 后面请写先前批量生成、已经付印的那个文件夹。",
            )

    def of(self, row: SourceRow) -> tuple[Path | None, tuple[Finding, ...]]:
        """Return the earlier build of a row's applicant, if there is one and no other.

        He is known by his code, else by his name. Findings say why nothing can be compared.
        """
        found = self._matching(row)
        named = [each for each in found if each.folder.name == row.folder_name]
        if len(found) > 1 and len(named) != 1:
            return None, (_several(self._folder, found),)
        chosen = [*named, *found][:1]
        if not chosen and (alike := self._of_another_code(row)):
            return None, (_other_code(self._folder, alike),)
        return (chosen[0].folder if chosen else None), ()

    def take_over(
        self, row: SourceRow, options: Options, out: Path, ledger: Ledger, progress: Progress
    ) -> LedgerEntry | None:
        """Copy the build to compare with, if a build would make the same volume again.

        The new folder is recorded in `ledger`, that of the batch in `out`. Returns the earlier
        entry, or None if nothing was taken over. Raises Cancelled.
        """
        if options.since is None:
            return None
        earlier = self._read_ledger(ledger)
        stamps, digests = stamps_of(row.application), ledger.digests_of(row.application)
        entry = earlier.same_volume(options.since.name, row.application, options, digests)
        target = out / row.folder_name
        if entry is None or not copy_build(options.since, entry.manifest, target, progress):
            return None
        made = BuildRecord(entry.pages, entry.findings, digests, stamps)
        ledger.record(row.folder_name, row.application, options, made)
        return entry

    def _read_ledger(self, ledger: Ledger) -> Ledger:
        """Return the earlier batch's ledger; the first time, `ledger` learns what it knows."""
        if self._ledger is None:
            self._ledger = Ledger(ledger_file(self._folder), self._folder, ())
            ledger.learn_from(self._ledger)
        return self._ledger

    def _matching(self, row: SourceRow) -> list[EarlierBuild]:
        name, code = _applicant(row)
        if code:
            by_code = [each for each in self._builds if each.code == code]
            if by_code:
                return by_code
        return [
            each for each in self._builds if name and each.name == name and not (code and each.code)
        ]

    def _of_another_code(self, row: SourceRow) -> list[EarlierBuild]:
        name, _ = _applicant(row)
        return [each for each in self._builds if name and each.name == name]


def _applicant(row: SourceRow) -> tuple[str, str]:
    read = row.application
    if read.programme is None or read.application is None:
        return "", ""
    fields, answers = read.programme.fields, read.application
    name, code = (role_of(fields, answers, role) for role in ("applicant", "applicant_code"))
    return _plain(name), _plain(code)


def _builds(folder: Path) -> Iterator[EarlierBuild]:
    if not folder.is_dir():
        return
    for place in sorted(folder.iterdir()):
        if not (place / MANIFEST).is_file():
            continue
        try:
            applicant: Any = json.loads(read_record(place / MANIFEST))["applicant"]
            yield EarlierBuild(place, _plain(applicant["name"]), _plain(applicant["uscc"]))
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            _log.warning("the manifest in %s cannot be read", place, exc_info=True)


def _plain(text: object) -> str:
    return plain_name(text) if isinstance(text, str) else ""


def _other_code(folder: Path, found: Sequence[EarlierBuild]) -> Finding:
    names = "、".join(f"“{each.folder.name}”" for each in found)
    return not_compared(
        f"“{folder}”里的{names}名称相同，统一社会信用代码不同，当作另一家，没有与它比较。",
        "请按整册印；确是同一家、只改了代码的，可以用 sjs-forms build 加 --since 单独生成这一家。",
    )


def _several(folder: Path, found: Sequence[EarlierBuild]) -> Finding:
    names = "、".join(f"“{each.folder.name}”" for each in found)
    return not_compared(
        f"“{folder}”里有同一家的几份（{names}），不知与哪一份比较。",
        "请把不是付印的移走，再生成一次；否则按整册印。",
    )
