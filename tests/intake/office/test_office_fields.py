"""Fields, formulas and dates of Office documents are printed as they are stored."""

import re
from pathlib import Path
from typing import Any

import docx
import pytest

from sjs_forms import intake
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import office
from sjs_forms.intake.office.rtf import freeze_rtf
from tests.intake.conftest import SHOWN, Take, assert_plain
from tests.intake.office.test_office import needs_office, slides_document
from tests.intake.office_files import (
    codes,
    converted,
    field,
    flat,
    open_package,
    p,
    printed,
    repacked,
    run,
    with_date_fields,
    with_stored_numbers,
    word,
    workbook,
)

KINDS = (
    "DATE",
    "TIME",
    "CREATEDATE",
    "SAVEDATE",
    "PRINTDATE",
    "EDITTIME",
    "FILENAME",
    "FILENAME \\p",
    "TEMPLATE",
    "AUTHOR",
    "LASTSAVEDBY",
    "USERNAME",
    "USERINITIALS",
    "USERADDRESS",
    "DOCPROPERTY x",
    "DOCVARIABLE x",
    "INFO author",
    "TITLE",
    "SUBJECT",
    "KEYWORDS",
    "COMMENTS",
    "REVNUM",
    "NUMWORDS",
    "NUMCHARS",
    "FILESIZE",
    "REF 无此书签",
    "NOTEREF x",
    "PAGEREF x",
    "STYLEREF x",
    "SEQ 图",
    "= 1 + 1",
    'IF 1 = 1 "是" "否"',
    "MERGEFIELD 姓名",
    "QUOTE x",
    "TOC",
    "INDEX",
    "INCLUDETEXT x",
    "SECTIONPAGES",
    "FORMTEXT",
)


@needs_office
def test_every_field_of_a_docx_is_its_stored_result(take: Take) -> None:
    marks = [f"存{number}号" for number in range(len(KINDS))]
    made = [p(run("始") + field(kind, mark)) for kind, mark in zip(KINDS, marks, strict=True)]
    simple = p('<w:fldSimple w:instr=" FILENAME \\p ">' + run("简单") + "</w:fldSimple>")
    facts = take(word(*made, simple, header=field("DATE", "页眉日期")), name="合同.docx")
    assert_plain(facts)
    text = printed(facts)
    for kind, mark in zip(KINDS, marks, strict=True):
        assert f"始{mark}" in text, kind
    assert "简单" in text and "页眉日期" in text
    assert "document" not in text and "tmp" not in text
    assert codes(facts) == set()


@needs_office
def test_pages_are_counted_anew(take: Take) -> None:
    """A page number is no result to be kept: it says where it stands."""
    header = run("第") + field("PAGE", "8") + run("页共") + field("NUMPAGES", "88") + run("页")
    pages = [p(run("一") + '<w:r><w:br w:type="page"/></w:r>'), p(run("二"))]
    text = printed(take(word(*pages, header=header), name="合同.docx"))
    assert "第1页共2页" in text and "第2页共2页" in text


NUMBERS = (
    run("本合同共")
    + field("NUMPAGES", "12")
    + run("页，见第")
    + field(r"PAGE \* MERGEFORMAT", "7")
    + run("页")
)


@needs_office
def test_numbers_of_pages_in_the_text_are_as_stored(take: Take) -> None:
    """A contract says how many pages it has; the converter may lay it out on fewer."""
    simple = p('<w:fldSimple w:instr=" NUMPAGES ">' + run("第十三") + "</w:fldSimple>")
    data = word(p(NUMBERS), simple, header=run("眉") + field("PAGE", "88"))
    text = printed(take(data, name="合同.docx"))
    assert "本合同共12页，见第7页" in text and "第十三" in text and "眉1" in text


@needs_office
def test_numbers_of_pages_in_the_text_of_a_doc_are_as_stored(take: Take, tmp_path: Path) -> None:
    made = word(
        p(run("共") + field("MERGEFIELD x", "12") + run("页")),
        header=run("眉") + field("MERGEFIELD y", "88"),
    )
    old = converted(made, ".docx", "doc", tmp_path)
    text = printed(take(with_date_fields(old, tmp_path, 26, 33), name="合同.doc"))
    assert "共12页" in text and "眉1" in text


@needs_office
def test_a_number_of_pages_without_a_stored_result_is_counted(take: Take) -> None:
    data = word(p(run("共") + drawn(" NUMPAGES ") + run("页")))
    assert "共1页" in printed(take(data, name="合同.docx"))


