"""The strings of a document are found also where its content cannot be parsed."""

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from sjs_forms.intake.fonts.font_uses import FontUses
from tests.intake.conftest import made


def test_escapes_are_read_in_content_that_cannot_be_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """They name the same characters as in content that can (PDF 32000-1, 7.3.4.2)."""
    content = (
        rb"BT /F1 9 Tf (\344\270\5\1012\)\\\n\q\8) Tj (a\ " + b"\nb\\\nc\\\r\nd) Tj <4 1> Tj ET"
    )
    pdf = made(content=content)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    uses = FontUses(pdf)

    def strings() -> set[bytes]:
        (found,) = uses.shown(set(uses.fonts), 10_000).values()
        return found.strings()

    parsed = strings()

    def fails(*_: object) -> None:
        raise pikepdf.PdfError("no content")

    monkeypatch.setattr(pikepdf, "parse_content_stream", fails)
    assert strings() == parsed == {b"\xe4\xb8\x05A2)\\\nq8", b"a \nbcd", b"A"}
