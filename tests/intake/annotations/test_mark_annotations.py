"""Tick boxes, stamps and other marks that a file leaves to its viewer are seen, or told of."""

from pathlib import Path
from typing import Any

import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from sjs_forms.domain.source_facts import SourceFacts
from tests.intake.annotations.test_annotations import codes
from tests.intake.conftest import Take, annotate, assert_plain, made, saved, seen, square

RED = Array([1, 0, 0])


def _bare(**entries: Any) -> Pdf:
    """A blank page with one annotation of 100 by 100 points that has no appearance."""
    pdf = made(1, b"q Q")
    annotation = annotate(pdf, **entries)
    if "AP" not in entries:
        del annotation["/AP"]
    return pdf


def _box(**entries: Any) -> Pdf:
    pdf = _bare(Subtype=Name.Widget, FT=Name.Btn, T=String("a"), **entries)
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[0]]))
    return pdf


def _place(facts: SourceFacts, box: tuple[int, ...] = (100, 100, 200, 200)) -> Image.Image:
    """What is seen where the annotation stands (points, from the foot)."""
    left, foot, right, top = box
    return seen(facts.clean).crop((left, 842 - top, right, 842 - foot))


def _ink(picture: Image.Image) -> float:
    """The share of a picture that is not paper."""
    grey = picture.convert("L").tobytes()
    return sum(value < 200 for value in grey) / len(grey)


def _text(path: Path) -> str:
    return pypdf.PdfReader(path).pages[0].extract_text()


# Tick boxes and radio buttons


@pytest.mark.parametrize("sign", ["4", "8", "l", "u", "n", "H", None])
def test_a_ticked_box_without_an_appearance_is_ticked(take: Take, sign: str | None) -> None:
    """In the sign that it names, in the colour of its text; with ground and frame if it has any."""
    look = Dictionary(BC=Array([0, 0, 1]), BG=Array([1, 1, 0]))
    if sign:
        look.CA = String(sign)
    pdf = _box(AS=Name.Yes, V=Name.Yes, MK=look, DA=String("/ZaDb 0 Tf 1 0 0 rg"))
    facts = take(saved(pdf))
    assert_plain(facts)
    colours = {colour for _, colour in _place(facts).getcolors(100_000) or ()}
    assert {(255, 0, 0), (255, 255, 0)} <= colours
    assert any(blue > 200 and red < 60 for red, _, blue in colours)
    assert not facts.remarks


def test_the_signs_look_as_they_are_called(take: Take) -> None:
    def drawn(sign: str) -> Image.Image:
        facts = take(saved(_box(AS=Name.Yes, MK=Dictionary(CA=String(sign)))))
        return _place(facts).convert("L")

    def at(picture: Image.Image, across: int, down: int) -> bool:
        value = picture.getpixel((across, down))
        assert isinstance(value, int)
        return value < 128

    check, cross, disc, square_, diamond, star = map(drawn, "48lnuH")
    assert at(cross, 30, 30) and at(cross, 70, 30) and at(cross, 50, 50)
    assert not at(check, 30, 30) and at(check, 70, 35)
    assert at(disc, 50, 50) and at(square_, 28, 28) and not at(disc, 28, 28)
    assert at(diamond, 50, 22) and not at(diamond, 28, 28)
    assert at(star, 50, 18) and not at(star, 35, 20)


@pytest.mark.parametrize(
    ("entries", "ticked"),
    [
        ({"AS": Name.Off, "V": Name.Off}, False),
        ({"V": Name.Yes}, True),
        ({"V": Name("/1")}, True),
        ({"V": String("On")}, True),
        ({"V": Name.Off}, False),
        ({}, False),
        ({"AS": Name.Yes, "F": 2}, False),
        ({"AS": Name.Yes, "Ff": 1 << 16}, False),
    ],
)
def test_the_state_of_a_box_is_that_of_its_appearance_or_else_its_value(
    take: Take, entries: dict[str, Any], ticked: bool
) -> None:
    facts = take(saved(_box(**entries)))
    assert (_ink(_place(facts)) > 0.02) is ticked
    assert not facts.remarks


