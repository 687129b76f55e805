"""Whatever a document's objects refer to, each is looked at once; counted, not timed."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from sjs_forms.intake.clean import completeness, layers
from sjs_forms.intake.clean.layers import Layers, Remover
from sjs_forms.intake.clean.page_tree import stated_pages
from sjs_forms.intake.clean.strict_reopening import check_reopens
from sjs_forms.pdf import image_places, objects
from sjs_forms.volume import side_digests
from tests.intake.conftest import Take, made, refused, saved

FORMS, LEVELS = 300, 30


def _form(pdf: Pdf, content: bytes, resources: Any = None) -> Any:
    form = Stream(pdf, content)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    if resources is not None:
        form.Resources = resources
    return pdf.make_indirect(form)


def _picture(pdf: Pdf) -> Any:
    image = Stream(pdf, bytes(200 * 200))
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width = image.Height = 200
    image.BitsPerComponent, image.ColorSpace = 8, Name.DeviceGray
    return pdf.make_indirect(image)


def _shared(pages: int = 1, *, own: bool = True, indirect: bool = True) -> Pdf:
    """Forms that all draw with one resource dictionary, in which they all are, and a picture."""
    pdf = Pdf.new()
    held = pdf.make_indirect(Dictionary(P=_picture(pdf)))
    resources = Dictionary(XObject=held)
    if indirect:
        resources = pdf.make_indirect(resources)
    names = [f"/F{number}" for number in range(FORMS)]
    for name in names:
        held[name] = _form(pdf, b"q 9 0 0 9 0 0 cm /P Do Q", resources if own else None)
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = resources
        page.Contents = Stream(pdf, "\n".join(f"{name} Do" for name in names).encode())
    return pdf


def _nested(levels: int = LEVELS) -> Pdf:
    """Forms within each other, each drawing the next twice at one place and once beside it."""
    pdf = Pdf.new()
    form = _form(pdf, b"q 9 0 0 9 0 0 cm /P Do Q", Dictionary(XObject=Dictionary(P=_picture(pdf))))
    for _ in range(levels):
        inside = Dictionary(A=form, B=form)
        form = _form(pdf, b"/A Do /B Do q 1 0 0 1 1 0 cm /A Do Q", Dictionary(XObject=inside))
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Resources = Dictionary(XObject=Dictionary(A=form))
    page.Contents = Stream(pdf, b"/A Do")
    return pdf


def _with_a_layer_off(pdf: Pdf) -> Pdf:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("图层")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    return pdf


class _Counted:
    """Counts calls of functions of modules."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: Counter[str] = Counter()
        self._monkeypatch = monkeypatch

    def watch(self, holder: Any, name: str) -> None:
        plain: Callable[..., Any] = getattr(holder, name)

        def counted(*given: Any, **named: Any) -> Any:
            self.calls[name] += 1
            return plain(*given, **named)

        self._monkeypatch.setattr(holder, name, counted)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    """Counts calls."""
    return _Counted(monkeypatch)


@pytest.mark.parametrize("pdf", [_shared(20), _shared(20, indirect=False)])
def test_content_of_shared_forms_is_read_once(pdf: Pdf, counted: _Counted) -> None:
    """A form is parsed once for all pages, shared resources are listed once."""
    counted.watch(image_places.pikepdf, "parse_content_stream")
    counted.watch(image_places, "names_of")
    drawings = image_places.Drawings(pdf, 10**6)
    for page in pdf.pages:
        found = drawings.of(page.obj.Contents.read_bytes(), page.obj.Resources)
        assert [place.matrix for place in found.places] == [(9, 0, 0, 9, 0, 0)]
        assert not found.unsure
    assert counted.calls["parse_content_stream"] <= FORMS + 20
    assert counted.calls["names_of"] <= 2 * FORMS + 20


def test_nested_forms_are_read_once_and_too_many_places_are_not_sure(counted: _Counted) -> None:
    """Thirty levels: places on a line are 31, drawn three to the thirtieth times."""
    pdf = _nested()
    counted.watch(image_places.pikepdf, "parse_content_stream")
    page = pdf.pages[0].obj
    found = image_places.Drawings(pdf, 10**6).of(page.Contents.read_bytes(), page.Resources)
    lefts = sorted(place.matrix[4] for place in found.places)
    assert lefts == list(range(LEVELS + 1))
    assert not found.unsure
    assert counted.calls["parse_content_stream"] == LEVELS + 2


def test_forms_that_draw_each_other_end() -> None:
    """A circle has the places that were found, and its pictures may have more."""
    pdf = Pdf.new()
    picture = _picture(pdf)
    one, other = (_form(pdf, b"/O Do q 9 0 0 9 0 0 cm /P Do Q") for _ in range(2))
    one.Resources = Dictionary(XObject=Dictionary(O=other, P=picture))
    other.Resources = Dictionary(XObject=Dictionary(O=one, P=picture))
    resources = Dictionary(XObject=Dictionary(O=one))
    found = image_places.Drawings(pdf, 10**6).of(b"/O Do", resources)
    assert [place.matrix for place in found.places] == [(9, 0, 0, 9, 0, 0)]
    assert found.unsure == {picture.objgen}


@pytest.mark.parametrize("make", [lambda: _shared(20), _nested])
def test_layers_are_taken_out_of_each_form_once(make: Callable[[], Pdf], counted: _Counted) -> None:
    """However often forms and resources are shared."""
    pdf = _with_a_layer_off(make())
    counted.watch(layers, "names_of")
    remover = Remover(pdf, Layers(pdf), 10**6)
    for page in pdf.pages:
        remover.clean(pdf.make_indirect(_form(pdf, b"/A Do", page.obj.Resources)))
    assert counted.calls["names_of"] <= 2 * (FORMS + 40)


