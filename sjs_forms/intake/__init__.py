"""Opens attachments: every file becomes a clean PDF and facts about it.

Importing this loads no PDF library; files are opened in a separate process.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sjs_forms.base.findings import file_refusal
from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import machine_faults, refusals
from sjs_forms.intake.cache import FactsCache, RunCache, UserCache, facts_from, key_for, open_cache
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.intake.kinds.refused_kinds import refused_type
from sjs_forms.intake.original_file import Original

if TYPE_CHECKING:
    from sjs_forms.intake.process.worker_pool import Workers
    from sjs_forms.intake.process.workplace import Workplace

__all__ = ["FactsCache", "FileRefused", "RunCache", "UserCache", "open_cache", "take_in"]

_SUFFIX = re.compile(r"\.[^\W_]{1,12}")
"""Name suffixes that a copy may keep."""


def take_in(
    path: Path,
    shown: str,
    cache: FactsCache,
    limits: IntakeLimits,
    password: str | None = None,
    workers: "Workers | None" = None,
) -> SourceFacts:
    """Open an attachment, once per content. Returns its facts; the clean PDF is in the cache.

    `shown` is the name of the file in messages, as the user wrote it. A process of `workers` opens
    it, by default one that ends with the call. Raises Cancelled, and FileRefused, also for faults
    of the system or this software (see `machine_faults`). Only refusals caused by the file's bytes
    are cached.
    """
    if workers is None:
        from sjs_forms.intake.process.worker_pool import WorkerPool, Workers

        with WorkerPool() as pool:
            return take_in(path, shown, cache, limits, password, Workers(pool))
    try:
        with Original(path) as original:
            if original.size == 0:
                raise refusals.empty()
            if original.size > limits.max_bytes:
                mega = f"{original.size / 1e6:,.1f} MB", f"{limits.max_bytes / 1e6:,.1f} MB"
                raise file_refusal.too_large("大小", *mega)
            name = PurePath(shown).name
            file = _File(original, path.suffix, name, limits, password, workers)
            return _named(_from_cache(file, cache), shown)
    except FileRefused as refusal:
        raise refusal.named(shown) from None
    except OSError as problem:
        raise machine_faults.unread(problem).named(shown) from problem
    except Exception as problem:
        raise machine_faults.of(problem, cache.folder).named(shown) from problem


@dataclass(frozen=True, slots=True)
class _File:
    """A file and how to read it. `name` is the applicant's name of it."""

    original: Original
    suffix: str
    name: str
    limits: IntakeLimits
    password: str | None
    workers: "Workers"


def _from_cache(file: _File, cache: FactsCache) -> SourceFacts:
    sha256 = file.original.digest()
    # A spreadsheet may print its own name.
    named = file.name if file_kinds.may_be_office(file.original.head(4)) else ""
    key = key_for(sha256, file.password, file.limits.as_json() + named)
    with cache.locked(key, file.workers.is_cancelled):
        known = cache.find(key)
        if isinstance(known, FileRefused):
            raise known
        if known is not None:
            return known
        try:
            return _opened_anew(file, sha256, key, cache)
        except FileRefused as refusal:
            if not refusal.passing:
                cache.refuse(key, refusal)
                file.original.check_unchanged()  # it may have been read half-written: not damage
            raise


def _opened_anew(file: _File, sha256: str, key: str, cache: FactsCache) -> SourceFacts:
    """Open the file and store the result in the first cache that can be written."""
    for cache_ in cache.in_turn():
        try:
            with file.workers.workplace(cache_.workshop) as place:
                return cache_.put(key, _fresh(file, sha256, place))
        except OSError as problem:
            stopped = machine_faults.of(problem, cache_.workshop)
    raise stopped


def _fresh(file: _File, sha256: str, place: "Workplace") -> SourceFacts:
    """Open the file; its clean PDF is still in `place`. Raises FileRefused or OSError."""
    from sjs_forms.intake.process.worker_pool import in_a_worker

    source = place.given / f"source{file.suffix if _SUFFIX.fullmatch(file.suffix) else ''}"
    with source.open("wb") as copy:
        if file.original.copy(copy) != sha256:
            raise machine_faults.changed()
    kind, password = file_kinds.kind_of(source), file.password
    remarks: tuple[Finding, ...] = ()
    if kind == "office-encrypted":
        raise refusals.office_encrypted()
    if kind == file_kinds.OFFICE:
        from sjs_forms.intake.office import as_pdf

        source, remarks = as_pdf(source, file.name, place, file.limits)
        kind, password = file_kinds.PDF, None
    if kind not in (file_kinds.PDF, file_kinds.IMAGE, file_kinds.OFD):
        raise refused_type(kind)
    clean = place.made / "clean.pdf"
    plain = in_a_worker(place, kind, source, clean, file.limits, password)
    facts = facts_from({"sha256": sha256, **plain}, clean)
    return replace(facts, remarks=(*remarks, *facts.remarks))


def _named(facts: SourceFacts, shown: str) -> SourceFacts:
    remarks = tuple(file_refusal.named(remark, shown) for remark in facts.remarks)
    return replace(facts, remarks=remarks)