def test_a_box_that_has_an_appearance_only_for_off_is_ticked_all_the_same(take: Take) -> None:
    pdf = _box(AS=Name.Yes, V=Name.Yes)
    pdf.pages[0].obj.Annots[0].AP = Dictionary(N=Dictionary(Off=square(pdf, "1 1 1 rg")))
    assert _ink(_place(take(saved(pdf)))) > 0.02


@pytest.mark.parametrize("broken", ["no box", "no stream"])
@pytest.mark.parametrize("state", ["/Yes", "/Off"])
def test_an_appearance_that_no_viewer_can_place_is_drawn_anew(
    take: Take, broken: str, state: str
) -> None:
    """mPDF writes tick boxes so: `/Off /Off`, and streams without a /BBox."""
    pdf = _box(AS=Name(state), MK=Dictionary(BC=Array([0]), CA=String("8")))
    form = square(pdf)
    del form["/BBox"]
    look = form if broken == "no box" else Name(state)
    pdf.pages[0].obj.Annots[0].AP = Dictionary(N=Dictionary({"/Yes": look, "/Off": look}))
    inner = _place(take(saved(pdf)), (110, 110, 190, 190))
    outer = _place(take(saved(pdf)))
    assert _ink(outer) > 0.02 and (_ink(inner) > 0.02) is (state == "/Yes")


def test_a_value_that_the_shown_state_contradicts_is_told_by_page(take: Take) -> None:
    """Programs that fill only /V: viewers go on showing an empty box."""
    for state, value in ((Name.Off, Name.On), (Name.Yes, Name.Yes)):
        pdf = _box(AS=state, V=value)
        pdf.pages[0].obj.Annots[0].AP = Dictionary(N=Dictionary(On=square(pdf)))
        facts = take(saved(pdf))
        assert codes(facts) == {"attachment-tick-doubtful"}
        assert "第 1 页" in facts.remarks[0].message
        assert _ink(_place(facts)) == 0
        pdf.Root.AcroForm.NeedAppearances = True
        facts = take(saved(pdf))
        if value == Name.On:
            assert _ink(_place(facts)) > 0.9 and not facts.remarks


def _radio(kids: int, **parents: Any) -> Pdf:
    """A group of radio buttons side by side, without appearances."""
    pdf = made(1, b"q Q")
    parent = pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=1 << 15, T=String("r"), **parents))
    own = [
        annotate(
            pdf,
            Subtype=Name.Widget,
            Parent=parent,
            Rect=Array([100 + 100 * at, 100, 150 + 100 * at, 150]),
        )
        for at in range(kids)
    ]
    for kid in own:
        del kid["/AP"]
    parent.Kids = Array(own)
    pdf.Root.AcroForm = Dictionary(Fields=Array([parent]))
    return pdf


def _on(facts: SourceFacts, kids: int) -> list[bool]:
    return [
        _ink(_place(facts, (100 + 100 * at, 100, 150 + 100 * at, 150))) > 0.02 for at in range(kids)
    ]


@pytest.mark.parametrize("value", [Name("/1"), String("乙")])
def test_one_radio_button_of_a_group_is_on(take: Take, value: Any) -> None:
    """By the number of the button, or the words that the group's options have for it."""
    options = Array([String("甲"), String("乙"), String("丙")])
    facts = take(saved(_radio(3, V=value, Opt=options)))
    assert _on(facts, 3) == [False, True, False]
    assert not facts.remarks


def test_radio_buttons_by_their_own_state(take: Take) -> None:
    pdf = _radio(3, V=Name("/b"))
    for kid, state in zip(pdf.pages[0].obj.Annots, ("/Off", "/b", "/Off"), strict=True):
        kid.AS = Name(state)
    assert _on(take(saved(pdf)), 3) == [False, True, False]


def test_a_radio_group_that_leaves_open_which_is_on_is_told(take: Take) -> None:
    facts = take(saved(_radio(3, V=Name("/beta"))))
    assert codes(facts) == {"attachment-tick-doubtful"}


# Text


