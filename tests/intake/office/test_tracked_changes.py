# ruff: noqa: E501 - a table of XML is read best a case a line
"""Tracked changes are printed as accepted; comments and what is hidden are left out, and said."""

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree
from openpyxl.comments import Comment

from sjs_forms.intake.office.tracked_changes import accept
from sjs_forms.intake.office.treatment import treat
from sjs_forms.intake.office.treatment_request import TreatmentRequest
from tests.intake.office.test_office import needs_office, slides_document
from tests.intake.office_files import (
    BY,
    NS,
    codes,
    flat,
    open_package,
    p,
    printed,
    repacked,
    run,
    word,
    workbook,
)
from tests.intake.office_together import Converter, Papers, papers_of

CHANGED = "attachment-tracked-changes"
COMMENTS, HIDDEN = "attachment-comments", "attachment-hidden-text"


def change(kind: str, text: str, number: int = 1) -> str:
    """A run that was inserted, deleted or moved."""
    tag = "delText" if kind == "del" else "t"
    return f'<w:{kind} w:id="{number}" {BY}><w:r><w:{tag}>{text}</w:{tag}></w:r></w:{kind}>'


def mark(kind: str) -> str:
    """The properties of a paragraph whose end was inserted or deleted."""
    return f'<w:rPr><w:{kind} w:id="9" {BY}/></w:rPr>'


def row(text: str, properties: str = "") -> str:
    cells = f"<w:tc><w:tcPr/>{p(text)}</w:tc>"
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


@pytest.mark.parametrize(
    ("why", "xml", "expected"),
    [
        ("an insertion stays", p(run("甲") + change("ins", "乙")), ["甲乙"]),
        ("a deletion goes", p(run("甲") + change("del", "乙")), ["甲"]),
        ("moved text is where it went", p(change("moveFrom", "甲")) + p(change("moveTo", "甲")), ["", "甲"]),
        ("a deleted end joins", p(run("甲"), mark("del")) + p(run("乙")), ["甲乙"]),
        ("three in a row join", p(run("甲"), mark("del")) + p(run("乙"), mark("del")) + p(run("丙")), ["甲乙丙"]),
        ("a deleted paragraph goes", p(change("del", "甲"), mark("del")) + p(run("乙")), ["乙"]),
        ("the last one stays", p(run("甲")) + p(change("del", "乙"), mark("del")), ["甲"]),
        ("an inserted end is an end", p(run("甲"), mark("ins")) + p(run("乙")), ["甲", "乙"]),
        ("an insertion that was deleted goes", p(f'<w:ins w:id="1" {BY}>{change("del", "甲")}</w:ins>'), [""]),
        ("a format as it is now", p(run("甲", f'<w:b/><w:rPrChange w:id="1" {BY}><w:rPr/></w:rPrChange>')), ["甲"]),
        ("a deleted row goes", f'<w:tbl>{row(run("甲"))}{row(change("del", "乙"), f"""<w:del w:id="1" {BY}/>""")}</w:tbl>', ["甲"]),
        ("a table of deleted rows goes", f'<w:tbl>{row(change("del", "乙"), f"""<w:del w:id="1" {BY}/>""")}</w:tbl>{p(run("甲"))}', ["甲"]),
        ("an inserted row stays", f'<w:tbl>{row(run("甲"), f"""<w:ins w:id="1" {BY}/>""")}</w:tbl>', ["甲"]),
    ],
)  # fmt: skip
def test_changes_are_accepted(why: str, xml: str, expected: list[str]) -> None:
    root = etree.fromstring(f"<w:body {NS}>{xml}</w:body>")
    assert accept(root), why
    found = ["".join(each.itertext("{*}t")) for each in root.iter("{*}p")]
    assert found == expected, why
    left = {etree.QName(each).localname for each in root.iter()}
    assert not left & {"ins", "del", "moveFrom", "moveTo", "rPrChange", "delText"}
    assert not accept(root)


BODY = (
    p(run("租金") + change("del", "一百万元") + change("ins", "八十万元", 2)),
    p(run("显") + run("隐秘", "<w:vanish/>")),
)


def commented(data: bytes) -> bytes:
    document = docx.Document(io.BytesIO(data))
    document.add_comment(document.paragraphs[0].runs[0], text="批注里的话", author="某人")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _changed(convert: Converter, suffix: str) -> dict[str, bytes]:
    data = commented(word(*BODY, header=change("del", "旧页眉") + change("ins", "新页眉", 2)))
    return {f"合同.{suffix}": data if suffix == "docx" else convert(data, ".docx", suffix)}


@needs_office
@pytest.mark.parametrize("suffix", ["docx", "doc", "rtf", "odt", "fodt"])
@papers_of(_changed)
def test_every_word_format_is_printed_as_accepted(papers: Papers, suffix: str) -> None:
    facts = papers[f"合同.{suffix}"]
    text = printed(facts)
    assert "租金八十万元" in text and "新页眉" in text and "显" in text
    for gone in ("一百万元", "旧页眉", "隐秘", "批注里的话"):
        assert gone not in text
    assert codes(facts) == {CHANGED, COMMENTS, HIDDEN}


def _unchanged(convert: Converter) -> dict[str, bytes]:
    data = word(p(run("甲")), p(run(" ", "<w:vanish/>"), "<w:rPr><w:vanish/></w:rPr>"))
    return {"a.docx": data, "a.doc": convert(data, ".docx", "doc")}


