"""Caches facts of an application's files by path, size and modification time.

Photographs are straightened for the pages that are chosen, from the file as it was opened.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.progress import Progress
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.domain.sources import Source
from sjs_forms.intake import FactsCache, FileRefused
from sjs_forms.intake.attachment_opening import Opening, source_of, straightened
from sjs_forms.intake.photographs.straightened_pages import PROGRAM, Photographer, Photographs
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers

_log = logging.getLogger(__name__)

_Key = tuple[str, int, int, str, str | None]
"""Path, size, modification time in nanoseconds, name, password."""


_LOOKED_AT = 8
"""Pages of a file in which photographs are looked for unasked: a longer one is from a scanner."""

_PhotoKey = tuple[_Key, tuple[int, ...]]
"""A file, and the pages that are chosen, from 0."""


@dataclass(frozen=True, slots=True)
class KnownSource:
    """An offered file and its facts, as far as known.

    `problem` says why it cannot be used. `is_open` is False for a file that was not opened.
    `original` are its facts before photographs were straightened. `photographs` says which can be,
    None as long as nobody has looked.
    """

    source: Source
    problem: Finding | None
    is_open: bool
    original: SourceFacts | None = None
    photographs: Photographs | None = None


class KnownFiles:
    """The files that were opened into a cache, by the workers of a pool."""

    def __init__(self, cache: FactsCache, pool: WorkerPool) -> None:
        self._cache, self._pool = cache, pool
        self._photo_pool = WorkerPool(PROGRAM)
        self._known: dict[_Key, SourceFacts | Finding] = {}
        self._straightened: dict[_PhotoKey, SourceFacts | Finding] = {}
        self._photographs: dict[_PhotoKey, Photographs] = {}

    def close(self) -> None:
        """End the processes that look at photographs."""
        self._photo_pool.close()

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
            if (key := _key_of(item)) is not None and _is_to_be_opened(self._known.get(key))
        }
        if fresh:
            self._open(programme, fresh, progress)
        photographer = self._photographer(programme, progress)
        for chosen, source in self._opened(offered):
            if source.offered.straighten and _is_to_be_opened(self._straightened.get(chosen)):
                made, problem = straightened(source, photographer)
                found = made.facts or problem
                assert found is not None
                self._straightened[chosen] = found
        self._photo_pool.dismiss()

    def look_at_photographs(
        self, programme: Programme, offered: Sequence[Offered], progress: Progress
    ) -> None:
        """Look which photographs of the open files can be straightened. Raises Cancelled.

        One that cannot be looked at is not offered. The process that looks takes 70 MB, and is
        ended.
        """
        photographer = self._photographer(programme, progress)
        for key, source in self._opened(offered):
            if key in self._photographs or source.facts is None:
                continue
            progress.check()
            try:
                pages = source.pages[:_LOOKED_AT]
                self._photographs[key] = photographer.photographs(source.facts, pages)
            except (FileRefused, OSError):
                _log.warning("photographs could not be looked at", exc_info=True)
                self._photographs[key] = Photographs()
        self._photo_pool.dismiss()

    def straightened(self, programme: Programme, item: Offered, progress: Progress) -> KnownSource:
        """Return an open file as it is with its photographs straightened. Raises Cancelled."""
        asked = replace(item, straighten=True)
        self.open(programme, (asked,), progress)
        return self._of(asked)

    def _photographer(self, programme: Programme, progress: Progress) -> Photographer:
        workers = Workers(self._photo_pool, progress.is_cancelled)
        return Photographer(self._cache, programme.intake, workers)

    def _opened(self, offered: Sequence[Offered]) -> Iterator[tuple[_PhotoKey, Source]]:
        """Yield the files that are open, with the pages that are chosen."""
        for item in offered:
            key = _key_of(item)
            facts = self._known.get(key) if key else None
            if key is None or not isinstance(facts, SourceFacts):
                continue
            source, _ = source_of(item, facts)
            if source.facts is not None:
                yield (key, source.pages), source

    def _open(
        self, programme: Programme, fresh: Mapping[_Key, Offered], progress: Progress
    ) -> None:
        whole = [replace(item, pages=None, straighten=False) for item in fresh.values()]
        with Opening(programme, whole, self._cache, self._pool) as opening:
            sources, problems = opening.sources(progress)
        by_place = {problem.place: problem for problem in problems}
        of_all = next((each for each in problems if each.has(Trait.ONCE)), None)
        for key, source in zip(fresh, sources, strict=True):
            found = source.facts or by_place.get(source.offered.place, of_all)
            if found is not None:
                self._known[key] = found

    def _of(self, item: Offered) -> KnownSource:
        key = _key_of(item)
        found = self._known.get(key) if key else None
        if key is None or found is None:
            return KnownSource(Source(item, None), None, is_open=item.path is None)
        if isinstance(found, Finding):
            problem = found.at(item.place, item.material.title)
            return KnownSource(Source(item, None), problem, is_open=True)
        source, bad_pages = source_of(item, found)
        photographs = self._photographs.get((key, source.pages))
        if not item.straighten or source.facts is None:
            return KnownSource(source, bad_pages, True, found, photographs)
        made = self._straightened.get((key, source.pages))
        if isinstance(made, Finding):
            problem = made.at(item.place, item.material.title)
            return KnownSource(Source(item, None), problem, True, found, photographs)
        is_made = made is not None
        shown = Source(item, made, source.pages if is_made else ())
        return KnownSource(shown, None, is_made, found, photographs)


def _is_to_be_opened(known: SourceFacts | Finding | None) -> bool:
    if isinstance(known, Finding):
        return known.exit_code is not ExitCode.ATTACHMENT or known.has(Trait.UNTRIED)
    return known is None or not known.clean.exists()


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