@pytest.mark.parametrize("words", ["Plain words", "见附件"])
def test_a_note_whose_font_is_nowhere_is_written(take: Take, words: str) -> None:
    """PDFium lends nothing where the form's resources lack the font that the note names."""
    pdf = _bare(Subtype=Name.FreeText, Contents=String(words), DA=String("/Helv 12 Tf 1 0 0 rg"))
    pdf.Root.AcroForm = Dictionary(Fields=Array())
    facts = take(saved(pdf))
    assert "".join(words.split()) in "".join(_text(facts.clean).split())
    assert not facts.remarks


@pytest.mark.parametrize("words", ["25 ℃", "①②", "√", "x ≤ 5", "№ 7", "Dvořák", "αβ", "A→B"])
@pytest.mark.parametrize("kind", ["note", "field"])
def test_no_character_is_left_out_because_the_standard_fonts_lack_it(
    take: Take, words: str, kind: str
) -> None:
    facts = take(saved(_saying(words, kind)))
    assert "".join(_text(facts.clean).split()) == "".join(words.split())
    assert not facts.remarks


@pytest.mark.parametrize("kind", ["note", "field"])
def test_a_character_that_no_font_has_is_a_box_and_is_told(take: Take, kind: str) -> None:
    facts = take(saved(_saying("张😀三", kind)))
    assert _text(facts.clean).strip() == "张□三"
    (told,) = facts.remarks
    assert told.code == "attachment-font-glyphs" and "😀" in told.message
    assert "第 1 页" in told.message


def _saying(words: str, kind: str) -> Pdf:
    """A note or a form field of which the file leaves the drawing to the viewer."""
    style = String("/Helv 12 Tf 0 g")
    if kind == "field":
        pdf = _bare(Subtype=Name.Widget, FT=Name.Tx, T=String("a"), V=String(words), DA=style)
    else:
        pdf = _bare(Subtype=Name.FreeText, Contents=String(words), DA=style)
    fields = [pdf.pages[0].obj.Annots[0]] if kind == "field" else []
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
    return pdf


def test_a_callout_has_its_line_and_its_own_box(take: Take) -> None:
    pdf = _bare(
        Subtype=Name.FreeText,
        Contents=String("See here"),
        DA=String("/Helv 10 Tf 1 0 0 rg"),
        IT=Name.FreeTextCallout,
        CL=Array([100, 100, 120, 180, 150, 180]),
        RD=Array([50, 60, 0, 0]),
        LE=Name.OpenArrow,
        C=Array([1, 1, 0]),
        BS=Dictionary(W=1),
    )
    facts = take(saved(pdf))
    assert "See here" in _text(facts.clean)
    line, box = _place(facts, (100, 100, 148, 200)), _place(facts, (152, 162, 198, 198))
    assert _ink(line) > 0.02
    blue = box.getchannel("B").tobytes()
    assert sum(value < 128 for value in blue) / len(blue) > 0.5


# Stamps and other marks


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/Approved", "APPROVED"),
        ("/NotForPublicRelease", "NOT FOR PUBLIC RELEASE"),
        ("/AsIs", "AS IS"),
        ("/TopSecret", "TOP SECRET"),
        ("/SBCompleted", "COMPLETED"),
        ("/#DRevised", "REVISED"),
    ],
)
def test_a_stamp_that_has_only_a_name_says_it_in_a_frame(take: Take, name: str, words: str) -> None:
    """It is no seal of anybody's: a page that bears it does not count as sealed."""
    facts = take(saved(_bare(Name=Name(name), Rect=Array([100, 100, 300, 160]))))
    assert words in " ".join(_text(facts.clean).split())
    place = _place(facts, (98, 98, 302, 162))
    assert _ink(place.crop((0, 0, 12, 64))) > 0.02  # the frame's left edge
    assert not facts.pages[0].sealed and not facts.remarks


@pytest.mark.parametrize("name", ["/公章", "/Custom-4711", None])
def test_a_stamp_that_nobody_can_draw_is_told_by_page_and_seals_nothing(
    take: Take, name: str | None
) -> None:
    pdf = _bare() if name is None else _bare(Name=Name(name))
    first = made()
    pdf.pages.insert(0, first.pages[0])
    facts = take(saved(pdf))
    assert codes(facts) == {"attachment-annotation-undrawn"}
    assert "第 2 页" in facts.remarks[0].message
    assert not facts.pages[1].sealed


