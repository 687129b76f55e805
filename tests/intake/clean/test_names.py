"""Names that are not UTF-8 come out of intake, volume and portal's file as they went in."""

import io
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import ImageDraw

from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake.clean import page_likeness
from sjs_forms.pdf.objects import entry, key_for, keys_of, name_of, names_of
from sjs_forms.pdf.pypdf_names import quiet_pypdf
from tests.intake.conftest import Take, saved, square

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))

from bound import SOURCE, bind, unlike_clean

GBK, LATIN, UTF8 = "宋体".encode("gbk"), "Größe".encode("latin-1"), "黑体".encode()
NAMES = [GBK, LATIN, UTF8, b"A B#/(", b"\xff\xfe\x80", b"plain"]


def _name(raw: bytes) -> Any:
    return Object.parse(b"/" + b"".join(b"#%02X" % byte for byte in raw))


def _written(raw: bytes) -> bytes:
    """A name as content streams often have it: what need not be escaped is not."""
    special = b"#()<>[]{}/% \t\r\n\f\x00"
    return b"/" + b"".join(b"#%02X" % byte if byte in special else bytes([byte]) for byte in raw)


def _named_by(raw: bytes) -> Pdf:
    """A page on which everything has this name: font, form, colour space, state, marked content."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    key = _name(raw)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=key, Encoding=key)
    font.Encoding = Name.WinAnsiEncoding
    held = {
        "/Font": font,
        "/XObject": square(pdf),
        "/ColorSpace": Array([Name.Separation, key, Name.DeviceGray, _tint(pdf)]),
        "/ExtGState": Dictionary(Type=Name.ExtGState, LW=5),
        "/Properties": Dictionary(Type=Name.Thing, Name=key),
    }
    page.Resources = Dictionary()
    for category, value in held.items():
        page.Resources[category] = Dictionary()
        page.Resources[category][key] = value
    name = _written(raw)
    page.Contents = Stream(
        pdf,
        b"/OC %b BDC EMC %b gs %b cs 0.2 scn 50 700 200 40 re f q 5 0 0 5 50 500 cm %b Do Q "
        b"0 g BT %b 30 Tf 50 400 Td (Vertrag 2025) Tj ET" % ((name,) * 5),
    )
    return pdf


def _tint(pdf: Pdf) -> Stream:
    made = Stream(pdf, b"{}")
    made.FunctionType, made.Domain, made.Range = 4, Array([0, 1]), Array([0, 1])
    return made


def names_in_pdf(data: bytes | Path) -> set[bytes]:
    """All names and keys of a document, as bytes without their slash."""
    found: set[bytes] = set()
    with pikepdf.open(io.BytesIO(data) if isinstance(data, bytes) else data) as pdf:
        for thing in pdf.objects:
            found |= set(_below(thing))
    return found


def _below(thing: Any) -> Iterator[bytes]:
    if isinstance(thing, Name):
        yield bytes(thing)[1:]
    elif isinstance(thing, (Dictionary, Stream)):
        for key, value in thing.items():
            yield key[1:].encode("utf-8", "surrogateescape")
            if not getattr(value, "is_indirect", False):
                yield from _below(value)
    elif isinstance(thing, Array):
        for value in thing:
            if not getattr(value, "is_indirect", False):
                yield from _below(value)


def _text(data: bytes | Path, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return str(document[page].get_textpage().get_text_range())


@pytest.mark.parametrize("raw", NAMES, ids=repr)
def test_every_kind_of_name_survives_intake_and_volume(
    raw: bytes, take: Take, tmp_path: Path
) -> None:
    """Not called damaged, every name the same bytes, the page as it looked, its text as it was."""
    given_file = saved(_named_by(raw))
    facts = take(given_file)
    assert facts.remarks == ()
    assert raw in names_in_pdf(facts.clean)
    plan, volume = bind(load_programme(), facts, tmp_path)
    assert raw in names_in_pdf(volume)
    assert list(unlike_clean(plan, volume, facts)) == []
    side = next(side for side in plan.sides if side.pdf == SOURCE)
    with (
        pypdfium2.PdfDocument(given_file) as before,
        pypdfium2.PdfDocument(volume) as after,
    ):
        old, new = (page_likeness.drawn(page) for page in (before[0], after[side.side - 1]))
        for picture in (old, new):  # less its number, and the text, in whose font one is embedded
            pen = ImageDraw.Draw(picture)
            pen.rectangle((0, picture.height * 0.47, picture.width, picture.height), fill="white")
        assert not page_likeness.is_blank(old)
        assert page_likeness.difference(old, new).mean < 0.1
    assert "Vertrag 2025" in _text(facts.clean)
    assert "Vertrag 2025" in _text(volume, side.side - 1)
    reader = quiet_pypdf().PdfReader(volume)
    assert "Vertrag 2025" in reader.pages[side.side - 1].extract_text()


def test_two_names_that_pypdf_once_took_for_one_stay_two(take: Take, tmp_path: Path) -> None:
    """宋体 as GBK and as UTF-8 are two resources of one page."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Resources = Dictionary(XObject=Dictionary())
    page.Resources.XObject[_name(GBK)] = square(pdf, "1 0 0 rg")
    page.Resources.XObject[_name("宋体".encode())] = square(pdf, "0 0 1 rg")
    page.Contents = Stream(pdf, b"q 20 0 0 20 0 0 cm %b Do Q" % _written(GBK))
    plan, volume = bind(load_programme(), take(saved(pdf)), tmp_path)
    side = next(side for side in plan.sides if side.pdf == SOURCE)
    with pypdfium2.PdfDocument(volume) as document:
        picture = document[side.side - 1].render(scale=0.5).to_pil().convert("RGB")
    assert picture.getpixel((30, picture.height - 60)) == (255, 0, 0)