@needs_office
def test_page_numbers_by_formula_are_told(take: Take) -> None:
    """LibreOffice cannot reckon with the page: each bears the number stored in the file."""
    inner = "".join(field("PAGE", "3"))
    formula = field("=X-1", "2").replace(
        "=X-1", "= </w:instrText></w:r>" + inner + '<w:r><w:instrText xml:space="preserve"> - 1'
    )
    facts = take(word(p(run("一")), header=formula), name="合同.docx")
    assert codes(facts) == {"attachment-page-formula"}


def drawn(instruction: str) -> str:
    """A field without a result."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "end"))
    return f"{begin}<w:r><w:instrText>{instruction}</w:instrText></w:r>{end}"


@needs_office
def test_circled_numbers_are_printed_and_other_equation_fields_are_told(take: Take) -> None:
    """LibreOffice draws nothing for the field by which Word circles a character."""
    data = word(p(run("第") + drawn(r" eq \o\ac(○,3) ") + run("条")))
    facts = take(data, name="a.docx")
    assert printed(facts) == "第③条" and codes(facts) == set()
    data = word(p(run("式") + drawn(r" EQ \f(1,2) ")))
    assert codes(take(data, name="a.docx")) == {"attachment-equation-field"}


@needs_office
def test_the_xml_of_2003_is_printed_as_stored_and_accepted(take: Take) -> None:
    begin = '<?xml version="1.0"?><?mso-application progid="{}"?>'
    by = 'aml:author="x" aml:createdate="2024-01-01T00:00:00Z"'
    change = (
        '<aml:annotation aml:id="{}" w:type="Word.{}" {}>'
        "<aml:content>{}</aml:content></aml:annotation>"
    )
    old = (
        begin.format("Word.Document")
        + '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core"><w:body>'
        + p(run("甲") + field("DATE", "存日"))
        + p(
            change.format(1, "Deletion", by, "<w:r><w:delText>旧</w:delText></w:r>")
            + change.format(2, "Insertion", by, run("新"))
        )
        + "</w:body></w:wordDocument>"
    )
    facts = take(old.encode(), name="a.doc")
    assert printed(facts) == "甲存日新" and codes(facts) == {"attachment-tracked-changes"}
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = (
        f'{begin.format("Excel.Sheet")}<Workbook xmlns="{namespace}" xmlns:ss="{namespace}">'
        '<Worksheet ss:Name="表"><Table><Row><Cell ss:Formula="=TODAY()">'
        '<Data ss:Type="Number">45413</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    assert "45413" in printed(take(sheet.encode(), name="a.xls"))


@needs_office
def test_fields_of_a_doc_are_their_stored_results(take: Take, tmp_path: Path) -> None:
    made = word(
        p(run("日期") + field("MERGEFIELD x", "二零二四")), header=field("MERGEFIELD y", "页眉存")
    )
    old = with_date_fields(converted(made, ".docx", "doc", tmp_path), tmp_path)
    facts = take(old, name="合同.doc")
    assert "日期二零二四" in printed(facts) and "页眉存" in printed(facts)
    assert codes(facts) == set()


@needs_office
def test_a_doc_that_is_read_for_its_words_has_its_stored_results(
    tmp_path: Path, limits: IntakeLimits
) -> None:
    made = word(p(run("日期") + field("MERGEFIELD x", "二零二四")))
    old = tmp_path / "表.doc"
    old.write_bytes(with_date_fields(converted(made, ".docx", "doc", tmp_path), tmp_path))
    read = docx.Document(str(office.as_word(old, tmp_path, limits)))
    assert "日期二零二四" in "".join(each.text for each in read.paragraphs)


@needs_office
@pytest.mark.parametrize("suffix", ["docx", "doc", "xlsx", "odt"])
def test_the_same_file_gives_the_same_bytes_wherever_and_whenever(
    tmp_path: Path, limits: IntakeLimits, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    made = {
        "docx": lambda: word(p(run("甲") + field("DATE", "存日"))),
        "doc": lambda: converted(word(p(run("甲"))), ".docx", "doc", tmp_path),
        "xlsx": lambda: workbook(CELLS, RESULTS, header="&F &D"),
        "odt": lambda: open_package("text", OPEN_FIELDS),
    }
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(made[suffix]())
    found = []
    for number, zone in enumerate(("UTC", "Asia/Shanghai")):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LANG", ("C", "zh_CN.UTF-8")[number])
        monkeypatch.setenv("HOME", str(tmp_path / zone))
        facts_cache = intake.RunCache(tmp_path / f"facts_cache{number}")
        found.append(intake.take_in(path, SHOWN, facts_cache, limits).clean.read_bytes())
    assert found[0] == found[1]


RTF = (
    rb"{\rtf1\ansi A{\field\flddirty{\*\fldinst { DATE \\@ }{ \\* MERGEFORMAT}}"
    rb"{\fldrslt {\b 2024-05-01}}}B"
    rb"{\field{\*\fldinst FILENAME \\p}{\fldrslt D:\\a.rtf}}C{\field{\*\fldinst PAGE}{\fldrslt 77}}"
    rb"{\field{\*\fldinst IF {\field{\*\fldinst TIME}{\fldrslt 9:00}} x y}{\fldrslt kept}}E\chdate}"
)


def test_fields_of_rtf_become_groups() -> None:
    frozen, clock = freeze_rtf(RTF)
    assert clock
    assert frozen == (
        rb"{\rtf1\ansi A{{{\b 2024-05-01}}}B{{D:\\a.rtf}}C"
        rb"{{77}}{{kept}}E}"
    )


def test_page_numbers_in_headers_of_rtf_stay_and_so_does_one_without_a_result() -> None:
    field = rb"{\field{\*\fldinst PAGE}{\fldrslt 77}}"
    for around in (rb"{\header ", rb"{\footerf \pard "):
        data = rb"{\rtf1 " + around + field + b"}A}"
        assert freeze_rtf(data) == (data, False)
    data = rb"{\rtf1 {\field{\*\fldinst NUMPAGES}}A}"
    assert freeze_rtf(data) == (data, False)


@pytest.mark.parametrize(
    "data", [rb"{\rtf1 {\field{\*\fldinst DATE", rb"}}}{\rtf1", rb"{\rtf1 \bin9 }}"]
)
def test_broken_rtf_is_handed_on(data: bytes) -> None:
    assert freeze_rtf(data) == (data, False)


@needs_office
def test_fields_of_rtf_are_their_stored_results(take: Take) -> None:
    facts = take(RTF, name="a.rtf")
    text = printed(facts)
    assert "A2024-05-01BD:\\a.rtfC77keptE" in text
    assert codes(facts) == {"attachment-clock"}


OPEN_FIELDS = (
    '<text:p>始<text:date text:date-value="2024-05-01">存日</text:date>'
    "<text:time>存时</text:time><text:author-name>存人</text:author-name>"
    '<text:file-name text:display="full">存名</text:file-name>'
    "<text:title>存题</text:title><text:print-date>存印</text:print-date>"
    "<text:sender-company>存司</text:sender-company>"
    '<text:bookmark-ref text:ref-name="无">存引</text:bookmark-ref>'
    '<text:variable-get text:name="x" text:display="none">不印</text:variable-get>'
    '第<text:page-number text:select-page="current">9</text:page-number>页</text:p>'
)


@needs_office
@pytest.mark.parametrize(("made", "name"), [(open_package, "a.odt"), (flat, "a.fodt")])
def test_fields_of_opendocument_are_their_stored_results(take: Take, made: Any, name: str) -> None:
    facts = take(made("text", OPEN_FIELDS), name=name)
    assert "始存日存时存人存名存题存印存司存引第9页" in printed(facts)
    assert codes(facts) == set()


ODF_NUMBERS = (
    "<text:p>共<text:page-count>12</text:page-count>页，见第"
    '<text:page-number text:select-page="next">7</text:page-number>页，'
    "现<text:page-count/>页</text:p>"
)
FOOT = (
    '<style:page-layout style:name="L"><style:page-layout-properties/><style:footer-style/>'
    "</style:page-layout></office:automatic-styles><office:master-styles><style:master-page "
    'style:name="Standard" style:page-layout-name="L"><style:footer><text:p>脚'
    "<text:page-number>88</text:page-number></text:p></style:footer></style:master-page>"
    "</office:master-styles><office:automatic-styles>"
)


@needs_office
def test_numbers_of_pages_in_the_text_of_opendocument_are_as_stored(take: Take) -> None:
    """As in Word: what a text says of its pages stays; those at the foot are each page's own."""
    text = printed(take(flat("text", ODF_NUMBERS, FOOT), name="a.fodt"))
    assert "共12页，见第7页，现1页" in text and "脚1" in text
    assert "共12页，见第7页，现1页" in printed(
        take(open_package("text", ODF_NUMBERS), name="a.odt")
    )


