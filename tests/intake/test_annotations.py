"""What viewers draw over a page comes along; what acts does not."""

from pathlib import Path
from typing import Any

import pikepdf
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
    from tests.intake.test_pages import alike

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
    from tests.intake.test_pages import alike

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
    from tests.intake.test_pages import alike

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


def _layered(*, off: bool) -> Pdf:
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
    from tests.intake.test_pages import alike

    source = tmp_path / "a.pdf"
    source.write_bytes(saved(_layered(off=off)))
    facts = take(source)
    assert_plain(facts)
    alike(source, facts.clean)
    for place in (CENTRE, (350, 842 - 650)):
        assert colour_at(facts.clean, *place) == (WHITE if off else RED)
    assert colour_at(facts.clean, 325, 842 - 125) == (0, 0, 0)


def test_annotations_on_hidden_layers(take: Take) -> None:
    """An annotation may lie on a layer too (pdfium shows it all the same; others do not)."""
    pdf = _layered(off=True)
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