def test_a_layer_whose_name_is_not_utf8_is_taken_out_when_off(take: Take) -> None:
    """/OC names it by its key among the properties."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("图层")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page.Resources = Dictionary(Properties=Dictionary())
    page.Resources.Properties[_name(GBK)] = layer
    page.Contents = Stream(pdf, b"/OC %b BDC 0 0 400 400 re f EMC" % _written(GBK))
    clean = take(saved(pdf)).clean
    with pypdfium2.PdfDocument(clean) as document:
        assert page_likeness.is_blank(page_likeness.drawn(document[0]))


def test_a_ticked_box_whose_state_is_named_in_gbk_is_ticked(take: Take) -> None:
    """/AS /是 in the bytes of GBK."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    states = Dictionary(Off=square(pdf, "1 g"))
    states[_name("是".encode("gbk"))] = square(pdf, "1 0 0 rg")
    box = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("a"))
    box.Rect, box.AP = Array([100, 100, 200, 200]), Dictionary(N=states)
    box.V = box.AS = _name("是".encode("gbk"))
    page.Annots = Array([pdf.make_indirect(box)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[0]]))
    with pypdfium2.PdfDocument(take(saved(pdf)).clean) as document:
        picture = document[0].render(scale=1).to_pil().convert("RGB")
    assert picture.getpixel((150, picture.height - 150)) == (255, 0, 0)


@given(st.binary(min_size=1, max_size=60).filter(lambda raw: 0 not in raw))
def test_any_name_is_read_and_written_by_pypdf_as_the_same_bytes(raw: bytes) -> None:
    """Whatever bytes a name has, qpdf reads from pypdf's file what it wrote itself."""
    pypdf = quiet_pypdf()
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(9, 9)).obj
    page.X, page.Y = Array([_name(raw)]), Dictionary()
    page.Y[_name(raw)] = 1
    writer, copy = pypdf.PdfWriter(), io.BytesIO()
    writer.append(pypdf.PdfReader(io.BytesIO(saved(pdf))))
    writer.write(copy)
    with pikepdf.open(copy) as found:
        assert bytes(found.pages[0].obj.X[0])[1:] == raw
        assert [key[1:].encode("utf-8", "surrogateescape") for key in found.pages[0].obj.Y] == [raw]


def test_hostile_names_are_looked_up_set_and_listed_alike() -> None:
    """The helpers take what they give."""
    chance = random.Random(1)
    holder = Dictionary()
    raws = {bytes(chance.randrange(1, 256) for _ in range(5)) for _ in range(50)}
    for count, raw in enumerate(sorted(raws)):
        holder[_name(raw)] = count
    assert len(keys_of(holder)) == len(raws)
    assert all(entry(holder, key) == value for key, value in names_of(holder))
    for key in keys_of(holder):
        assert name_of(_name(key[1:].encode("utf-8", "surrogateescape"))) == key
        del holder[key_for(key)]
    assert keys_of(holder) == []
