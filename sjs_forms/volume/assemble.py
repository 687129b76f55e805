"""Writes a planned volume with pypdf: pages, printed numbers, outline, page labels and links.

Makes no decisions. Every PDF given is clean (see `source_facts.SourceFacts`) or our own: no
rotation or crop box, balanced content, links only as annotations. Each page is rebuilt from its
content, its resources and its group (which says in what colours it blends), so nothing else of a
source gets into the volume.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    PdfObject,
    TextStringObject,
)

from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH, UPRIGHT
from sjs_forms.domain.print_rules import Binding
from sjs_forms.pdf import large_streams
from sjs_forms.pdf.pypdf_names import keep_names
from sjs_forms.pdf.pypdf_writer import add_object
from sjs_forms.pdf.recursion_depth import allow_depth
from sjs_forms.volume.binding_plan import OWN_PDFS, BindingPlan, Side
from sjs_forms.volume.outline_and_links import (
    at_side,
    carried_link,
    label_tree,
    links_of,
    number_text,
    page_aimed_at,
    print_preferences,
    to_web,
    uri_of,
    write_outline,
)
from sjs_forms.volume.page_numbers import FONT_RESOURCE, NumberFont, number_content
from sjs_forms.volume.plan_views import outline, page_labels, side_of_page
from sjs_forms.volume.side_origins import PdfPages

PART_LINK = "part:"
"""Prefix of link targets on our own pages, as in part:lease-2; resolved here."""

_BOX = (0.0, 0.0, A4_WIDTH, A4_HEIGHT)


@dataclass(frozen=True, slots=True)
class SideMarks:
    """What is drawn on sides besides their own content: numbers and the draft's mark.

    `copies` is the number that a viewer's print dialogue offers. `draft` is a one-page PDF, or None
    if the volume is not a draft.
    """

    binding: Binding
    font: NumberFont
    copies: int
    draft: bytes | None = None


def assemble(
    plan: BindingPlan,
    pdfs: Mapping[str, PdfPages],
    marks: SideMarks,
    info: Mapping[str, str],
    target: Path,
    progress: Progress = quiet,
) -> dict[int, bytes]:
    """Write the volume to `target`. Returns the known digests of its streams by object number.

    `info` holds entries of the document information dictionary. Reports each side that is added.
    Raises Cancelled.
    """
    keep_names()
    allow_depth()
    with ExitStack() as stack:
        assembly = _Assembly(stack, pdfs, marks)
        for done, side in enumerate(plan.sides):
            progress(Stage.ASSEMBLING, done, len(plan.sides))
            assembly.add(side)
        for side in plan.sides:
            progress.check()
            assembly.link(side, plan)
        assembly.finish(plan, info)
        large_streams.write(assembly.writer, target, progress)
        progress(Stage.ASSEMBLING, len(plan.sides), len(plan.sides))
        return assembly.streams()


class _Assembly:
    """The state of a volume while it is written."""

    def __init__(self, stack: ExitStack, pdfs: Mapping[str, PdfPages], marks: SideMarks) -> None:
        self.writer = PdfWriter()
        self._stack = stack
        self._pdfs = pdfs
        self._marks = marks
        self._readers: dict[Path | bytes, PdfReader] = {}
        self._numbers: dict[str, dict[int, int]] = {}
        self._before: dict[str, IndirectObject] = {}
        self._font = add_object(self.writer, marks.font.as_pdf(self.writer))
        self._draft = self._draft_form()

    def add(self, side: Side) -> None:
        """Append one side: its page where the plan places it, its number, the draft's mark."""
        page = PageObject.create_blank_page(width=A4_WIDTH, height=A4_HEIGHT)
        resources: DictionaryObject = DictionaryObject()
        contents: list[PdfObject] = []
        source = self._source(side)
        if source is not None:
            resources = copied_resources(source.get("/Resources"), self.writer)
            contents = content_streams(source, self.writer)
            if "/Group" in source:
                page[NameObject("/Group")] = source.raw_get("/Group").clone(self.writer)
        matrix = (side.placement or UPRIGHT).matrix
        before = "q {} cm\n".format(" ".join(map(number_text, matrix)))
        after = "\nQ\n"
        if side.label is not None:
            _name_in(resources, "/Font", FONT_RESOURCE, self._font)
            marks = self._marks
            after += number_content(side.label, side.face, marks.binding, marks.font)
        if self._draft is not None:
            _name_in(resources, "/XObject", "/SjsDraft", self._draft)
            after += "q /SjsDraft Do Q\n"
        if before not in self._before:
            self._before[before] = self._stream(before)
        contents = [self._before[before], *contents, self._stream(after)]
        page[NameObject("/Contents")] = ArrayObject(contents)
        page[NameObject("/Resources")] = resources
        for box in ("/TrimBox", "/BleedBox"):
            page[NameObject(box)] = ArrayObject(map(FloatObject, _BOX))
        self.writer.add_page(page)

    def link(self, side: Side, plan: BindingPlan) -> None:
        """Copy a side's links: to the web, within its document, and from our pages to parts."""
        source = self._source(side)
        if source is None or side.part is None or side.pdf is None:
            return
        part = plan.part(side.part)
        inner = side_of_page(plan, part)
        links = ArrayObject()
        aim: tuple[str, PdfObject] | None
        for annotation in links_of(source):
            uri = uri_of(annotation)
            if side.pdf in OWN_PDFS and uri.startswith(PART_LINK):
                aim = at_side(self.writer, plan.part(uri.removeprefix(PART_LINK)).first_side)
            elif uri:
                aim = ("/A", to_web(uri))
            else:
                page = page_aimed_at(annotation, self._page_numbers(side.pdf))
                target = None if page is None else inner.get(page - self._pdfs[side.pdf].first)
                aim = None if target is None else at_side(self.writer, target)
            if aim is not None:
                placement = side.placement or UPRIGHT
                links.append(add_object(self.writer, carried_link(annotation, placement, aim)))
        if links:
            self.writer.pages[side.side - 1][NameObject("/Annots")] = links

    def finish(self, plan: BindingPlan, info: Mapping[str, str]) -> None:
        """Write the outline, page labels, viewer preferences and document information."""
        write_outline(self.writer, outline(plan))
        root = self.writer.root_object
        root[NameObject("/PageLabels")] = label_tree(page_labels(plan))
        root[NameObject("/PageMode")] = NameObject("/UseOutlines")
        root[NameObject("/PageLayout")] = NameObject("/TwoPageRight")
        root[NameObject("/Lang")] = TextStringObject("zh-CN")
        root[NameObject("/ViewerPreferences")] = print_preferences(self._marks.copies)
        self.writer.metadata = None
        self.writer.add_metadata(dict(info))

    def streams(self) -> dict[int, bytes]:
        """Return the known digests of the volume's streams."""
        found: dict[int, bytes] = {}
        known_digests = {given.data: given.streams for given in self._pdfs.values()}
        for data, reader in self._readers.items():
            known = {
                number: bytes.fromhex(digest) for number, digest in known_digests[data].items()
            }
            found |= large_streams.carried(reader, self.writer, known)
        return found

    def _reader(self, key: str) -> PdfReader:
        """Return the reader of a file, one per file, so that our own pages share their fonts."""
        data = self._pdfs[key].data
        if data not in self._readers:
            if isinstance(data, Path):
                stream = self._stack.enter_context(large_streams.opened(data))
            else:
                stream = BytesIO(data)
            self._readers[data] = PdfReader(stream)
        return self._readers[data]

    def _page_numbers(self, key: str) -> dict[int, int]:
        """Return the index of each page of a PDF by its object number."""
        if key not in self._numbers:
            references = [page.indirect_reference for page in self._reader(key).pages]
            self._numbers[key] = {ref.idnum: n for n, ref in enumerate(references) if ref}
        return self._numbers[key]

    def _source(self, side: Side) -> PageObject | None:
        if side.pdf is None:
            return None
        return self._reader(side.pdf).pages[self._pdfs[side.pdf].first + side.page]

    def _stream(self, content: str) -> IndirectObject:
        stream = DecodedStreamObject()
        stream.set_data(content.encode("latin-1"))
        return add_object(self.writer, stream)

    def _draft_form(self) -> IndirectObject | None:
        """Return the draft's mark as one form XObject that all sides share."""
        if self._marks.draft is None:
            return None
        page = PdfReader(BytesIO(self._marks.draft)).pages[0]
        contents = page.get_contents()
        form = DecodedStreamObject()
        form.set_data(b"" if contents is None else contents.get_data())
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject(map(FloatObject, _BOX)),
                NameObject("/Resources"): copied_resources(page.get("/Resources"), self.writer),
            }
        )
        return add_object(self.writer, form.flate_encode())


def copied_resources(resources: PdfObject | None, writer: PdfWriter) -> DictionaryObject:
    """Return a copy of a page's resources that may be modified."""
    if resources is None:
        return DictionaryObject()
    cloned = resources.clone(writer).get_object()
    assert isinstance(cloned, DictionaryObject)
    return DictionaryObject(cloned)


def content_streams(source: PageObject, writer: PdfWriter) -> list[PdfObject]:
    """Return the content streams of a page, copied to `writer`."""
    contents = source.get("/Contents")
    if contents is None:
        return []
    cloned = contents.clone(writer)
    resolved = cloned.get_object()
    return list(resolved) if isinstance(resolved, ArrayObject) else [cloned]


def _name_in(resources: DictionaryObject, category: str, name: str, target: IndirectObject) -> None:
    """Add a named resource without modifying a dictionary that other pages share."""
    known = resources.get(category)
    named = DictionaryObject(known.get_object() if known is not None else {})
    named[NameObject(name)] = target
    resources[NameObject(category)] = named
