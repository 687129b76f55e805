"""Makes a whole PDF plain: keeps pages, links and bookmarks, removes everything active."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from sjs_forms.base.findings import file_refusal
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import Bookmark, PageFacts
from sjs_forms.intake import file_remarks, refusals
from sjs_forms.intake.annotations import appearances
from sjs_forms.intake.clean import bookmarks_and_links
from sjs_forms.intake.clean.completeness import completeness_of, pages_with_cut_pictures
from sjs_forms.intake.clean.form_repeats import Repeats
from sjs_forms.intake.clean.layers import Layers, Remover, make_unconditional
from sjs_forms.intake.clean.plain_page import PageWork, make_plain, shown_transform_of
from sjs_forms.intake.clean.strict_reopening import check_reopens
from sjs_forms.intake.clean.unpacked_size import check_unpacked
from sjs_forms.pdf.damage import Pageless
from sjs_forms.pdf.objects import (
    dictionary,
    entry,
    inherited,
    items,
    key_for,
    key_of,
    keys_of,
    name_of,
    save,
    tree_pairs,
)
from sjs_forms.pdf.page_pictures import check_pixels, drawings_of

_STRIPPED = (
    "/AF",
    "/AA",
    "/EF",
    "/JS",
    "/Metadata",
    "/OPI",
    "/PieceInfo",
    "/StructParent",
    "/StructParents",
)
_STRIPPED_OF_STREAMS = ("/F", "/FDecodeParms", "/FFilter", "/OC", "/Ref")
"""Layers, and entries that make a viewer draw content from another file."""

_SHELL = re.compile(
    r"please wait|请稍候|请稍等|adobe reader 8|adobe acrobat reader|需要.{0,20}adobe", re.I
)


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """The facts of a document whose clean PDF is written (see `source_facts.SourceFacts`)."""

    pages: tuple[PageFacts, ...]
    bookmarks: tuple[Bookmark, ...]
    remarks: tuple[Finding, ...]
    streams: Mapping[int, str] = field(default_factory=dict)
    broken: tuple[int, ...] = ()
    """Pages (from 0) that lack something, as far as examined."""

    def has(self, trait: Trait) -> bool:
        """Return whether any remark has one of these traits."""
        return any(remark.has(trait) for remark in self.remarks)


def check_count(pages: int, limits: IntakeLimits) -> None:
    """Raise Pageless for a document without pages, FileRefused for one with too many."""
    if pages == 0:
        raise Pageless("no page")
    if pages > limits.max_pages:
        raise file_refusal.too_large("页数", f"{pages} 页", f"{limits.max_pages} 页")


def write_plain(
    pdf: Pdf,
    target: Path,
    limits: IntakeLimits,
    orientations: dict[int, int] | None = None,
    *,
    damaged: bool = False,
) -> PlainDocument:
    """Make `pdf` plain (it is modified) and save it at `target`.

    `orientations` gives the EXIF orientation of pages (from 0) made from pictures, whose data are
    known to be whole. In a `damaged` file everything drawn is checked for completeness, in others
    the ends of pictures. Raises FileRefused, or Damaged if another reader may do better.
    """
    check_count(len(pdf.pages), limits)
    check_pixels(pdf, limits.max_pixels)
    most = min(limits.max_content_bytes, limits.max_decoded_bytes)
    check_unpacked(pdf, most)
    pages = list(pdf.pages)
    turned = orientations or {}
    shown = [shown_transform_of(page.obj, turned.get(at, 1)) for at, page in enumerate(pages)]
    navigator = bookmarks_and_links.Navigator(pdf, shown)
    bookmarks = navigator.bookmarks(pdf)
    remarks = [file_remarks.signed()] if is_signed(pdf) else []
    if has_embedded_files(pdf):
        remarks.append(file_remarks.embedded_dropped())
    work = _page_work(pdf, most, limits)
    if work.layers.prints_differently:
        remarks.append(file_remarks.layers_for_print())
    facts = []
    broken: set[int] = set()
    for at, page in enumerate(pages):
        links = _links_of(page.obj, at, navigator)
        plain = make_plain(work, page.obj, shown[at])
        facts.append(plain.facts)
        if plain.broken:
            broken.add(at)
        if links:
            made = [bookmarks_and_links.as_annotation(link, pages) for link in links]
            page.obj["/Annots"] = pdf.make_indirect(Array(made))
    if damaged:
        found = completeness_of(pdf, range(len(pages)), limits.max_decoded_bytes)
        broken |= {at for at, whole in found.items() if whole.lacks}
    elif orientations is None:
        broken |= pages_with_cut_pictures(pdf, limits.max_decoded_bytes)
    make_unconditional(pdf)
    _strip(pdf, pages)
    save(pdf, target)
    check_reopens(target, len(pages))
    return PlainDocument(tuple(facts), bookmarks, tuple(remarks), broken=tuple(sorted(broken)))


def _page_work(pdf: Pdf, most: int, limits: IntakeLimits) -> PageWork:
    """Return what all pages of a document share while they are made plain."""
    layers = Layers(pdf)
    return PageWork(
        pdf,
        layers,
        Remover(pdf, layers, limits.max_decoded_bytes),
        most,
        entry(entry(pdf.Root, "/AcroForm"), "/DR"),
        drawings_of(pdf),
        Repeats(limits.max_decoded_bytes),
    )


def _links_of(
    page: Dictionary, at: int, navigator: bookmarks_and_links.Navigator
) -> list[bookmarks_and_links.Link]:
    """Return the links that a viewer would follow from a page, the one of index `at`."""
    return [
        link
        for annotation in appearances.listed(page)
        if name_of(entry(annotation, "/Subtype")) == "/Link"
        and appearances.is_shown(annotation)
        and (link := navigator.link(annotation, at))
    ]


def refuse_shells(pdf: Pdf, text: str) -> None:
    """Raise FileRefused for a portfolio or an XFA form without real pages.

    `text` is the text of the first page.
    """
    form = entry(pdf.Root, "/AcroForm")
    blank = not text.strip() and _draws_nothing(pdf)
    alone = len(pdf.pages) <= 2
    if entry(form, "/XFA") is not None:
        shell = _SHELL.search(text) and not items(entry(form, "/Fields"))
        dynamic = entry(pdf.Root, "/NeedsRendering") is True
        if alone and (blank or shell or (dynamic and _SHELL.search(text))):
            raise refusals.xfa()
    if dictionary(entry(pdf.Root, "/Collection")) is not None and has_embedded_files(pdf):
        hidden = name_of(entry(entry(pdf.Root, "/Collection"), "/View")) == "/H"
        cover = re.search(r"portfolio|包|作品集|acrobat|package", text, re.I)
        if alone and not hidden and (blank or cover):
            raise refusals.portfolio()


def has_embedded_files(pdf: Pdf) -> bool:
    """Return whether the document contains other files."""
    files = entry(entry(pdf.Root, "/Names"), "/EmbeddedFiles")
    return next(tree_pairs(files, "/Names"), None) is not None


def is_signed(pdf: Pdf) -> bool:
    """Return whether any field of the document has a digital signature."""
    seen: set[tuple[int, int]] = set()
    waiting = items(entry(entry(pdf.Root, "/AcroForm"), "/Fields"))
    while waiting and len(seen) < 20_000:
        field = waiting.pop()
        key = key_of(field) if dictionary(field) is not None else None
        if dictionary(field) is None or (key is not None and key in seen):
            continue
        seen.add(key or (-len(seen), 0))
        value = inherited(field, "/V")
        if name_of(inherited(field, "/FT")) == "/Sig" and (
            entry(value, "/ByteRange") is not None or entry(value, "/Contents") is not None
        ):
            return True
        waiting.extend(items(entry(field, "/Kids")))
    return False


def _draws_nothing(pdf: Pdf) -> bool:
    """Return whether no page paints anything."""
    try:
        return all(
            not pikepdf.parse_content_stream(page, "Tj TJ ' \" Do f F f* S s B B* b b* sh BI")
            and not appearances.listed(page.obj)
            for page in pdf.pages
        )
    except pikepdf.PdfError:
        return False


def _strip(pdf: Pdf, pages: list[Any]) -> None:
    """Remove everything but the pages, in one flat tree."""
    tree = pdf.make_indirect(
        Dictionary(Type=Name.Pages, Kids=Array([page.obj for page in pages]), Count=len(pages))
    )
    for page in pages:
        page.obj["/Parent"] = tree
    for key in keys_of(pdf.Root):
        if key != "/Type":
            del pdf.Root[key_for(key)]
    pdf.Root["/Type"] = Name.Catalog
    pdf.Root["/Pages"] = tree
    for key in keys_of(pdf.trailer):  # LibreOffice's /DocChecksum depends on the time
        if key not in ("/Root", "/Size", "/Encrypt"):
            del pdf.trailer[key_for(key)]
    for found in pdf.objects:
        if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
            for key in _STRIPPED:
                if key in found:
                    del found[key]
            if isinstance(found, pikepdf.Stream):
                for key in _STRIPPED_OF_STREAMS:
                    if key in found:
                        del found[key]