@needs_office
@papers_of(_unchanged)
def test_a_document_without_any_is_said_nothing_of(papers: Papers) -> None:
    assert codes(papers["a.docx"]) == set()
    assert codes(papers["a.doc"]) == set()


def _hidden_by_style() -> dict[str, bytes]:
    data = word(p(run("甲") + run("乙", '<w:rStyle w:val="密"/>')))
    style = (
        '<w:style w:type="character" w:styleId="密"><w:name w:val="密"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
    )
    return {"a.docx": repacked(data, {"word/styles.xml": (r"</w:styles>", f"{style}</w:styles>")})}


@needs_office
@papers_of(_hidden_by_style)
def test_text_hidden_by_a_style_is_said(papers: Papers) -> None:
    facts = papers["a.docx"]
    assert printed(facts) == "甲" and codes(facts) == {HIDDEN}


def _deleted() -> dict[str, bytes]:
    body = (
        '<text:tracked-changes><text:changed-region text:id="a"><text:deletion>'
        "<office:change-info/><text:p>旧</text:p></text:deletion></text:changed-region>"
        '<text:changed-region text:id="b"><text:insertion><office:change-info/></text:insertion>'
        '</text:changed-region></text:tracked-changes><text:p>甲 <text:change text:change-id="a"/>'
        '<text:change-start text:change-id="b"/>新<text:change-end text:change-id="b"/> 乙'
        "<office:annotation><text:p>批注</text:p></office:annotation> 丙</text:p>"
    )
    return {"a.odt": open_package("text", body), "a.fodt": flat("text", body)}


@needs_office
@papers_of(_deleted)
def test_deleted_text_of_opendocument_goes(papers: Papers) -> None:
    for facts in papers.values():
        assert printed(facts) == "甲新乙丙"
        assert codes(facts) == {CHANGED, COMMENTS}


def _book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "台账"
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["A3"] = "显", "隐列", "隐行", "尾"
    sheet["A1"].comment = Comment("批注里的话", "某人")
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["F"].hidden = True  # nothing stands in it
    secret = book.create_sheet("底稿")
    secret["A1"] = "隐表"
    secret.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _hiding(convert: Converter, suffix: str) -> dict[str, bytes]:
    data = _book()
    return {f"台账.{suffix}": data if suffix == "xlsx" else convert(data, ".xlsx", suffix)}


@needs_office
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods", "fods"])
@papers_of(_hiding)
def test_what_a_workbook_hides_is_said(papers: Papers, suffix: str) -> None:
    facts = papers[f"台账.{suffix}"]
    assert printed(facts) == "显尾"
    assert codes(facts) == {COMMENTS, HIDDEN}
    (said,) = [each.message for each in facts.remarks if each.code == HIDDEN]
    for part in ("“底稿”", "“台账”中隐藏或筛选掉的行", "“台账”中隐藏的列"):
        assert part in said


def _revised() -> dict[str, bytes]:
    relationship = (
        '<Relationship Id="rIdR" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/revisionHeaders" Target="revisions/revisionHeaders.xml"/></Relationships>'
    )
    data = repacked(
        workbook({"A1": "现在的值"}),
        {"xl/_rels/workbook.xml.rels": ("</Relationships>", relationship)},
    )
    return {"a.xlsx": data}


@needs_office
@papers_of(_revised)
def test_a_workbook_with_shared_revisions_is_printed_as_it_is_now(papers: Papers) -> None:
    facts = papers["a.xlsx"]
    assert printed(facts) == "现在的值" and codes(facts) == {CHANGED}


def _slides(convert: Converter, suffix: str) -> dict[str, bytes]:
    pptx = convert(slides_document(), ".fodp", "pptx")
    data = repacked(pptx, {"ppt/slides/slide2.xml": (r"<p:sld ", '<p:sld show="0" ')})
    return {f"a.{suffix}": data if suffix == "pptx" else convert(data, ".pptx", suffix)}


@needs_office
@pytest.mark.parametrize("suffix", ["pptx", "odp", "ppt"])
@papers_of(_slides)
def test_hidden_slides_are_said(papers: Papers, suffix: str) -> None:
    facts = papers[f"a.{suffix}"]
    assert len(facts.pages) == 1
    assert codes(facts) == {HIDDEN}
    assert "第 2 张" in facts.remarks[0].message


def _spoken() -> dict[str, bytes]:
    notes = (
        '<draw:page draw:name="一"><presentation:notes><draw:frame presentation:class="notes" '
        'svg:width="9cm" svg:height="2cm"><draw:text-box><text:p>口述</text:p></draw:text-box>'
        "</draw:frame></presentation:notes></draw:page>"
    )
    return {"a.odp": open_package("presentation", notes)}


@needs_office
@papers_of(_spoken)
def test_notes_of_a_speaker_are_said(papers: Papers) -> None:
    assert codes(papers["a.odp"]) == {COMMENTS}


def test_what_cannot_be_treated_is_handed_on_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice may make something of it; what it prints may not be what was stored."""

    def fails(*_: object, **__: object) -> None:
        raise ValueError("an odd structure")

    monkeypatch.setattr("sjs_forms.intake.office.docx.treat_word", fails)
    source, target = tmp_path / "a.docx", tmp_path / "b.docx"
    source.write_bytes(word(p(run("甲"))))
    treated = treat(source, target, TreatmentRequest(given=True, name="a.docx", for_print=True))
    assert [each.code for each in treated.remarks] == ["attachment-results-unsure"]
    assert target.read_bytes() == source.read_bytes()
