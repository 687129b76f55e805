"""Fields, formulas and dates of Office documents are printed as they are stored."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import docx
import pytest

from sjs_forms import intake
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import office
from sjs_forms.intake.office.rtf import freeze_rtf
from tests.intake.conftest import assert_plain
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
from tests.intake.office_together import SHOWN, Converter, Papers, papers_of, together

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
MARKS = [f"存{number}号" for number in range(len(KINDS))]


def _all_fields() -> dict[str, bytes]:
    made = [p(run("始") + field(kind, mark)) for kind, mark in zip(KINDS, MARKS, strict=True)]
    simple = p('<w:fldSimple w:instr=" FILENAME \\p ">' + run("简单") + "</w:fldSimple>")
    return {"合同.docx": word(*made, simple, header=field("DATE", "页眉日期"))}


@needs_office
@papers_of(_all_fields)
def test_every_field_of_a_docx_is_its_stored_result(papers: Papers) -> None:
    facts = papers["合同.docx"]
    assert_plain(facts)
    text = printed(facts)
    for kind, mark in zip(KINDS, MARKS, strict=True):
        assert f"始{mark}" in text, kind
    assert "简单" in text and "页眉日期" in text
    assert "document" not in text and "tmp" not in text
    assert codes(facts) == set()


def _two_pages() -> dict[str, bytes]:
    header = run("第") + field("PAGE", "8") + run("页共") + field("NUMPAGES", "88") + run("页")
    pages = [p(run("一") + '<w:r><w:br w:type="page"/></w:r>'), p(run("二"))]
    return {"合同.docx": word(*pages, header=header)}


@needs_office
@papers_of(_two_pages)
def test_pages_are_counted_anew(papers: Papers) -> None:
    """A page number is no result to be kept: it says where it stands."""
    text = printed(papers["合同.docx"])
    assert "第1页共2页" in text and "第2页共2页" in text


NUMBERS = (
    run("本合同共")
    + field("NUMPAGES", "12")
    + run("页，见第")
    + field(r"PAGE \* MERGEFORMAT", "7")
    + run("页")
)


def _numbers_in_text() -> dict[str, bytes]:
    simple = p('<w:fldSimple w:instr=" NUMPAGES ">' + run("第十三") + "</w:fldSimple>")
    return {"合同.docx": word(p(NUMBERS), simple, header=run("眉") + field("PAGE", "88"))}


@needs_office
@papers_of(_numbers_in_text)
def test_numbers_of_pages_in_the_text_are_as_stored(papers: Papers) -> None:
    """A contract says how many pages it has; the converter may lay it out on fewer."""
    text = printed(papers["合同.docx"])
    assert "本合同共12页，见第7页" in text and "第十三" in text and "眉1" in text


def _numbers_in_doc(convert: Converter) -> dict[str, bytes]:
    made = word(
        p(run("共") + field("MERGEFIELD x", "12") + run("页")),
        header=run("眉") + field("MERGEFIELD y", "88"),
    )
    return {"合同.doc": with_date_fields(convert(made, ".docx", "doc"), 26, 33)}


@needs_office
@papers_of(_numbers_in_doc)
def test_numbers_of_pages_in_the_text_of_a_doc_are_as_stored(papers: Papers) -> None:
    text = printed(papers["合同.doc"])
    assert "共12页" in text and "眉1" in text


def drawn(instruction: str) -> str:
    """A field without a result."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "end"))
    return f"{begin}<w:r><w:instrText>{instruction}</w:instrText></w:r>{end}"


@needs_office
@papers_of(lambda: {"合同.docx": word(p(run("共") + drawn(" NUMPAGES ") + run("页")))})
def test_a_number_of_pages_without_a_stored_result_is_counted(papers: Papers) -> None:
    assert "共1页" in printed(papers["合同.docx"])


def _page_formula() -> dict[str, bytes]:
    inner = "".join(field("PAGE", "3"))
    formula = field("=X-1", "2").replace(
        "=X-1", "= </w:instrText></w:r>" + inner + '<w:r><w:instrText xml:space="preserve"> - 1'
    )
    return {"合同.docx": word(p(run("一")), header=formula)}


@needs_office
@papers_of(_page_formula)
def test_page_numbers_by_formula_are_told(papers: Papers) -> None:
    """LibreOffice cannot reckon with the page: each bears the number stored in the file."""
    assert codes(papers["合同.docx"]) == {"attachment-page-formula"}


def _equations() -> dict[str, bytes]:
    return {
        "圈.docx": word(p(run("第") + drawn(r" eq \o\ac(○,3) ") + run("条"))),
        "式.docx": word(p(run("式") + drawn(r" EQ \f(1,2) "))),
    }


@needs_office
@papers_of(_equations)
def test_circled_numbers_are_printed_and_other_equation_fields_are_told(papers: Papers) -> None:
    """LibreOffice draws nothing for the field by which Word circles a character."""
    assert printed(papers["圈.docx"]) == "第③条" and codes(papers["圈.docx"]) == set()
    assert codes(papers["式.docx"]) == {"attachment-equation-field"}


