"""What viewers draw over a page comes along; what acts does not."""

from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.intake.conftest import (
    Take,
    annotate,
    assert_plain,
    colour_at,
    made,
    refused,
    saved,
    square,
)

RED, WHITE = (255, 0, 0), (255, 255, 255)
CENTRE = (150, 842 - 150)


def codes(facts: Any) -> set[str]:
    """The codes of what was remarked."""
    return {remark.code for remark in facts.remarks}


def test_stamps_are_drawn_in(take: Take) -> None:
    """A seal set as a stamp annotation is what makes a contract valid."""
    pdf = made()
    annotate(pdf)
    facts = take(saved(pdf))
    assert_plain(facts)
    assert colour_at(facts.clean, *CENTRE) == RED
    assert facts.pages[0].sealed


@pytest.mark.parametrize(
    ("entries", "shown"),
    [({"F": 2}, False), ({"F": 32}, False), ({"F": 0}, True), ({"F": 4}, True)],
)
def test_hidden_flags(take: Take, entries: dict[str, Any], shown: bool) -> None:
    """Hidden and no-view annotations are not seen; those that do not print are."""
    pdf = made()
    annotate(pdf, **entries)
    facts = take(saved(pdf))
    assert (colour_at(facts.clean, *CENTRE) == RED) is shown
    assert facts.pages[0].sealed is shown


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_stamps_on_turned_pages(take: Take, tmp_path: Path, turn: int) -> None:
    """The stamp turns with its page."""
    from tests.intake.clean.test_plain_page import alike

    pdf = made()
    annotate(pdf)
    pdf.pages[0].obj.Rotate = turn
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    alike(source, take(source).clean)


@pytest.mark.parametrize(("state", "shown"), [("/Yes", True), ("/Off", False), ("/Gone", False)])
def test_tick_boxes_in_their_state(take: Take, state: str, shown: bool) -> None:
    """A tick box has an appearance for each state and shows the present one."""
    pdf = made()
    states = Dictionary(Yes=square(pdf))
    field = annotate(pdf, Subtype=Name.Widget, FT=Name.Btn, AS=Name(state), AP=Dictionary(N=states))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    facts = take(saved(pdf))
    assert_plain(facts)
    assert (colour_at(facts.clean, *CENTRE) == RED) is shown


def _text_field(pdf: Pdf, **entries: Any) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    field = annotate(
        pdf,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("name"),
        V=String("MMMMMMMM"),
        DA=String("/Helv 40 Tf 0 g"),
        Rect=Array([50, 100, 400, 160]),
        **entries,
    )
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]),
        DR=Dictionary(Font=Dictionary(Helv=font)),
        DA=String("/Helv 40 Tf 0 g"),
    )


def test_values_without_an_appearance(take: Take, tmp_path: Path) -> None:
    """Programs that fill forms often leave the drawing to the viewer."""
    from tests.intake.clean.test_plain_page import alike

    pdf = made(1, b"q Q")
    _text_field(pdf)
    del pdf.pages[0].obj.Annots[0]["/AP"]
    pdf.Root.AcroForm.NeedAppearances = True
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    facts = take(source)
    assert_plain(facts)
    alike(source, facts.clean)
    from tests.intake.conftest import seen

    assert seen(facts.clean).convert("L").getextrema()[0] < 100


@pytest.mark.parametrize("kind", ["Square", "Circle", "Ink", "Highlight"])
def test_marks_without_an_appearance(take: Take, tmp_path: Path, kind: str) -> None:
    """Marks of reviewers may have no appearance of their own; viewers draw them all the same."""
    from tests.intake.clean.test_plain_page import alike

    pdf = made(1, b"q Q")
    mark = annotate(pdf, Subtype=Name(f"/{kind}"), C=Array([1, 0, 0]), IC=Array([1, 0, 0]))
    mark.InkList = Array([Array([110, 110, 190, 190])])
    mark.QuadPoints = Array([100, 200, 200, 200, 100, 100, 200, 100])
    del mark["/AP"]
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    facts = take(source)
    alike(source, facts.clean)
    assert colour_at(facts.clean, *CENTRE) != WHITE


def test_signed_files(take: Take) -> None:
    """A signature shows but can no longer be checked, which its user must know."""
    pdf = made()
    value = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String("00"))
    field = annotate(pdf, Subtype=Name.Widget, FT=Name.Sig, T=String("s"), V=value)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    facts = take(saved(pdf))
    assert_plain(facts)
    assert "attachment-signed" in codes(facts)
    assert facts.pages[0].sealed
    assert colour_at(facts.clean, *CENTRE) == RED


