"""Reports pages of a file that came out blank or incomplete."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf

from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.domain.source_facts import PageFacts
from sjs_forms.intake import file_remarks, refusals
from sjs_forms.intake.clean import page_likeness, readers
from sjs_forms.intake.clean.completeness import completeness_of, pages_with_damaged_jpegs
from sjs_forms.intake.clean.document import PlainDocument


def with_losses(
    taken: PlainDocument, clean: Path, bound: int, doubtful: Sequence[int] = ()
) -> PlainDocument:
    """Return `taken`, whose pages were examined, with remarks on those that lack something.

    In a damaged file any empty page counts as blank by damage; in other files only a page that
    draws something missing. Pages are those of the file as given, because a part of a page that was
    cut may well be blank. `doubtful` are pages of the clean PDF (from 0) that look as if JPEG data
    were missing. `bound` is the limit in bytes on an unpacked stream. Raises FileRefused if no page
    shows anything.
    """
    parts = _parts_by_page(taken.pages)
    bare = {
        at for at, own in parts.items() if all(_is_without_ink(taken.pages[part]) for part in own)
    }
    lacking, suspect = set(taken.broken), set[int]()
    if doubtful:
        with pikepdf.open(clean) as pdf:
            damaged_parts = pages_with_damaged_jpegs(pdf, doubtful, bound)
        lacking |= {at for at, own in parts.items() if damaged_parts & {*own}}
    if taken.has(Trait.DRAWN):
        suspect = bare
    elif bare:
        damaged = bool(taken.has(Trait.DAMAGED) or lacking)
        with pikepdf.open(clean) as pdf:
            seen = completeness_of(pdf, sorted(part for at in bare for part in parts[at]), bound)
        lacking |= {at for at in bare if any(seen[part].lacks for part in parts[at])}
        paints = {at for at in bare if any(seen[part].paints for part in parts[at])}
        suspect = bare - paints if damaged else set()
    blank = _shown_blank(clean, {at: parts[at] for at in sorted((lacking | suspect) & bare)})
    if lacking and len(lacking & blank) == len(parts):
        raise refusals.unreadable("没有一页的内容还能显示")
    remarks = list(taken.remarks)
    if empty := sorted((lacking | suspect) & blank):
        remarks.append(file_remarks.blank_pages([at + 1 for at in empty]))
    if less := sorted(lacking - blank):
        remarks.append(file_remarks.incomplete_pages([at + 1 for at in less]))
    return replace(taken, remarks=tuple(remarks))


def _parts_by_page(pages: Sequence[PageFacts]) -> dict[int, list[int]]:
    """Map each page of the file to the pages of the clean PDF (from 0) made from it."""
    parts: dict[int, list[int]] = {}
    for at, page in enumerate(pages):
        parts.setdefault(at if page.origin is None else page.origin, []).append(at)
    return parts


def _is_without_ink(page: PageFacts) -> bool:
    return page.ink is not None and not any(page.ink.rows)


def _shown_blank(clean: Path, parts: Mapping[int, Sequence[int]]) -> set[int]:
    """Return the pages on which PDFium renders nothing at all; even a speck counts.

    `parts` maps pages of the file to those of the clean PDF.
    """
    if not parts:
        return set()
    with readers.open_pdfium(clean, None) as document:
        return {
            at
            for at, own in parts.items()
            if all(page_likeness.is_blank(page_likeness.drawn(document[part])) for part in own)
        }