@pytest.mark.parametrize(
    ("kind", "entries", "told"),
    [
        ("Caret", {"C": RED}, set()),
        ("Caret", {"C": RED, "Sy": Name.P}, set()),
        ("Caret", {"C": RED, "Contents": String("补一句")}, {"attachment-notes"}),
        ("FileAttachment", {"C": RED}, {"attachment-embedded-files"}),
        ("Redact", {}, {"attachment-redaction"}),
        ("Link", {"C": RED, "F": 4, "Border": Array([0, 0, 3])}, set()),
        ("Text", {"C": RED, "Contents": String("请核对")}, {"attachment-notes"}),
        ("Square", {"C": RED, "BS": Dictionary(W=4)}, set()),
        ("Circle", {"C": RED, "IC": RED}, set()),
        ("Polygon", {"C": RED, "Vertices": Array([110, 110, 190, 110, 150, 190])}, set()),
    ],
)
def test_marks_are_seen_and_what_they_hide_is_told(
    take: Take, kind: str, entries: dict[str, Any], told: set[str]
) -> None:
    facts = take(saved(_bare(Subtype=Name(f"/{kind}"), **entries)))
    assert_plain(facts)
    assert _ink(_place(facts)) > 0.005
    assert codes(facts) == told
    assert not facts.pages[0].sealed


@pytest.mark.parametrize(
    "entries",
    [
        {"Subtype": Name.Link, "Border": Array([0, 0, 3])},  # for the screen alone
        {"Subtype": Name.Link, "F": 4},
        {"Subtype": Name.Link, "F": 4, "Border": Array([0, 0, 0])},
        {"Subtype": Name.Popup, "Contents": String("x")},
        {"Subtype": Name.Text, "Contents": String("x"), "F": 2},
        {"Subtype": Name.Highlight},
        {"Subtype": Name.Ink, "InkList": Array()},
    ],
)
def test_what_shows_nothing_is_neither_drawn_nor_told(take: Take, entries: dict[str, Any]) -> None:
    facts = take(saved(_bare(**entries)))
    assert _ink(_place(facts)) == 0
    assert not facts.remarks


@pytest.mark.parametrize("kind", ["Movie", "Sound", "RichMedia", "3D"])
def test_what_cannot_be_printed_is_told(take: Take, kind: str) -> None:
    facts = take(saved(_bare(Subtype=Name(f"/{kind}"))))
    assert codes(facts) == {"attachment-annotation-undrawn"}


def test_words_under_a_highlight_stay_readable(take: Take) -> None:
    pdf = _bare(
        Subtype=Name.Highlight,
        C=Array([1, 1, 0]),
        QuadPoints=Array([100, 200, 200, 200, 100, 100, 200, 100]),
    )
    pdf.pages[0].obj.Contents = Stream(pdf, b"0 g 120 140 60 20 re f")
    place = _place(take(saved(pdf)))
    assert place.getpixel((50, 50)) == (0, 0, 0) and place.getpixel((10, 10)) == (255, 255, 0)


def test_damaged_marks_harm_nothing(take: Take) -> None:
    """Entries of the wrong kind, groups that name themselves, and empty boxes."""
    pdf = _radio(2, V=Array([1]), Opt=Dictionary())
    first, second = pdf.pages[0].obj.Annots
    first.MK, first.AP, first.DA = Name.X, Dictionary(N=Dictionary()), Array()
    second.Rect, second.Parent = Array([1, 1, 1, 1]), second
    for kind in ("Stamp", "Caret", "Redact", "FileAttachment", "FreeText", "Link"):
        mark = annotate(pdf, Subtype=Name(f"/{kind}"), F=Name.X, C=String("x"), CL=Array([Name.X]))
        mark.Rect = Array([0, 0, 0, 0])
        mark.Name, mark.BS, mark.Border = Array(), Dictionary(W=Name.X), String("x")
        del mark["/AP"]
        other = annotate(pdf, Subtype=Name(f"/{kind}"), F=4, Name=Name.Draft, C=Array([1, 2]))
        other.BS, other.Border, other.RD = Name.X, Array([0, 0, 1, Array([3])]), Array([9] * 4)
        del other["/AP"]
    assert len(take(saved(pdf)).pages) == 1
