"""Attachments made ready: whatever an office sends becomes a clean PDF and facts about it.

Importing this loads no PDF library; files are opened in a process of their own.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sjs_forms.facts import Remark, SourceFacts
from sjs_forms.intake import hindrance, kinds, unusable
from sjs_forms.intake.originals import Original
from sjs_forms.intake.refused import refused_type
from sjs_forms.intake.shelf import (
    CacheShelf,
    Shelf,
    WorkShelf,
    facts_from,
    key_for,
    open_shelf,
)
from sjs_forms.intake.unusable import Unusable
from sjs_forms.programme import IntakeLimits

if TYPE_CHECKING:
    from sjs_forms.intake.workplace import Workplace

__all__ = ["CacheShelf", "Shelf", "Unusable", "WorkShelf", "open_shelf", "take_in"]

_SUFFIX = re.compile(r"\.[^\W_]{1,12}")
"""Endings of names that a copy may have as well."""


def take_in(
    path: Path, shown: str, shelf: Shelf, limits: IntakeLimits, password: str | None = None
) -> SourceFacts:
    """Open an attachment once and for all: its clean PDF, on the shelf, and its facts.

    `shown` is the file as the user wrote it; every message names it so. Raises Unusable, also
    where the machine or this software is to blame (see `hindrance`). Only what the file's bytes
    are to blame for is remembered.
    """
    from sjs_forms.intake.host import Interrupted

    try:
        with Original(path) as original:
            if original.size == 0:
                raise unusable.empty()
            if original.size > limits.max_bytes:
                mega = f"{original.size / 1e6:,.1f} MB", f"{limits.max_bytes / 1e6:,.1f} MB"
                raise unusable.too_large("大小", *mega)
            file = _File(original, path.suffix, PurePath(shown).name, limits, password)
            return _named(_from_shelf(file, shelf), shown)
    except Unusable as refusal:
        raise refusal.named(shown) from None
    except OSError as problem:
        raise hindrance.unread(problem).named(shown) from problem
    except Interrupted:
        raise
    except Exception as problem:
        raise hindrance.of(problem, shelf.folder).named(shown) from problem


@dataclass(frozen=True, slots=True)
class _File:
    """A file, and how it is to be read; `name` is what its owner calls it."""

    original: Original
    suffix: str
    name: str
    limits: IntakeLimits
    password: str | None


def _from_shelf(file: _File, shelf: Shelf) -> SourceFacts:
    sha256 = file.original.digest()
    # A spreadsheet may print its own name.
    named = file.name if kinds.may_be_office(file.original.head(4)) else ""
    key = key_for(sha256, file.password, file.limits.model_dump_json() + named)
    with shelf.alone(key):
        known = shelf.find(key)
        if isinstance(known, Unusable):
            raise known
        if known is not None:
            return known
        try:
            return _shelved(file, sha256, key, shelf)
        except Unusable as refusal:
            if not refusal.passing:
                shelf.refuse(key, refusal)
                file.original.check_stands()  # half of it may have been there: no damage then
            raise


def _shelved(file: _File, sha256: str, key: str, shelf: Shelf) -> SourceFacts:
    """The file opened anew and shelved, on the first shelf that can be written."""
    from sjs_forms.intake.host import workplace

    for shelf_ in shelf.in_turn():
        try:
            with workplace(shelf_.workshop) as place:
                return shelf_.put(key, _fresh(file, sha256, place))
        except OSError as problem:
            stopped = hindrance.of(problem, shelf_.workshop)
    raise stopped


def _fresh(file: _File, sha256: str, place: "Workplace") -> SourceFacts:
    """The file opened anew, its clean PDF still in `place`. Raises Unusable or OSError."""
    from sjs_forms.intake.host import in_a_worker

    source = place.given / f"source{file.suffix if _SUFFIX.fullmatch(file.suffix) else ''}"
    with source.open("wb") as copy:
        if file.original.copy(copy) != sha256:
            raise hindrance.changed()
    kind, password = kinds.kind_of(source), file.password
    remarks: tuple[Remark, ...] = ()
    if kind == "office-encrypted":
        raise unusable.office_encrypted()
    if kind == kinds.OFFICE:
        from sjs_forms.intake.office import as_pdf

        source, remarks = as_pdf(source, file.name, place, file.limits)
        kind, password = kinds.PDF, None
    if kind not in (kinds.PDF, kinds.IMAGE):
        raise refused_type(kind)
    clean = place.made / "clean.pdf"
    plain = in_a_worker(place, kind, source, clean, file.limits, password)
    facts = facts_from({"sha256": sha256, **plain}, clean)
    return replace(facts, remarks=(*remarks, *facts.remarks))


def _named(facts: SourceFacts, shown: str) -> SourceFacts:
    remarks = tuple(unusable.in_words(remark, shown) for remark in facts.remarks)
    return replace(facts, remarks=remarks)