def test_nothing_active_survives(take: Take) -> None:
    """No script, launch, submit or embedded file reaches the volume."""
    pdf = made(2)
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    pdf.pages[0].obj.AA = Dictionary(O=script)
    pdf.attachments["里面.xml"] = b"<x/>"
    for action in (
        script,
        Dictionary(S=Name.Launch, F=String("calc.exe")),
        Dictionary(S=Name.SubmitForm, F=String("http://example.com")),
        Dictionary(S=Name.GoToR, F=String("other.pdf"), D=Array([0, Name.Fit])),
        Dictionary(S=Name.URI, URI=String("file:///etc/passwd")),
        Dictionary(S=Name.URI, URI=String("javascript:alert(1)")),
    ):
        annotate(pdf, Subtype=Name.Link, A=action)
    facts = take(saved(pdf))
    assert_plain(facts)
    assert "attachment-embedded-files" in codes(facts)
    with pikepdf.open(facts.clean) as clean:
        assert "/Annots" not in clean.pages[0].obj


def layered_pdf(*, off: bool) -> Pdf:
    pdf = made(
        1,
        b"/OC /L BDC 1 0 0 rg 100 100 100 100 re f /Im Do BT 1 0 0 rg (x) Tj ET EMC "
        b"0 g 300 100 50 50 re f",
    )
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    drawn = square(pdf)
    drawn.OC = group
    drawn.Matrix = Array([10, 0, 0, 10, 300, 600])
    page = pdf.pages[0].obj
    page.Contents = Stream(pdf, page.Contents.read_bytes() + b" /Fx Do")
    page.Resources = Dictionary(
        Properties=Dictionary(L=group), XObject=Dictionary(Fx=pdf.make_indirect(drawn))
    )
    config = Dictionary(OFF=Array([group])) if off else Dictionary(ON=Array([group]))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=config)
    return pdf


@pytest.mark.parametrize("off", [True, False])
def test_layers_as_in_the_default_view(take: Take, tmp_path: Path, off: bool) -> None:
    """Drawings and bilingual forms hide layers; what was hidden must not appear in print."""
    from tests.intake.clean.test_plain_page import alike

    source = tmp_path / "a.pdf"
    source.write_bytes(saved(layered_pdf(off=off)))
    facts = take(source)
    assert_plain(facts)
    alike(source, facts.clean)
    for place in (CENTRE, (350, 842 - 650)):
        assert colour_at(facts.clean, *place) == (WHITE if off else RED)
    assert colour_at(facts.clean, 325, 842 - 125) == (0, 0, 0)


@pytest.mark.parametrize("is_direct", [True, False])
@pytest.mark.parametrize(
    ("policy", "off", "shown"),
    [
        ("AllOff", True, True),
        ("AnyOff", True, True),
        ("AnyOn", True, False),
        ("AllOff", False, False),
        ("AnyOff", False, False),
        ("AllOn", False, True),
        ("Not", True, True),
        ("Not", False, False),
    ],
)
def test_content_that_is_shown_where_a_layer_is_off(
    take: Take, policy: str, off: bool, shown: bool, is_direct: bool
) -> None:
    """Drawings have two versions, of which one is shown where the other is not (8.11.2.2)."""
    pdf = layered_pdf(off=off)
    group = pdf.Root.OCProperties.OCGs[0]
    member = Dictionary(Type=Name.OCMD, OCGs=Array([group]), P=Name(f"/{policy}"))
    if policy == "Not":
        member = Dictionary(Type=Name.OCMD, VE=Array([Name.Not, group]))
    page = pdf.pages[0].obj
    page.Resources.Properties.M = member if is_direct else pdf.make_indirect(member)
    page.Contents = Stream(
        pdf, page.Contents.read_bytes() + b" /OC /M BDC 0 1 0 rg 400 20 60 60 re f EMC"
    )
    clean = take(saved(pdf)).clean
    assert colour_at(clean, 430, 842 - 50) == ((0, 255, 0) if shown else WHITE)


