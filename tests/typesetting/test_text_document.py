"""Documents of text: what is said in them is in the Word file, to the letter."""

import io
import re
import zipfile
from datetime import date
from typing import get_args

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.base.printable_text import printable
from sjs_forms.typesetting.text_document import (
    Paragraph,
    ParagraphKind,
    Table,
    TextDocument,
    text_docx,
    text_docxs,
)

DAY = date(2025, 6, 3)
KINDS = st.sampled_from(get_args(ParagraphKind))
ODD = st.text() | st.text("甲 \t\n\r<&>\"']　\x07", max_size=9)


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


@given(st.lists(st.tuples(ODD, KINDS), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_each_paragraph_has_its_text_whatever_it_is(told: list[tuple[str, ParagraphKind]]) -> None:
    parts = tuple(Paragraph(text, kind) for text, kind in told)
    title, *paragraphs = opened(text_docx(TextDocument("题目", parts), DAY)).paragraphs
    assert title.text == "题目"
    assert [each.text for each in paragraphs] == [printable(text) for text, _ in told]
    assert [len(each.runs) for each in paragraphs] == [1] * len(told), "in one run of type"


@given(ODD)
@settings(max_examples=30, deadline=None)
def test_a_paragraph_is_written_as_python_docx_would_write_it(text: str) -> None:
    paragraph = opened(text_docx(TextDocument("题目", (Paragraph(text),)), DAY)).paragraphs[1]
    ours = [(each.tag, each.text, dict(each.attrib)) for each in paragraph.runs[0]._r]
    paragraph.runs[0].text = printable(text)
    assert ours == [(each.tag, each.text, dict(each.attrib)) for each in paragraph.runs[0]._r]


@given(st.lists(st.tuples(ODD, ODD, ODD) | st.tuples(ODD), max_size=4))
@settings(max_examples=40, deadline=None)
def test_each_cell_of_a_table_has_its_text_whatever_it_is(rows: list[tuple[str, ...]]) -> None:
    part = Table(("编号", "名称", "命令"), tuple(rows), (20, 60, 40), frozenset({2}))
    (table,) = opened(text_docx(TextDocument("题目", (part,)), DAY)).tables
    heading, *cells = [[each.text for each in dict.fromkeys(row.cells)] for row in table.rows]
    assert heading == list(part.heading)
    assert cells == [list(map(printable, row)) for row in rows]


def test_a_row_with_a_cell_too_many_is_a_mistake() -> None:
    part = Table(("编号", "名称"), (("1", "甲", "乙"),), (20, 60))
    with pytest.raises(ValueError, match="zip"):
        text_docx(TextDocument("题目", (part,)), DAY)


def test_a_document_is_the_same_alone_and_after_others() -> None:
    table = Table(("编号", "名称"), (("1", "甲"), ("小标题",)), (20, 60))
    one = TextDocument("题目", (Paragraph("甲"), table, Paragraph("乙\t丙", "step")))
    other = TextDocument("题目", (Paragraph("丁", "signature"), table, table))
    assert list(text_docxs([other, one, one], DAY))[1:] == [text_docx(one, DAY)] * 2


def test_a_document_holds_nothing_that_it_does_not_use() -> None:
    """Each applicant gets one: python-docx's template alone would make it 830 kB."""
    data = text_docx(TextDocument("题目", (Paragraph("甲"), Table(("编号",), (), (20,)))), DAY)
    assert len(data) < 60_000
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    named = re.compile(r'<w:(?:[prt]Style|basedOn|link|next) w:val="([^"]+)"')
    defined = set(re.findall(r'w:styleId="([^"]+)"', parts["word/styles.xml"]))
    assert {name for xml in parts.values() for name in named.findall(xml)} <= defined
    related = re.findall(r' Target="([^"]+)"', parts["word/_rels/document.xml.rels"])
    assert related and all(f"word/{name}" in parts for name in related)
    assert "numId" not in "".join(parts.values()), "lists are numbered as text"