def test_a_hidden_layer_is_taken_out_at_any_depth(take: Take) -> None:
    """Forty forms deep as well as on the page."""
    pdf = _with_a_layer_off(Pdf.new())
    layer = pdf.Root.OCProperties.OCGs[0]
    form = _form(pdf, b"/OC /L BDC 0 0 99 99 re f EMC", Dictionary(Properties=Dictionary(L=layer)))
    for _ in range(40):
        form = _form(pdf, b"/A Do", Dictionary(XObject=Dictionary(A=form)))
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Resources = Dictionary(XObject=Dictionary(A=form))
    page.Contents = Stream(pdf, b"/A Do")
    with pikepdf.open(take(saved(pdf)).clean) as clean:
        streams = [one for one in clean.objects if isinstance(one, Stream)]
        assert not any(b"99 99 re f" in one.read_bytes() for one in streams)


def test_a_visibility_expression_is_evaluated_once_in_each_part(counted: _Counted) -> None:
    """Each part refers twice to the next (PDF 32000-1, 8.11.2.2)."""
    pdf = _with_a_layer_off(Pdf.new())
    part = pdf.make_indirect(Array([Name.And, pdf.Root.OCProperties.OCGs[0]]))
    for _ in range(LEVELS):
        part = pdf.make_indirect(Array([Name.Or, part, part]))
    counted.watch(layers, "items")
    assert Layers(pdf).hides(Dictionary(Type=Name.OCMD, VE=part))
    assert counted.calls["items"] <= 2 * LEVELS + 4


@pytest.mark.parametrize("make", [_shared, _nested])
def test_wholeness_decodes_each_stream_once(make: Callable[[], Pdf], counted: _Counted) -> None:
    """On all pages together."""
    pdf = make()
    page = pdf.pages[0].obj
    page.Resources = Dictionary(
        XObject=Dictionary(P0=_form(pdf, page.Contents.read_bytes(), page.Resources))
    )
    counted.watch(completeness, "decoded_as_far")
    assert not completeness.completeness_of(pdf, [0], 10**6)[0].lacks
    assert counted.calls["decoded_as_far"] <= FORMS + 3


def test_digests_of_sides_take_each_object_once(counted: _Counted, tmp_path: Path) -> None:
    """And tell two pages apart that differ ninety forms deep."""
    found = []
    for shade in (b"0 g", b"1 g"):
        pdf = Pdf.new()
        form = _form(pdf, shade + b" 0 0 9 9 re f", Dictionary())
        for _ in range(90):
            form = _form(pdf, b"/A Do", Dictionary(XObject=Dictionary(A=form, B=form)))
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(XObject=Dictionary(A=form))
        page.Contents = Stream(pdf, b"/A Do")
        pdf.save(tmp_path / "a.pdf")
        counted.watch(side_digests, "stream_digest")
        found.append(side_digests.fingerprints(tmp_path / "a.pdf", [False]))
    assert found[0] != found[1]
    assert counted.calls["stream_digest"] <= 3 * 91


def test_forms_without_resources_share_those_of_their_page(take: Take, counted: _Counted) -> None:
    """Three hundred of them draw as before, from one dictionary and not from as many copies."""
    facts = take(saved(_shared(3, own=False, indirect=False)))
    assert facts.remarks == ()
    with pikepdf.open(facts.clean) as pdf:
        drawn = pdf.pages[0].obj.Resources.XObject.P0.Resources
        given = {form.Resources.objgen for name, form in drawn.XObject.items() if name != "/P"}
        assert len(given) == 1
        assert given != {(0, 0)}


@pytest.mark.parametrize("levels", [30, 120, 400])
def test_forms_may_lie_deep(levels: int, take: Take, tmp_path: Path) -> None:
    """As deep as nobody needs: taken in as they are, not called damaged."""
    pdf = _nested(levels)
    pdf.pages[0].obj.Contents = Stream(pdf, b"0 0 9 9 re f")
    facts = take(saved(pdf))
    assert facts.remarks == ()
    check_reopens(facts.clean, 1)


def test_forms_that_nobody_can_draw_to_the_end_are_refused_at_once(take: Take) -> None:
    """Thirty levels, each drawing the next three times: PDFium is never asked."""
    assert refused(take, saved(_nested())).code == "attachment-too-large"


def test_what_pages_inherit_is_found_at_any_depth(take: Take) -> None:
    """A page tree of ninety levels, its size and resources at the root."""
    pdf = made(1)
    page = pdf.pages[0].obj
    page.Resources = Dictionary()
    node = page
    for _ in range(90):
        parent = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([node]), Count=1))
        node.Parent = parent
        node = parent
    node.MediaBox = Array([0, 0, 300, 200])
    del page["/MediaBox"]
    pdf.Root.Pages = node
    assert objects.inherited(page, "/MediaBox") is not None
    assert objects.inherited(page, "/Rotate") is None
    assert stated_pages(pdf, 100).pages == 1
    assert [(one.width, one.height) for one in take(saved(pdf)).pages] == [(300, 200)]


def test_an_ancestor_of_itself_is_no_ancestor() -> None:
    """Neither endlessly nor for nothing."""
    pdf = Pdf.new()
    one, other = (pdf.make_indirect(Dictionary()) for _ in range(2))
    one.Parent, other.Parent, other.A = other, one, 7
    assert objects.inherited(one, "/A") == 7
    assert objects.inherited(one, "/B") is None
