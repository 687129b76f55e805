"""Attachments made ready: whatever an office sends becomes a clean PDF and facts about it.

Importing this loads no PDF library; files are opened in a process of their own.
"""

from dataclasses import replace
from pathlib import Path, PurePath

from sjs_forms.digests import digest
from sjs_forms.facts import Remark, SourceFacts
from sjs_forms.intake import kinds, unusable
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

__all__ = ["CacheShelf", "Shelf", "Unusable", "WorkShelf", "open_shelf", "take_in"]


def take_in(
    path: Path, shown: str, shelf: Shelf, limits: IntakeLimits, password: str | None = None
) -> SourceFacts:
    """Open an attachment once and for all: its clean PDF, on the shelf, and its facts.

    `shown` is the file as the user wrote it; every message names it so. Raises Unusable.
    """
    try:
        size = path.stat().st_size if path.is_file() else -1
        if size < 0:
            raise unusable.missing()
        if size == 0:
            raise unusable.empty()
        if size > limits.max_bytes:
            mega = f"{size / 1e6:,.1f} MB", f"{limits.max_bytes / 1e6:,.1f} MB"
            raise unusable.too_large("大小", *mega)
        return _named(_from_shelf(path, PurePath(shown).name, shelf, limits, password), shown)
    except Unusable as refusal:
        raise refusal.named(shown) from None
    except PermissionError:
        raise unusable.missing().named(shown) from None


def _from_shelf(
    path: Path, name: str, shelf: Shelf, limits: IntakeLimits, password: str | None
) -> SourceFacts:
    sha256 = digest(path)
    # A spreadsheet may print its own name.
    named = name if kinds.may_be_office(path) else ""
    key = key_for(sha256, password, limits.model_dump_json() + named)
    with shelf.alone(key):
        known = shelf.find(key)
        if isinstance(known, Unusable):
            raise known
        if known is not None:
            return known
        try:
            with shelf.scratch() as scratch:
                return shelf.put(key, _fresh(path, name, sha256, Path(scratch), limits, password))
        except Unusable as refusal:
            shelf.refuse(key, refusal)
            raise


def _fresh(
    path: Path, name: str, sha256: str, scratch: Path, limits: IntakeLimits, password: str | None
) -> SourceFacts:
    """The file, called `name`, opened anew; its clean PDF is still in `scratch`."""
    from sjs_forms.intake.host import in_a_worker

    kind = kinds.kind_of(path)
    source = path
    remarks: tuple[Remark, ...] = ()
    if kind == "office-encrypted":
        raise unusable.office_encrypted()
    if kind == kinds.OFFICE:
        from sjs_forms.intake.office import as_pdf

        source, remarks = as_pdf(path, name, scratch, limits)
        kind, password = kinds.PDF, None
    if kind not in (kinds.PDF, kinds.IMAGE):
        raise unusable.refused_type(kind)
    clean = scratch / "clean.pdf"
    plain = in_a_worker(kind, source, clean, limits, password)
    facts = facts_from({"sha256": sha256, **plain}, clean)
    return replace(facts, remarks=(*remarks, *facts.remarks))


def _named(facts: SourceFacts, shown: str) -> SourceFacts:
    remarks = tuple(unusable.in_words(remark, shown) for remark in facts.remarks)
    return replace(facts, remarks=remarks)
