"""Caches facts of an application's files by path, size and modification time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.progress import Progress
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.domain.sources import Source
from sjs_forms.intake import FactsCache
from sjs_forms.intake.attachment_opening import Opening, source_of
from sjs_forms.intake.process.worker_pool import WorkerPool

_Key = tuple[str, int, int, str, str | None]
"""Path, size, modification time in nanoseconds, name, password."""


@dataclass(frozen=True, slots=True)
class KnownSource:
    """An offered file and its facts, as far as known.

    `problem` says why it cannot be used. `is_open` is False for a file that was not opened.
    """

    source: Source
    problem: Finding | None
    is_open: bool


class KnownFiles:
    """The files that were opened into a cache, by the workers of a pool."""

    def __init__(self, cache: FactsCache, pool: WorkerPool) -> None:
        self._cache, self._pool = cache, pool
        self._known: dict[_Key, SourceFacts | Finding] = {}

    def known(self, offered: Sequence[Offered]) -> tuple[KnownSource, ...]:
        """Return each file with its known facts; opens none."""
        return tuple(self._of(item) for item in offered)

    def open(self, programme: Programme, offered: Sequence[Offered], progress: Progress) -> None:
        """Open the files that were not opened yet, or whose opening failed for no fault of theirs.

        Raises Cancelled; files opened by then are in the cache.
        """
        fresh = {
            key: item
            for item in offered
            if (key := _key_of(item)) is not None and self._is_to_be_opened(key)
        }
        if not fresh:
            return
        whole = [replace(item, pages=None) for item in fresh.values()]
        with Opening(programme, whole, self._cache, self._pool) as opening:
            sources, problems = opening.sources(progress)
        by_place = {problem.place: problem for problem in problems}
        of_all = next(
            (each for each in problems if each.exit_code is not ExitCode.ATTACHMENT), None
        )
        for key, source in zip(fresh, sources, strict=True):
            found = source.facts or by_place.get(source.offered.place, of_all)
            if found is not None:
                self._known[key] = found

    def _is_to_be_opened(self, key: _Key) -> bool:
        known = self._known.get(key)
        if isinstance(known, Finding):
            return known.exit_code is not ExitCode.ATTACHMENT
        return known is None or not known.clean.exists()

    def _of(self, item: Offered) -> KnownSource:
        key = _key_of(item)
        found = self._known.get(key) if key else None
        if found is None:
            return KnownSource(Source(item, None), None, is_open=item.path is None)
        if isinstance(found, Finding):
            problem = found.at(item.place, item.material.title)
            return KnownSource(Source(item, None), problem, is_open=True)
        source, bad_pages = source_of(item, found)
        return KnownSource(source, bad_pages, is_open=True)


def _key_of(item: Offered) -> _Key | None:
    """Return the key of a file's facts, or None if there is no file."""
    if item.path is None:
        return None
    try:
        known = item.path.stat()
    except OSError:
        return None
    name = PurePath(item.file).name
    return str(item.path), known.st_size, known.st_mtime_ns, name, item.password
