"""Replaces photographs in an opened attachment by clean pages, where that is certain.

What is found and made is cached by the content of the clean PDF. Where a page stays as it is, a
remark says so.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_records import finding_of
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.cache import FactsCache, page_from, plainly
from sjs_forms.intake.photographs import opencv, photo_remarks

if TYPE_CHECKING:
    from sjs_forms.intake.process.worker_pool import Workers

_log = logging.getLogger(__name__)

PROGRAM = (
    "from sjs_forms.intake.photographs.photograph_worker import run_photographer;"
    " run_photographer(int(sys.argv[1]))"
)
"""What the processes run that look at photographs."""

OUTLINE, STRAIGHTEN = "outline-photographs", "straighten-photographs"
"""Kinds of requests to them."""

VERSION = "1"
"""Incremented whenever another page is made of the same photograph."""

MAX_PHOTOGRAPHS = 40
"""Photographs of a file that are straightened. Each takes some 2 s."""


@dataclass(frozen=True, slots=True)
class Photographs:
    """Pages of a clean PDF, from 0, by what can be done with them.

    `outlined` are photographs with a paper whose sides are certain, `unsure` are pictures without,
    `others` are no pictures, and `further` were not looked at, being too many.
    """

    outlined: tuple[int, ...] = ()
    unsure: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    further: tuple[int, ...] = ()


class Photographer:
    """Looks for papers on photographs and straightens them.

    The processes of `workers` must run `PROGRAM`.
    """

    def __init__(self, cache: FactsCache, limits: IntakeLimits, workers: "Workers") -> None:
        """`cache` keeps what was found and made."""
        self._cache, self._limits, self._workers = cache, limits, workers

    def photographs(self, facts: SourceFacts, chosen: Sequence[int]) -> Photographs:
        """Return what can be straightened among chosen pages, from 0; nothing without the extra.

        Raises Cancelled, OSError, and FileRefused for a passing fault.
        """
        chosen = sorted(set(chosen))
        pictures = [at for at in chosen if facts.pages[at].scanned and facts.part_of(at) is None]
        seen, further = pictures[:MAX_PHOTOGRAPHS], pictures[MAX_PHOTOGRAPHS:]
        worded: list[int] = []
        outlined: list[int] = []
        if seen and opencv.is_installed():
            found = self._looked_at(facts, seen)
            worded, outlined = found["worded"], found["outlined"]
        return Photographs(
            tuple(outlined),
            tuple(at for at in seen if at not in worded and at not in outlined),
            tuple(at for at in chosen if at not in pictures or at in worded),
            tuple(further),
        )

    def straightened(self, facts: SourceFacts, chosen: Sequence[int]) -> SourceFacts:
        """Return the attachment with its chosen photographs, pages from 0, straightened.

        Remarks name the chosen pages that stay as they are. Raises what `photographs` raises.
        """
        if not opencv.is_installed():
            return _with(facts, [photo_remarks.not_installed()])
        found = self.photographs(facts, chosen)
        made = self._made_if_possible(facts, found.outlined)
        if made is None:
            left = tuple(sorted((*found.unsure, *found.outlined)))
            return _with(facts, _remarks(facts, replace(found, unsure=left)))
        kept = (each for each in facts.remarks if not each.has(Trait.PRINT))
        return replace(made, remarks=(*kept, *made.remarks, *_remarks(facts, found)))

    def _made_if_possible(self, facts: SourceFacts, pages: Sequence[int]) -> SourceFacts | None:
        if not pages:
            return None
        try:
            return self._made(facts, pages)
        except FileRefused as refused:
            if refused.passing:
                raise
            _log.warning("photographs could not be straightened", exc_info=True)
            return None

    def _looked_at(self, facts: SourceFacts, pages: Sequence[int]) -> dict[str, list[int]]:
        key = _key("outlined", digest(facts.clean), pages)
        with self._cache.locked(key, self._workers.is_cancelled):
            known = self._cache.record(key)
            if known is None:
                known = self._outlined(facts, pages)
                self._cache.keep_record(key, known)
        return {kind: [at for at in pages if at in known.get(kind, ())] for kind in _FOUND}

    def _outlined(self, facts: SourceFacts, pages: Sequence[int]) -> dict[str, Any]:
        from sjs_forms.intake.process.worker_pool import in_a_worker

        for cache in self._cache.in_turn():
            try:
                with self._workers.workplace(cache.workshop) as place:
                    source, target = place.give(facts.clean, "photos.pdf"), place.made / "done"
                    return in_a_worker(
                        place, OUTLINE, source, target, self._limits, None, chosen=list(pages)
                    )
            except FileRefused as refused:
                if refused.passing:
                    raise
                _log.warning("photographs could not be looked at", exc_info=True)
                return {}
            except OSError as problem:
                stopped = problem
        raise stopped

    def _made(self, facts: SourceFacts, pages: Sequence[int]) -> SourceFacts:
        """Return the attachment with clean pages, from the cache or made now.

        Its remarks are only those on how its pages come out in print.
        """
        key = _key("straightened", digest(facts.clean), pages)
        with self._cache.locked(key, self._workers.is_cancelled):
            known = self._cache.find(key)
            if isinstance(known, SourceFacts):
                return known
            for cache in self._cache.in_turn():
                try:
                    return self._made_anew(facts, pages, key, cache)
                except OSError as problem:
                    stopped = problem
            raise stopped

    def _made_anew(
        self, facts: SourceFacts, pages: Sequence[int], key: str, cache: FactsCache
    ) -> SourceFacts:
        from sjs_forms.intake.process.worker_pool import in_a_worker

        plain = [plainly(replace(page, ink=None)) for page in facts.pages]
        with self._workers.workplace(cache.workshop) as place:
            source, target = place.give(facts.clean, "photos.pdf"), place.made / "clean.pdf"
            found = in_a_worker(
                place, STRAIGHTEN, source, target, self._limits, None,
                chosen=list(pages), pages=plain,
            )  # fmt: skip
            return cache.put(key, replace(_facts_with(facts, found), clean=target))


_FOUND = ("worded", "outlined")


def _key(what: str, content: str, pages: Sequence[int]) -> str:
    from importlib.metadata import version  # slow to load, and rarely needed

    parts = (what, VERSION, version(opencv.PACKAGE), content, ",".join(map(str, pages)))
    return sha256("\n".join(parts).encode()).hexdigest()


def _facts_with(facts: SourceFacts, found: dict[str, Any]) -> SourceFacts:
    """Return facts with the pages that a worker made. Raises KeyError, TypeError or ValueError."""
    made = {int(index): page_from(known) for index, known in found["pages"].items()}
    return replace(
        facts,
        pages=tuple(made.get(at, page) for at, page in enumerate(facts.pages)),
        remarks=tuple(finding_of(each) for each in found["remarks"]),
        streams={
            int(number): bytes.fromhex(each).hex() for number, each in found["streams"].items()
        },
    )


def _remarks(facts: SourceFacts, found: Photographs) -> Sequence[Finding]:
    def numbers(pages: Sequence[int]) -> list[int]:
        return sorted({facts.origin_of(at) + 1 for at in pages})

    made = []
    if found.unsure:
        made.append(photo_remarks.unsure(numbers(found.unsure)))
    if found.others:
        made.append(photo_remarks.no_photograph(numbers(found.others)))
    if found.further:
        made.append(photo_remarks.too_many(numbers(found.further), MAX_PHOTOGRAPHS))
    return made


def _with(facts: SourceFacts, remarks: Sequence[Finding]) -> SourceFacts:
    return replace(facts, remarks=(*facts.remarks, *remarks))