def _xml_of_2003() -> dict[str, bytes]:
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
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = (
        f'{begin.format("Excel.Sheet")}<Workbook xmlns="{namespace}" xmlns:ss="{namespace}">'
        '<Worksheet ss:Name="表"><Table><Row><Cell ss:Formula="=TODAY()">'
        '<Data ss:Type="Number">45413</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    return {"a.doc": old.encode(), "a.xls": sheet.encode()}


@needs_office
@papers_of(_xml_of_2003)
def test_the_xml_of_2003_is_printed_as_stored_and_accepted(papers: Papers) -> None:
    facts = papers["a.doc"]
    assert printed(facts) == "甲存日新" and codes(facts) == {"attachment-tracked-changes"}
    assert "45413" in printed(papers["a.xls"])


def _fields_in_doc(convert: Converter) -> dict[str, bytes]:
    made = word(
        p(run("日期") + field("MERGEFIELD x", "二零二四")), header=field("MERGEFIELD y", "页眉存")
    )
    return {"合同.doc": with_date_fields(convert(made, ".docx", "doc"))}


@needs_office
@papers_of(_fields_in_doc)
def test_fields_of_a_doc_are_their_stored_results(papers: Papers) -> None:
    facts = papers["合同.doc"]
    assert "日期二零二四" in printed(facts) and "页眉存" in printed(facts)
    assert codes(facts) == set()


@needs_office
def test_a_doc_that_is_read_for_its_words_has_its_stored_results(
    tmp_path: Path, limits: IntakeLimits
) -> None:
    made = word(p(run("日期") + field("MERGEFIELD x", "二零二四")))
    old = tmp_path / "表.doc"
    old.write_bytes(with_date_fields(converted(made, ".docx", "doc", tmp_path)))
    read = docx.Document(str(office.as_word(old, tmp_path, limits)))
    assert "日期二零二四" in "".join(each.text for each in read.paragraphs)


@pytest.fixture(scope="module")
def made_twice(
    tmp_path_factory: pytest.TempPathFactory, limits: IntakeLimits
) -> list[dict[str, bytes]]:
    """Clean PDFs of documents by format, made twice, on machines that differ."""
    folder = tmp_path_factory.mktemp("twice")
    documents = {
        "docx": word(p(run("甲") + field("DATE", "存日"))),
        "doc": converted(word(p(run("甲"))), ".docx", "doc", folder),
        "xlsx": workbook(CELLS, RESULTS, header="&F &D"),
        "odt": open_package("text", OPEN_FIELDS),
    }
    made = []
    for zone, language in (("UTC", "C"), ("Asia/Shanghai", "zh_CN.UTF-8")):
        cache = intake.RunCache(folder / language)
        taking = {}
        for suffix, data in documents.items():
            path = folder / f"a.{suffix}"
            path.write_bytes(data)
            taking[suffix] = partial(intake.take_in, path, SHOWN, cache, limits)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", zone)
            patch.setenv("LANG", language)
            patch.setenv("HOME", str(folder / zone))
            done = together(taking)
        made.append({suffix: each.result().clean.read_bytes() for suffix, each in done.items()})
    return made


@needs_office
@pytest.mark.parametrize("suffix", ["docx", "doc", "xlsx", "odt"])
def test_the_same_file_gives_the_same_bytes_wherever_and_whenever(
    made_twice: list[dict[str, bytes]], suffix: str
) -> None:
    assert made_twice[0][suffix] == made_twice[1][suffix]


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
@papers_of(lambda: {"a.rtf": RTF})
def test_fields_of_rtf_are_their_stored_results(papers: Papers) -> None:
    facts = papers["a.rtf"]
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
@papers_of(lambda made, name: {name: made("text", OPEN_FIELDS)})
def test_fields_of_opendocument_are_their_stored_results(
    papers: Papers, made: Callable[..., bytes], name: str
) -> None:
    facts = papers[name]
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


def _numbers_in_opendocument() -> dict[str, bytes]:
    return {
        "a.fodt": flat("text", ODF_NUMBERS, FOOT),
        "a.odt": open_package("text", ODF_NUMBERS),
    }


@needs_office
@papers_of(_numbers_in_opendocument)
def test_numbers_of_pages_in_the_text_of_opendocument_are_as_stored(papers: Papers) -> None:
    """As in Word: what a text says of its pages stays; those at the foot are each page's own."""
    text = printed(papers["a.fodt"])
    assert "共12页，见第7页，现1页" in text and "脚1" in text
    assert "共12页，见第7页，现1页" in printed(papers["a.odt"])


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
@papers_of(lambda: {"台账.xlsx": workbook(CELLS, RESULTS)})
def test_formulas_of_an_xlsx_are_their_stored_results(papers: Papers) -> None:
    facts = papers["台账.xlsx"]
    text = printed(facts)
    for result in RESULTS.values():
        assert result in text
    assert codes(facts) == set()


def _formulas_in_ods() -> dict[str, bytes]:
    cells = "".join(
        f'<table:table-cell table:formula="of:={formula}" office:value-type="float" '
        f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        for formula, value in (("TODAY()", 45413), ("1+1", 5), ("RAND()", 7))
    )
    table = f'<table:table table:name="表"><table:table-row>{cells}</table:table-row></table:table>'
    return {"a.ods": open_package("spreadsheet", table), "a.fods": flat("spreadsheet", table)}


@needs_office
@papers_of(_formulas_in_ods)
def test_formulas_of_an_ods_are_their_stored_results(papers: Papers) -> None:
    for facts in papers.values():
        assert "4541357" in printed(facts)


def _formulas_in_xls(convert: Converter) -> dict[str, bytes]:
    numbers = {place: text for place, text in CELLS.items() if place in ("A1", "A2", "A3", "A5")}
    return {"台账.xls": with_stored_numbers(convert(workbook(numbers), ".xlsx", "xls"), 45413)}


@needs_office
@papers_of(_formulas_in_xls)
def test_formulas_of_an_xls_are_their_stored_results(papers: Papers) -> None:
    text = printed(papers["台账.xls"])
    # LibreOffice shows today without a format as a date of its language; the digits are its own.
    numbers_alone = re.sub(r"\d+[年/.-]\d*[月/.-]\d*日?", "", text)
    assert "2" not in numbers_alone
    assert numbers_alone.count("45413") >= 3


def _texts_in_xls(convert: Converter) -> dict[str, bytes]:
    formulas = {"A1": '="甲"&"乙"', "A2": "=1/0", "A3": "后"}
    return {"a.xls": convert(workbook(formulas), ".xlsx", "xls")}


@needs_office
@papers_of(_texts_in_xls)
def test_texts_and_errors_of_an_xls_are_kept(papers: Papers) -> None:
    assert printed(papers["a.xls"]) == "甲乙#DIV/0!后"


def _never_reckoned() -> dict[str, bytes]:
    cells = {"A1": 20, "A2": "=A1+22", "A3": "=TODAY()"}
    return {"无.xlsx": workbook(cells), "零.xlsx": workbook(cells, {"A2": "0", "A3": "0"})}


@needs_office
@papers_of(_never_reckoned)
def test_formulas_that_were_never_reckoned_are_reckoned_and_those_of_the_clock_left_blank(
    papers: Papers,
) -> None:
    """Programs write formulas without results, and leave it to Excel to reckon them."""
    for facts in papers.values():
        assert printed(facts) == "2042"
        assert codes(facts) == {"attachment-clock"}


def _headers(convert: Converter, suffix: str) -> dict[str, bytes]:
    data = workbook({"A1": "甲"}, header="&12&F|&A|&D|&T|&P/&N|&Z|")
    if suffix == ".xls":
        data = convert(data, ".xlsx", "xls").replace(b"|&Z&F|", b"|&Z  |")
    return {f"a{suffix}": data}


@needs_office
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
@papers_of(_headers)
def test_headers_of_sheets_name_the_applicants_file_and_neither_day_nor_folder(
    papers: Papers, suffix: str
) -> None:
    name, facts = SHOWN.rpartition("/")[2], papers[f"a{suffix}"]
    assert f"{name}|台账|||1/1||甲" in printed(facts)
    assert codes(facts) == {"attachment-clock"}


@needs_office
def test_the_same_workbook_under_another_name_prints_that(
    tmp_path: Path, facts_cache: intake.FactsCache, limits: IntakeLimits
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"A1": "甲"}, header="&F"))
    names = ("材料/一月.xlsx", "材料/二月&三月.xlsx")
    done = together(
        {name: partial(intake.take_in, path, name, facts_cache, limits) for name in names}
    )
    for name in names:
        assert Path(name).name in printed(done[name].result())


