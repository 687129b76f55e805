"""What pages may bear text is seen by their resources; where it is not certain, they may."""

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream

from sjs_forms.pdf.text_comparison import may_bear_text, missing


@pytest.fixture
def pdf() -> pikepdf.Pdf:
    return pikepdf.new()


def _image(pdf: pikepdf.Pdf) -> Stream:
    return Stream(pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)


def _form(pdf: pikepdf.Pdf, **entries: object) -> Stream:
    return Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Form, **entries)


def _page(**resources: object) -> Dictionary:
    return Dictionary(Type=Name.Page, Resources=Dictionary(**resources))


def test_scan_bears_no_text(pdf: pikepdf.Pdf) -> None:
    assert not may_bear_text(_page(XObject=Dictionary(Im0=_image(pdf))))


def test_scan_drawn_through_a_form_bears_no_text(pdf: pikepdf.Pdf) -> None:
    form = _form(pdf, Resources=Dictionary(XObject=Dictionary(Im0=_image(pdf))))
    assert not may_bear_text(_page(XObject=Dictionary(P0=form)))


@pytest.mark.parametrize("kind", ["Font", "ExtGState", "Pattern"])
def test_page_with_resources_that_may_bring_a_font_may_bear_text(
    pdf: pikepdf.Pdf, kind: str
) -> None:
    held = {"XObject": Dictionary(Im0=_image(pdf)), kind: Dictionary(A=Dictionary())}
    assert may_bear_text(_page(**held))
    form = _form(pdf, Resources=Dictionary(**held))
    assert may_bear_text(_page(XObject=Dictionary(P0=form)))


def test_form_that_takes_its_pages_resources_may_bear_text(pdf: pikepdf.Pdf) -> None:
    assert may_bear_text(_page(XObject=Dictionary(P0=_form(pdf))))


def test_forms_without_end_may_bear_text(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_indirect(_form(pdf))
    form.Resources = Dictionary(XObject=Dictionary(P0=form))
    assert may_bear_text(_page(XObject=Dictionary(P0=form)))


def test_page_without_resources_may_bear_text() -> None:
    assert may_bear_text(Dictionary(Type=Name.Page))


def test_missing_characters_count_as_often_as_they_lack() -> None:
    assert missing("承诺书 承诺", "承诺书") == "承诺"