CELLS = {
    "A1": "=TODAY()",
    "A2": "=1+1",
    "A3": "=RAND()",
    "A4": '=CELL("filename")',
    "A5": "=NOW()",
    "A6": '="甲"&"乙"',
}
RESULTS = {
    "A1": "45413",
    "A2": "5",
    "A3": "0.125",
    "A4": "存的路径",
    "A5": "45414.5",
    "A6": "存的字",
}


@needs_office
def test_formulas_of_an_xlsx_are_their_stored_results(take: Take) -> None:
    facts = take(workbook(CELLS, RESULTS), name="台账.xlsx")
    text = printed(facts)
    for result in RESULTS.values():
        assert result in text
    assert codes(facts) == set()


@needs_office
def test_formulas_of_an_ods_are_their_stored_results(take: Take) -> None:
    cells = "".join(
        f'<table:table-cell table:formula="of:={formula}" office:value-type="float" '
        f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        for formula, value in (("TODAY()", 45413), ("1+1", 5), ("RAND()", 7))
    )
    table = f'<table:table table:name="表"><table:table-row>{cells}</table:table-row></table:table>'
    for data, name in (
        (open_package("spreadsheet", table), "a.ods"),
        (flat("spreadsheet", table), "a.fods"),
    ):
        assert "4541357" in printed(take(data, name=name))