def _dated_slides(convert: Converter) -> dict[str, bytes]:
    made = convert(slides_document(), ".fodp", "pptx")
    date = (
        '<a:fld id="{5B2C2B9E-0000-4000-8000-000000000000}" type="datetime1">'
        "<a:rPr/><a:pPr/><a:t>存的日期</a:t></a:fld>"
    )
    return {"a.pptx": repacked(made, {"ppt/slides/slide1.xml": (r"<a:r>.*?</a:r>", date)})}


@needs_office
@papers_of(_dated_slides)
def test_dates_on_slides_are_as_stored(papers: Papers) -> None:
    facts = papers["a.pptx"]
    assert "存的日期" in printed(facts)
    assert codes(facts) == set()


def _undated_slides() -> dict[str, bytes]:
    body = (
        '<presentation:date-time-decl presentation:name="d" presentation:source="current-date"/>'
        '<draw:page draw:name="一" presentation:use-date-time-name="d"><draw:frame svg:width="9cm" '
        'svg:height="2cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>甲<text:date>存日'
        "</text:date></text:p></draw:text-box></draw:frame></draw:page>"
    )
    return {"a.odp": open_package("presentation", body)}


@needs_office
@papers_of(_undated_slides)
def test_a_date_that_a_format_does_not_store_is_left_blank(papers: Papers) -> None:
    facts = papers["a.odp"]
    assert printed(facts) == "甲存日"
    assert codes(facts) == {"attachment-clock"}