@pytest.mark.parametrize("state", ["OFF", "ON"])
def test_what_a_layer_is_used_for_matters_only_where_the_document_says_so(
    take: Take, state: str
) -> None:
    """/Usage is applied by /AS alone (8.11.4.4); PDFium obeys it always."""
    pdf = layered_pdf(off=False)
    group = pdf.Root.OCProperties.OCGs[0]
    group.Usage = Dictionary(View=Dictionary(ViewState=Name(f"/{state}")))
    assert colour_at(take(saved(pdf)).clean, *CENTRE) == RED


def test_annotations_on_hidden_layers(take: Take) -> None:
    """An annotation may lie on a layer too (pdfium shows it all the same; others do not)."""
    pdf = layered_pdf(off=True)
    annotate(pdf, OC=pdf.Root.OCProperties.OCGs[0], Rect=Array([400, 400, 500, 500]))
    assert colour_at(take(saved(pdf)).clean, 450, 842 - 450) == WHITE


def test_portfolios_are_refused_by_name(take: Take) -> None:
    """A portfolio is a wrapper: its one page says to get another reader."""
    pdf = made(1, b"q Q")
    pdf.attachments["合同.docx"] = b"PK"
    pdf.Root.Collection = Dictionary(Type=Name.Collection)
    assert refused(take, saved(pdf)).code == "attachment-portfolio"


def test_xfa_shells_are_refused_by_name(take: Take) -> None:
    """Dynamic XFA forms hold one page that says Please wait."""
    content = b"BT /F1 12 Tf 50 700 Td (Please wait... If this message is not) Tj ET"
    pdf = made(1, content)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=font))
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp/>"))
    pdf.Root.NeedsRendering = True
    assert refused(take, saved(pdf)).code == "attachment-xfa"


def test_xfa_with_real_pages_is_taken(take: Take) -> None:
    """Static XFA forms are ordinary forms beside."""
    pdf = made(2)
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp/>"))
    assert len(take(saved(pdf)).pages) == 2


def _filled(value: str, **entries: Any) -> Pdf:
    """A form filled by a program that left the drawing to the viewer."""
    pdf = made(1, b"q Q")
    _text_field(pdf)
    field = pdf.pages[0].obj.Annots[0]
    for name, found in {"V": String(value), **entries}.items():
        field[f"/{name}"] = found
    del field["/AP"]
    pdf.Root.AcroForm.NeedAppearances = True
    return pdf


def _text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return str(document[0].get_textpage().get_text_bounded())


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"Q": 1, "DA": String("/Helv 0 Tf 1 0 0 rg")},
        {"Ff": 1 << 12, "DA": String("/Helv 0 Tf 0 0 1 rg")},
        {"Ff": 1 << 24, "MaxLen": 10},
        {"MK": Dictionary(R=90, BG=Array([1, 1, 0]), BC=Array([0]))},
    ],
)
def test_chinese_values_are_written_out(take: Take, entries: dict[str, Any]) -> None:
    """Tax portals' forms: no machine's fonts are needed to see who filed what."""
    facts = take(saved(_filled("北京𬭩镕公司☑", **entries)))
    assert_plain(facts)
    assert "".join(_text(facts.clean).split()) == "北京𬭩镕公司☑"
    with pikepdf.open(facts.clean) as clean:
        fonts = [found for found in clean.objects if "/FontFile2" in _entries(found)]
    assert fonts


def _entries(found: Any) -> Any:
    return found if isinstance(found, pikepdf.Dictionary) else {}


def test_values_that_show_already_keep_their_font(take: Take) -> None:
    """A careful program writes the value out and asks for a new drawing all the same."""
    once = take(saved(_filled("石景山区"))).clean
    pdf = _filled("石景山区")
    with pikepdf.open(once) as clean:
        form = pdf.copy_foreign(clean.pages[0].Resources.XObject.P1)
    pdf.pages[0].obj.Annots[0].AP = Dictionary(N=form)
    stale = _filled("海淀区")
    stale.pages[0].obj.Annots[0].AP = Dictionary(N=stale.copy_foreign(form))
    facts = take(saved(pdf))
    with pikepdf.open(facts.clean) as clean:
        assert clean.pages[0].Resources.XObject.P1.read_bytes() == form.read_bytes()
    assert "".join(_text(take(saved(stale)).clean).split()) == "海淀区"


def test_choices_show_their_words(take: Take) -> None:
    """A list's value may be a code; its reader sees the words."""
    pdf = _filled("1")
    field = pdf.pages[0].obj.Annots[0]
    field.FT = Name.Ch
    field.Opt = Array(
        [Array([String("1"), String("国家级")]), Array([String("2"), String("市级")])]
    )
    assert "".join(_text(take(saved(pdf)).clean).split()) == "国家级"


