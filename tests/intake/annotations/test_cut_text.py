"""Text that does not fit its field is clipped, as in every viewer; that is told."""

from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from sjs_forms.intake.annotations.field_text import is_cut, text_to_set
from sjs_forms.intake.annotations.text_setting import TextSetter
from tests.intake.conftest import Take, annotate, made, saved

_MULTILINE, _COMB = 1 << 12, 1 << 24
_LONG = "北京市石景山区实兴大街三十号院"


def _form(*values: str, size: float = 12, **entries: Any) -> Pdf:
    """A form of fields of 100 by 20 points, filled by a program that draws none of them."""
    pdf = made(1, b"q Q")
    fields = Array()
    for at, value in enumerate(values):
        field = annotate(
            pdf,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(f"field{at}"),
            V=String(value),
            DA=String(f"/Helv {size:g} Tf 0 g"),
            Rect=Array([50, 700 - 30 * at, 150, 720 - 30 * at]),
            **entries,
        )
        del field["/AP"]
        fields.append(field)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.Root.AcroForm = Dictionary(
        Fields=fields, NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=font))
    )
    return pdf


@pytest.mark.parametrize(
    ("why", "value", "size", "entries", "expected"),
    [
        ("a line that fits", "北京市石景山区", 12, {}, False),
        ("a line with as much as there is room for", "北京市石景山区实", 12, {}, False),
        ("a line too long for its size", _LONG, 12, {}, True),
        ("the same in the middle", _LONG, 12, {"Q": 1}, True),
        ("the same at the right", _LONG, 12, {"Q": 2}, True),
        ("an automatic size shrinks it", _LONG, 0, {}, False),
        ("but not below what can be read", _LONG * 2, 0, {}, True),
        ("blanks at the end are nothing", "北京市石景山区" + " " * 40, 12, {}, False),
        ("a size too large for the height", "北京", 30, {}, True),
        ("several lines that fit", _LONG, 8, {"Ff": _MULTILINE}, False),
        ("one line more", _LONG * 2, 8, {"Ff": _MULTILINE}, True),
        ("blank lines at the end are nothing", "北京\n\n\n\n", 8, {"Ff": _MULTILINE}, False),
        ("an automatic size for several lines", _LONG * 3, 0, {"Ff": _MULTILINE}, False),
        ("which ends too", _LONG * 20, 0, {"Ff": _MULTILINE}, True),
        ("a cell for each character", "北京市石", 12, {"Ff": _COMB, "MaxLen": 4}, False),
        ("characters without a cell", "北京市石景", 12, {"Ff": _COMB, "MaxLen": 4}, True),
        ("a turned field is long the other way", "北京", 12, {"MK": Dictionary(R=90)}, True),
    ],
)
def test_text_is_cut_only_where_it_does_not_fit(
    why: str, value: str, size: float, entries: dict[str, Any], expected: bool
) -> None:
    pdf = _form(value, size=size, **entries)
    written = text_to_set(pdf, pdf.pages[0].obj.Annots[0])
    assert written is not None
    assert is_cut(written, TextSetter(pdf, [value])) is expected, why


def test_the_page_and_the_beginning_are_told_once(take: Take) -> None:
    facts = take(saved(_form("石景山区", _LONG, _LONG)))
    told = [each.message for each in facts.remarks if each.code == "attachment-text-cut"]
    assert len(told) == 1
    assert "第 1 页" in told[0] and "“北京市石景山区实兴大街三……”等 2 处" in told[0]
    assert not any(
        each.code == "attachment-text-cut" for each in take(saved(_form("石景山区"))).remarks
    )