@needs_office
def test_formulas_of_an_xls_are_their_stored_results(take: Take, tmp_path: Path) -> None:
    numbers = {place: text for place, text in CELLS.items() if place in ("A1", "A2", "A3", "A5")}
    old = converted(workbook(numbers), ".xlsx", "xls", tmp_path)
    text = printed(take(with_stored_numbers(old, 45413, tmp_path), name="台账.xls"))
    # LibreOffice shows today without a format as a date of its language; the digits are its own.
    numbers_alone = re.sub(r"\d+[年/.-]\d*[月/.-]\d*日?", "", text)
    assert "2" not in numbers_alone
    assert numbers_alone.count("45413") >= 3


@needs_office
def test_texts_and_errors_of_an_xls_are_kept(take: Take, tmp_path: Path) -> None:
    formulas = {"A1": '="甲"&"乙"', "A2": "=1/0", "A3": "后"}
    text = printed(take(converted(workbook(formulas), ".xlsx", "xls", tmp_path), name="a.xls"))
    assert text == "甲乙#DIV/0!后"


@needs_office
def test_formulas_that_were_never_reckoned_are_reckoned_and_those_of_the_clock_left_blank(
    take: Take,
) -> None:
    """Programs write formulas without results, and leave it to Excel to reckon them."""
    cells = {"A1": 20, "A2": "=A1+22", "A3": "=TODAY()"}
    for results in ({}, {"A2": "0", "A3": "0"}):
        facts = take(workbook(cells, results), name="a.xlsx")
        assert printed(facts) == "2042"
        assert codes(facts) == {"attachment-clock"}


@needs_office
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_headers_of_sheets_name_the_applicants_file_and_neither_day_nor_folder(
    take: Take, tmp_path: Path, suffix: str
) -> None:
    name = SHOWN.rpartition("/")[2]
    data = workbook({"A1": "甲"}, header="&12&F|&A|&D|&T|&P/&N|&Z|")
    if suffix == ".xls":
        data = converted(data, ".xlsx", "xls", tmp_path).replace(b"|&Z&F|", b"|&Z  |")
    facts = take(data, name=f"a{suffix}")
    assert f"{name}|台账|||1/1||甲" in printed(facts)
    assert codes(facts) == {"attachment-clock"}


@needs_office
def test_the_same_workbook_under_another_name_prints_that(
    tmp_path: Path, facts_cache: intake.FactsCache, limits: IntakeLimits
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"A1": "甲"}, header="&F"))
    for shown in ("材料/一月.xlsx", "材料/二月&三月.xlsx"):
        assert Path(shown).name in printed(intake.take_in(path, shown, facts_cache, limits))


@needs_office
def test_dates_on_slides_are_as_stored(take: Take, tmp_path: Path) -> None:
    made = converted(slides_document(), ".fodp", "pptx", tmp_path)
    date = (
        '<a:fld id="{5B2C2B9E-0000-4000-8000-000000000000}" type="datetime1">'
        "<a:rPr/><a:pPr/><a:t>存的日期</a:t></a:fld>"
    )
    pptx = repacked(made, {"ppt/slides/slide1.xml": (r"<a:r>.*?</a:r>", date)})
    facts = take(pptx, name="a.pptx")
    assert "存的日期" in printed(facts)
    assert codes(facts) == set()


@needs_office
def test_a_date_that_a_format_does_not_store_is_left_blank(take: Take) -> None:
    body = (
        '<presentation:date-time-decl presentation:name="d" presentation:source="current-date"/>'
        '<draw:page draw:name="一" presentation:use-date-time-name="d"><draw:frame svg:width="9cm" '
        'svg:height="2cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>甲<text:date>存日'
        "</text:date></text:p></draw:text-box></draw:frame></draw:page>"
    )
    facts = take(open_package("presentation", body), name="a.odp")
    assert printed(facts) == "甲存日"
    assert codes(facts) == {"attachment-clock"}