def test_notes_on_the_page(take: Take) -> None:
    """A reviewer's note stands on the page, in Latin or in Chinese."""
    for words in ("Hello", "见附件二，已核对。" * 8):
        pdf = made(1, b"q Q")
        annotate(
            pdf,
            Subtype=Name.FreeText,
            Contents=String(words),
            DA=String("/Helv 12 Tf 1 0 0 rg"),
            Rect=Array([50, 600, 300, 700]),
        )
        del pdf.pages[0].obj.Annots[0]["/AP"]
        facts = take(saved(pdf))
        assert_plain(facts)
        assert "".join(_text(facts.clean).split()) == words


@pytest.mark.parametrize(
    ("kind", "entries"),
    [
        ("Line", {"L": [110, 150, 190, 150]}),
        ("PolyLine", {"Vertices": [110, 150, 190, 150, 190, 190]}),
        ("Polygon", {"Vertices": [110, 110, 190, 110, 190, 190, 110, 190], "IC": [1, 0, 0]}),
    ],
)
def test_lines_without_an_appearance(take: Take, kind: str, entries: dict[str, Any]) -> None:
    """Most viewers draw them; PDFium does not, so nobody would notice that they are gone."""
    pdf = made(1, b"q Q")
    given = {name: Array(value) for name, value in entries.items()}
    ends = Array([Name.OpenArrow, Name("/None")])
    style = Dictionary(W=6)
    annotate(pdf, Subtype=Name(f"/{kind}"), C=Array([1, 0, 0]), BS=style, LE=ends, **given)
    del pdf.pages[0].obj.Annots[0]["/AP"]
    facts = take(saved(pdf))
    assert_plain(facts)
    assert colour_at(facts.clean, *CENTRE) == RED
    pdf.pages[0].obj.Annots[0].L = pdf.pages[0].obj.Annots[0].Vertices = Array([1])
    assert len(take(saved(pdf)).pages) == 1


def test_an_electronic_invoice(take: Take, tmp_path: Path) -> None:
    """The tax office's seal is a stamp, its signature a field that shows; both stay, and text."""
    from tests.intake.clean.test_plain_page import alike

    pdf = made(1, b"0 g 50 300 200 10 re f")
    pdf.pages[0].obj.MediaBox = Array([0, 0, 610, 396])
    annotate(pdf, Rect=Array([250, 300, 350, 380]))
    value = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String("00"))
    look = Dictionary(N=square(pdf, "0 0 1 rg"))
    field = annotate(
        pdf,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String("s"),
        V=value,
        AP=look,
        Rect=Array([400, 20, 500, 60]),
        F=132,
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    pdf.attachments["invoice.xml"] = b"<x/>"
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    facts = take(source)
    assert_plain(facts)
    alike(source, facts.clean)
    assert facts.pages[0].sealed
    assert codes(facts) == {"attachment-signed", "attachment-embedded-files"}
    assert colour_at(facts.clean, 450, 396 - 40) == (0, 0, 255)
    assert colour_at(facts.clean, 300, 396 - 340) == RED


def test_portfolios_with_pages_are_taken(take: Take) -> None:
    """A document of several pages that also carries files is a document."""
    pdf = made(3)
    pdf.attachments["合同.docx"] = b"PK"
    pdf.Root.Collection = Dictionary(Type=Name.Collection)
    facts = take(saved(pdf))
    assert len(facts.pages) == 3
    assert "attachment-embedded-files" in codes(facts)


def test_streams_in_other_files_are_not_fetched(take: Take, tmp_path: Path) -> None:
    """A stream may name a file that holds its data; neither we nor a viewer may look there."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"1 0 0 rg 0 0 595 842 re f")
    pdf = made(2)
    for page in pdf.pages:
        page.obj.Contents.F = String(str(secret))
        page.obj.Contents.FFilter = Name.ASCIIHexDecode
    form = square(pdf)
    form.Ref = Dictionary(F=String(str(secret)), Page=0)
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fx=form))
    facts = take(saved(pdf))
    assert_plain(facts)
    assert colour_at(facts.clean, 300, 800) == WHITE
    assert b"secret" not in facts.clean.read_bytes()
    with pikepdf.open(facts.clean) as clean:
        for found in clean.objects:
            if isinstance(found, Stream):
                assert "/F" not in found and "/Ref" not in found
