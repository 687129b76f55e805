"""Links, outline, page labels and print preferences of a volume (PDF 32000-1, 12.2–12.5)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    Fit,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from sjs_forms.domain.placement import A4_HEIGHT, Placement
from sjs_forms.volume.plan_views import LabelRange, OutlineItem


def links_of(source: PageObject) -> Iterator[DictionaryObject]:
    """Yield the link annotations of a page."""
    for reference in source.get("/Annots") or ():
        annotation = reference.get_object()
        if annotation.get("/Subtype") == "/Link" and "/Rect" in annotation:
            yield annotation


def uri_of(annotation: DictionaryObject) -> str:
    """Return the URI of a link, or an empty string if it leads to a page."""
    action = annotation.get("/A")
    return "" if action is None else str(action.get_object().get("/URI", ""))


def to_web(uri: str) -> DictionaryObject:
    """Return the action that opens a URI."""
    return DictionaryObject(
        {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(uri)}
    )


def page_aimed_at(annotation: DictionaryObject, numbers: Mapping[int, int]) -> int | None:
    """Return the index of the page in an explicit destination, or None if it is not in the file."""
    aim = annotation.get("/Dest")
    aim = aim.get_object() if aim is not None else None
    page = aim[0] if isinstance(aim, ArrayObject) and aim else None
    return numbers.get(page.idnum) if isinstance(page, IndirectObject) else None


def carried_link(
    annotation: DictionaryObject, placement: Placement, aim: tuple[str, PdfObject]
) -> DictionaryObject:
    """Return a link, moved to where its page was placed, with the /A or /Dest entry `aim`."""
    rectangle = annotation["/Rect"].get_object()
    assert isinstance(rectangle, ArrayObject)
    left, foot, right, head = (float(value) for value in rectangle)
    corners = [placement.apply(left, foot), placement.apply(right, head)]
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    key, value = aim
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject(
                FloatObject(number_text(v)) for v in (xs[0], ys[0], xs[1], ys[1])
            ),
            NameObject("/Border"): ArrayObject([NumberObject(0)] * 3),
            NameObject(key): value,
        }
    )


def at_side(writer: PdfWriter, side: int) -> tuple[str, PdfObject]:
    """Return the destination entry that shows a side from its head."""
    page = writer.pages[side - 1].indirect_reference
    assert page is not None
    head = FloatObject(number_text(A4_HEIGHT))
    aim = ArrayObject([page, NameObject("/XYZ"), NumberObject(0), head, NullObject()])
    return "/Dest", aim


def write_outline(writer: PdfWriter, items: Sequence[OutlineItem], parent: Any = None) -> None:
    """Add outline entries below `parent`. Only the outermost are open."""
    for item in items:
        entry = writer.add_outline_item(
            title=item.title,
            page_number=item.side - 1,
            parent=parent,
            fit=Fit.xyz(left=0, top=A4_HEIGHT if item.top is None else item.top),
            is_open=parent is None,
        )
        write_outline(writer, item.children, entry)


def label_tree(labels: Sequence[LabelRange]) -> DictionaryObject:
    """Return page labels as a number tree (12.4.2)."""
    nums = ArrayObject()
    for label in labels:
        entry = DictionaryObject()
        if label.prefix:
            entry[NameObject("/P")] = TextStringObject(label.prefix)
        if label.start is not None:
            entry[NameObject("/S")] = NameObject("/D")
            entry[NameObject("/St")] = NumberObject(label.start)
        nums.extend([NumberObject(label.side - 1), entry])
    return DictionaryObject({NameObject("/Nums"): nums})


def print_preferences(copies: int) -> DictionaryObject:
    """Return viewer preferences for printing (12.2): no scaling, duplex, number of copies."""
    return DictionaryObject(
        {
            NameObject("/PrintScaling"): NameObject("/None"),
            NameObject("/Duplex"): NameObject("/DuplexFlipLongEdge"),
            NameObject("/PickTrayByPDFSize"): BooleanObject(True),
            NameObject("/NumCopies"): NumberObject(copies),
            NameObject("/DisplayDocTitle"): BooleanObject(True),
        }
    )


def number_text(value: float) -> str:
    """Format a number for PDF: at most four decimals, no exponent, no minus zero."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
