"""Copies sheets of a finished volume into a file of their own, without redrawing anything."""

from collections.abc import Mapping
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject

from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.domain.placement import UPRIGHT
from sjs_forms.pdf import large_streams
from sjs_forms.pdf.pypdf_names import keep_names
from sjs_forms.pdf.pypdf_writer import add_object
from sjs_forms.pdf.recursion_depth import allow_depth
from sjs_forms.printing.sheet_bookmarks import Excerpt
from sjs_forms.volume.outline_and_links import (
    at_side,
    carried_link,
    label_tree,
    links_of,
    page_aimed_at,
    to_web,
    uri_of,
    write_outline,
)

_OF_A_PAGE = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/Resources", "/Contents", "/Group")
_OF_A_FILE = ("/PageMode", "/PageLayout", "/Lang", "/ViewerPreferences")


def separate(
    volume: Path,
    wanted: Excerpt,
    target: Path,
    streams: Mapping[int, bytes],
    progress: Progress = quiet,
) -> dict[int, bytes]:
    """Write the sides in `wanted`, as they are in `volume`, to `target`.

    Links are kept if they lead to the web or to a page that is copied too. `streams` holds digests
    of the volume's streams by object number; returns those of the target's. Raises Cancelled.
    """
    keep_names()
    allow_depth()
    with large_streams.opened(volume) as stream:
        reader, writer = PdfReader(stream), PdfWriter()
        sources = [reader.pages[side - 1] for side in wanted.sides]
        for done, source in enumerate(sources):
            progress(Stage.COPYING, done, len(sources))
            writer.add_page(_copied(source, writer))
        numbers = {
            source.indirect_reference.idnum: page
            for page, source in enumerate(sources, start=1)
            if source.indirect_reference is not None
        }
        for page, source in enumerate(sources):
            links = _links(source, numbers, writer)
            if links:
                writer.pages[page][NameObject("/Annots")] = links
        write_outline(writer, wanted.outline)
        root, known = writer.root_object, reader.root_object
        for key in _OF_A_FILE:
            if key in known:
                root[NameObject(key)] = known.raw_get(key).clone(writer)
        root[NameObject("/PageLabels")] = label_tree(wanted.labels)
        writer.metadata = None
        writer.add_metadata(dict(reader.metadata or {}))
        large_streams.write(writer, target, progress)
        progress(Stage.COPYING, len(sources), len(sources))
        return large_streams.carried(reader, writer, streams)


def _copied(source: PageObject, writer: PdfWriter) -> PageObject:
    """Return a page with the same boxes, content and resources, and nothing else."""
    width, height = float(source.mediabox.width), float(source.mediabox.height)
    page = PageObject.create_blank_page(width=width, height=height)
    for key in _OF_A_PAGE:
        if key in source:
            page[NameObject(key)] = source.raw_get(key).clone(writer)
    return page


def _links(source: PageObject, numbers: dict[int, int], writer: PdfWriter) -> ArrayObject:
    links = ArrayObject()
    for annotation in links_of(source):
        aim: tuple[str, PdfObject] | None
        if uri := uri_of(annotation):
            aim = ("/A", to_web(uri))
        else:
            target = page_aimed_at(annotation, numbers)
            aim = None if target is None else at_side(writer, target)
        if aim is not None:
            made: DictionaryObject = carried_link(annotation, UPRIGHT, aim)
            links.append(add_object(writer, made))
    return links
