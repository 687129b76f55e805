"""The roster read: whatever clerks write, understood or told apart by row and column."""

import datetime as dt
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.base.errors import ExitCode, UsageFault
from sjs_forms.base.progress import Cancelled
from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.batch.roster import RosterRow, read_roster
from sjs_forms.batch.roster.columns import FOLDER_LABEL, PASSWORD_PLACE, Column
from sjs_forms.batch.roster.headers import find_header
from sjs_forms.batch.roster.row_reading import filled_rows
from sjs_forms.batch.roster.table_files.sheets import MAX_MERGED, MAX_ROW, Cell, Merged, Sheet
from sjs_forms.domain.checks import check_application
from sjs_forms.domain.fields.choices import says_nothing
from tests.rosters import (
    REQUIRED,
    SHEET_XML,
    all_columns,
    answer_at,
    change_part,
    column_of,
    headers,
    the_row,
    with_answers,
    write_sheet,
)
from tests.samples import (
    Application,
    codes,
    errors,
    is_chinese_sentence,
    only,
    sample_answers,
    the_programme,
)

AREA, START, PHONE, USCC = (
    "总面积（平方米）",
    "起止年限（起）",
    "联系电话",
    "申报单位统一社会信用代码",
)
LABORATORY = "平台资质：北京市重点实验室"
NOTHING_SAID = {"/", "\\", "-", "--", "—", "——", "无", "没有", "不适用", "n/a"}


# There and back

_characters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp", "Zs", "Cf"))
_line = st.text(st.one_of(_characters, st.just(" "), st.sampled_from("甲乙丙1=+'")), min_size=1)
_usual = _line.map(usual_characters).map(str.strip)
_lines = _usual.filter(lambda text: text and not says_nothing(text))
_ascii = st.text(st.sampled_from("0123456789ABCXYZ-@.()+"), min_size=1, max_size=20)
_codes = _ascii.filter(
    lambda text: text not in NOTHING_SAID and not re.fullmatch(r"\d(\.\d+)?E\+?\d+", text)
)
_days = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)).map(dt.date.isoformat)
_areas = st.one_of(
    st.integers(-5, 10**7), st.floats(0.01, 10**7).map(lambda area: float(f"{area:.12g}"))
).map(lambda area: int(area) if float(area).is_integer() else area)
_BY_KIND = {
    "line": _lines,
    "text": st.lists(_lines, min_size=1, max_size=4).map("\n".join),
    "uscc": _codes,
    "phone": _codes,
    "email": _codes,
    "day": _days,
    "number": _areas,
}


def _answers(column: Column) -> st.SearchStrategy[Any]:
    if column.is_folder:
        return st.none()
    if column.tick:
        return st.booleans()
    if column.kind.name == "choice":
        return st.one_of(st.none(), st.sampled_from(sorted(column.kind.words)))
    return st.one_of(st.none(), _BY_KIND[column.kind.name])


def _as_written(column: Column, answer: Any) -> object:
    """An answer as a clerk enters it on the sheet to fill."""
    if column.tick:
        return "是" if answer else None
    if answer is None:
        return None
    if column.kind.name == "choice":
        return column.kind.words[answer]
    return dt.date.fromisoformat(answer) if column.kind.name == "day" else answer


def _as_document(answers: dict[Column, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {"programme": None, "attachments": []}
    for column, answer in answers.items():
        if column.is_folder:
            continue
        *way, last = column.place
        holder: Any = document
        for step in way:
            holder = holder.setdefault(step, {})
        if column.tick:
            holder.setdefault(last, [])
            holder[last] += [column.tick.id] if answer else []
        else:
            holder[last] = answer
    founders = [document["founders"][index] for index in range(3)]
    while founders and not any(founders[-1].values()):
        founders.pop()
    document["founders"] = founders
    return document


@settings(max_examples=20)
@given(st.data())
def test_what_is_entered_under_the_given_header_is_the_document_that_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    columns = [column_of(header) for header in headers()]
    answers = {column: data.draw(_answers(column), column.label) for column in columns}
    row = [_as_written(column, answers[column]) for column in columns]
    if not any(row):
        return
    path = tmp_path_factory.mktemp("往返") / "名册.xlsx"
    (read,) = read_roster(write_sheet(path, [["名册"], [], list(headers()), row]))
    assert read.findings == ()
    assert read.document == _as_document(answers)
    assert (read.number, read.name) == (4, answers[column_of("申报单位")] or "")


def test_the_sample_entered_in_a_row_is_the_sample_application(tmp_path: Path) -> None:
    sample = sample_answers()
    cells = {}
    for column in filter(lambda one: one.is_answer, all_columns()):
        value: Any = sample
        for step in column.place:
            value = value[step]
        if column.tick:
            value = column.tick.id in value
        if column.written:
            cells[column.label] = _as_written(column, value)
    row = the_row(tmp_path, cells)
    assert row.findings == ()
    assert row.document == {**sample, "programme": None, "attachments": []}


def test_every_answer_of_the_form_has_a_column() -> None:
    def leaves(document: dict[str, Any], place: tuple[str | int, ...]) -> set[Any]:
        found = set()
        for key, value in document.items():
            inner = dict(enumerate(value)) if key == "founders" else value
            found |= leaves(inner, (*place, key)) if isinstance(inner, dict) else {(*place, key)}
        return found

    columns = {column.place for column in all_columns()}
    assert leaves(sample_answers(), ()) == columns - {PASSWORD_PLACE}


def test_a_row_read_is_judged_like_any_application(tmp_path: Path) -> None:
    row = the_row(tmp_path, {"联系电话": "12", "邮箱": None})
    found = check_application(the_programme(), Application.model_validate(row.document), ())
    assert {"phone-invalid", "required-missing"} <= set(errors(found))


# What clerks write


@pytest.mark.parametrize(
    "written",
    [
        dt.date(2025, 3, 1),
        dt.datetime.combine(dt.date(2025, 3, 1), dt.time(9, 30)),
        "2025-03-01",
        "2025-3-1",
        "2025.3.1",
        "2025/3/1",
        "2025年3月1日",
        "2025 年 3 月 1 日",
        "２０２５年３月１日",
        "2025年03月01号",
        "2025—3—1",
        "2025-03-01 00:00:00",
        "2025-03-01T08:00",
        "2025年3月1日 9:30",
        "20250301",
        20250301,
        45717,
        45717.0,
    ],
)
def test_a_date_is_understood_however_it_is_written(tmp_path: Path, written: object) -> None:
    row = the_row(tmp_path, {START: written})
    assert (answer_at(row, START), row.findings) == ("2025-03-01", ())


@pytest.mark.parametrize(
    "written",
    ["2025年3月", "三月一日", "25-3-1", "2025-2-30", "3/1/2025", 2025, True, "2025-3-1-1"],
)
def test_a_date_that_cannot_be_told_is_named_by_row_and_column(
    tmp_path: Path, written: object
) -> None:
    row = the_row(tmp_path, {START: written})
    found = only(row.findings, "cell-not-date")
    assert found.severity == "error"
    assert found.where == "term.start"
    assert found.label == "第 2 行“起止年限（起）”"
    assert found.label in found.message
    assert answer_at(row, START) is None


def test_a_date_of_a_workbook_that_counts_from_1904_is_the_same_day(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import MAC_EPOCH

    def from_1904(book: Any, _sheet: Any) -> None:
        book.epoch = MAC_EPOCH

    cells = {START: dt.date(2025, 3, 1), "起止年限（止）": 45717 - 1462}
    row = the_row(tmp_path, cells, change=from_1904)
    assert row.document["term"] == {"start": "2025-03-01", "end": "2025-03-01"}


@pytest.mark.parametrize(
    ("written", "area"),
    [
        (3200, 3200),
        (2460.5, 2460.5),
        ("3200", 3200),
        ("3,200.50", 3200.5),
        ("３，２００平方米", 3200),
        ("3200 ㎡", 3200),
        ("2460.5m²", 2460.5),
        (0.1 + 0.2, 0.3),
        (-5, -5),
    ],
)
def test_an_area_is_understood_with_its_unit_and_separators(
    tmp_path: Path, written: object, area: float
) -> None:
    row = the_row(tmp_path, {AREA: written})
    assert (answer_at(row, AREA), row.findings) == (area, ())


@pytest.mark.parametrize(
    "written", ["约3200", "0.32万平方米", "3,20", "3200+100", dt.date(2025, 3, 1), True, "3200亩"]
)
def test_an_area_that_is_no_plain_number_is_not_guessed(tmp_path: Path, written: object) -> None:
    row = the_row(tmp_path, {AREA: written})
    assert codes(row.findings) == ["cell-not-number"]
    assert answer_at(row, AREA) is None


@pytest.mark.parametrize(
    "mark",
    ["是", "√", "✓", "☑", "1", 1, 1.0, True, "TRUE", "北京市重点实验室", "beijing_key_laboratory"],
)
def test_a_tick_is_a_tick_however_it_is_made(tmp_path: Path, mark: object) -> None:
    row = the_row(tmp_path, {LABORATORY: mark})
    assert row.document["platform"]["qualifications"] == ["beijing_key_laboratory"]
    assert row.findings == ()


@pytest.mark.parametrize("mark", [None, "否", "×", 0, False, "☐", "无", " "])
def test_a_box_left_empty_or_crossed_out_is_not_ticked(tmp_path: Path, mark: object) -> None:
    row = the_row(tmp_path, {LABORATORY: mark})
    assert row.document["platform"]["qualifications"] == []
    assert row.findings == ()


def test_a_mark_that_may_mean_either_is_asked_about(tmp_path: Path) -> None:
    row = the_row(tmp_path, {LABORATORY: "申请中"})
    assert codes(row.findings) == ["cell-not-choice"]


def test_qualifications_may_be_listed_in_one_column(tmp_path: Path) -> None:
    row = the_row(tmp_path, {"平台资质": "北京市重点实验室、国家工程研究中心"})
    assert row.document["platform"]["qualifications"] == [
        "national_engineering_research_center",
        "beijing_key_laboratory",
    ]
    (row2,) = read_roster(with_answers(tmp_path / "二.xlsx", {"平台资质": "区级重点实验室"}))
    assert "是否想写" in only(row2.findings, "cell-not-choice").remedy


@pytest.mark.parametrize(
    "word", ["新认定", "newly_accredited", " 新 认 定 ", "☑新认定，建设时间（）"]
)
def test_a_choice_is_understood_in_the_words_of_form_or_json(tmp_path: Path, word: str) -> None:
    row = the_row(tmp_path, {"平台类别": word, "平台资质其他类别（国家级/市级）": "municipal"})
    assert row.document["platform"]["category"]["kind"] == "newly_accredited"
    assert row.document["platform"]["other_qualification"]["level"] == "municipal"
    assert row.findings == ()


def test_a_choice_that_is_none_is_answered_with_the_nearest(tmp_path: Path) -> None:
    row = the_row(tmp_path, {"平台类别": "新迁移"})
    assert "是否想写“新迁入”？" in only(row.findings, "cell-not-choice").remedy


def test_none_written_where_there_may_be_none_leaves_it_blank(tmp_path: Path) -> None:
    cells = {
        "设立主体2名称": "无",
        "设立主体2统一社会信用代码": "/",
        "签章日期": "—",
        FOLDER_LABEL: "无",
    }
    row = the_row(tmp_path, {**cells, "其他需要说明的问题": "无"})
    assert len(row.document["founders"]) == 1
    assert row.document["remarks"] == "无"
    assert row.document["attachments"] == []
    assert row.findings == ()


@pytest.mark.parametrize("written", ["待定", "暂无", " 待补充。", "（待定）", "ＴＢＤ"])
def test_an_answer_that_is_still_to_come_leaves_its_cell_blank(
    tmp_path: Path, written: str
) -> None:
    row = the_row(tmp_path, dict.fromkeys((PHONE, AREA, START), written))
    assert row.document["contact"]["phone"] is None
    assert row.document["platform"]["total_area_sqm"] is None
    assert row.document["term"]["start"] is None
    assert row.findings == (), "that required ones are missing, is told where all answers are"
    remarks = the_row(tmp_path, {"其他需要说明的问题": "暂无"}).document["remarks"]
    assert remarks == "暂无", "in running text it is an answer"


def test_a_founder_left_out_in_the_middle_keeps_its_place(tmp_path: Path) -> None:
    row = the_row(tmp_path, {"设立主体1名称": None, "设立主体2名称": "乙公司"})
    assert [founder["name"] for founder in row.document["founders"]] == [None, "乙公司"]


def test_line_breaks_are_paragraphs_in_texts_and_only_wrapping_in_lines(tmp_path: Path) -> None:
    cells = {"申报单位": "北京某某\n科技 公司", "平台建设内容": "一、目标_x000D_\n二、任务"}
    row = the_row(tmp_path, cells)
    assert row.name == answer_at(row, "申报单位") == "北京某某科技 公司"
    assert answer_at(row, "平台建设内容") == "一、目标\n二、任务"


# Numbers that Excel spoils


@pytest.mark.parametrize("written", [110101199001011234, 1.10101199001011e17, "1.10101E+17"])
def test_a_code_whose_last_digits_excel_dropped_is_refused(tmp_path: Path, written: object) -> None:
    row = the_row(tmp_path, {USCC: written})
    assert codes(row.findings) == ["cell-digits-lost"]
    assert answer_at(row, USCC) is None


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        (13800000001, "13800000001"),
        (68863654, "68863654"),
        (4001234567, "4001234567"),
        (12345.0, "12345"),
        ("０１０－８８８８００００", "010-88880000"),
    ],
)
def test_a_phone_stored_as_a_number_is_read_where_no_zero_can_be_missing(
    tmp_path: Path, written: object, phone: str
) -> None:
    row = the_row(tmp_path, {PHONE: written})
    assert (answer_at(row, PHONE), row.findings) == (phone, ())


@pytest.mark.parametrize("written", [1088880001, 75588880001, 2188880001])
def test_a_phone_that_may_have_lost_its_first_zero_is_refused(tmp_path: Path, written: int) -> None:
    row = the_row(tmp_path, {PHONE: written})
    assert "010" not in str(answer_at(row, PHONE))
    assert codes(row.findings) == ["cell-digits-lost"]


def test_zeros_that_a_number_format_shows_are_read(tmp_path: Path) -> None:
    def show_zeros(_book: Any, sheet: Any) -> None:
        sheet.cell(2, 3).number_format = "00000000000"

    row = the_row(tmp_path, {PHONE: 1088880001}, change=show_zeros)
    assert (answer_at(row, PHONE), row.findings) == ("01088880001", ())


def test_an_address_that_excel_took_for_a_date_is_refused(tmp_path: Path) -> None:
    row = the_row(
        tmp_path, {"设立主体1注册地址": dt.datetime.combine(dt.date(2025, 6, 2), dt.time())}
    )
    assert codes(row.findings) == ["cell-became-date"]


# Texts as Excel keeps them


def test_texts_that_a_workbook_shares_are_read_as_they_are_shown(tmp_path: Path) -> None:
    path = with_answers(
        tmp_path / "名册.xlsx", {"平台建设内容": "一_x000D_\n二", "联系人": "_x005F_x0041_"}
    )
    texts: list[str] = []

    def share(xml: str) -> str:
        def keep(match: re.Match[str]) -> str:
            texts.append(match[2])
            return f'<c{match[1]} t="s"><v>{len(texts) - 1}</v></c>'

        return re.sub(r'<c([^>]*) t="inlineStr"><is>(.*?)</is></c>', keep, xml, flags=re.DOTALL)

    change_part(path, share)
    phonetic = '<rPh sb="0" eb="1"><t>ma</t></rPh>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    add = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    change_part(path, lambda xml: xml.replace("</Types>", add), "[Content_Types].xml")
    items = "".join(f"<si>{text}{phonetic}</si>" for text in texts)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>',
        )
    (row,) = read_roster(path)
    assert len(texts) > 10
    assert row.name == "甲公司"
    assert answer_at(row, "平台建设内容") == "一\n二"
    assert answer_at(row, "联系人") == "_x0041_"


# Formulas


def _cached(value: str, kind: str = "") -> Any:
    """Give the formulas of a sheet the value that Excel stores with them."""
    return lambda xml: re.sub(
        r'<c r="(\w+)"([^>]*)><f>([^<]*)</f><v ?/?>(</v>)?</c>',
        rf'<c r="\1"{kind}><f>\3</f><v>{value}</v></c>',
        xml,
    )


def _formula(_book: Any, sheet: Any) -> None:
    sheet.cell(2, 1).value = '=CONCATENATE("甲","公司")'


def test_a_formula_is_read_by_the_value_stored_with_it(tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {}, change=_formula)
    (row,) = read_roster(change_part(path, _cached("乙公司", ' t="str"')))
    assert (row.name, row.findings) == ("乙公司", ())


def test_a_formula_without_a_stored_value_is_asked_to_be_saved(tmp_path: Path) -> None:
    row = the_row(tmp_path, {}, change=_formula)
    assert codes(row.findings) == ["cell-uncalculated"]


def test_a_formula_that_yields_nothing_is_a_blank(tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {}, change=_formula)
    (row,) = read_roster(change_part(path, _cached("", ' t="str"')))
    assert (row.name, row.findings) == ("", ())


def test_a_formula_in_error_is_named(tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {}, change=_formula)
    (row,) = read_roster(change_part(path, _cached("#REF!", ' t="e"')))
    assert "#REF!" in only(row.findings, "cell-error").message


# Headers and rows


def test_headers_are_known_by_their_words_not_their_marks(tmp_path: Path) -> None:
    written = {
        "*申报 单位\n（必填）": "甲公司",
        "设立主体１名称：": "甲公司",
        "总面积(㎡)": 1200,
        "其中,研发及办公面积（平方米）": 800,
        "contact.name": "周禾",
        "term.start": "2025-1-1",
        "序号": 1,
    }
    rows = [list(written), list(written.values())]
    (row,) = read_roster(write_sheet(tmp_path / "名册.xlsx", rows))
    assert "column-unknown" not in codes(row.findings)
    assert answer_at(row, AREA) == 1200
    assert answer_at(row, "其中，研发及办公面积（平方米）") == 800
    assert row.document["contact"]["name"] == "周禾"
    assert row.document["term"]["start"] == "2025-01-01"
    assert row.document["founders"][0]["name"] == "甲公司"


def test_the_order_of_columns_is_free(tmp_path: Path) -> None:
    backwards = dict(reversed(REQUIRED.items()))
    rows = [list(backwards), list(backwards.values())]
    (row,) = read_roster(write_sheet(tmp_path / "名册.xlsx", rows))
    (same,) = read_roster(with_answers(tmp_path / "同.xlsx", {}))
    assert row.document == same.document


def test_a_header_of_two_rows_with_merged_cells_is_read_as_one(tmp_path: Path) -> None:
    def merge(_book: Any, sheet: Any) -> None:
        for cells in ("A2:A3", "B2:B3", "C2:D2", "E2:G2", "H2:I2"):
            sheet.merge_cells(cells)

    rows = [
        ["2025年申报单位名册"],
        ["申报单位", "联系人", "起止年限", None, "设立主体1", None, None, "企业法人", None],
        [None, None, "起", "止", "名称", "统一社会信用代码", "注册地址", "姓名", "手机"],
        ["甲公司", "周禾", "2025-1-1", "2027-1-1", "乙", "C", "丙路", "林", "138"],
    ]
    (row,) = read_roster(write_sheet(tmp_path / "名册.xlsx", rows, change=merge))
    assert row.number == 4
    assert row.document["term"] == {"start": "2025-01-01", "end": "2027-01-01"}
    assert row.document["founders"] == [{"name": "乙", "uscc": "C", "address": "丙路"}]
    assert row.document["legal_representative"]["mobile"] == "138"
    assert "column-unknown" not in codes(row.findings)


def test_what_is_merged_over_several_rows_is_said_of_each(tmp_path: Path) -> None:
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_cells("H2:H3")

    path = tmp_path / "名册.xlsx"
    with_answers(path, {"资质认定部门": "某委"}, {"申报单位": "乙公司"}, change=merge)
    read = read_roster(path)
    assert [answer_at(row, "资质认定部门") for row in read] == ["某委", "某委"]


def crowded(rows: int) -> Sheet:
    """A sheet of a header, so many rows, and one in Excel's last; 20,000 blocks lie on them."""
    cells = {at: {1: Cell("甲公司")} for at in (*range(2, 2 + rows), MAX_ROW)}
    head = {at: Cell(text) for at, text in enumerate(REQUIRED, 1)}
    return Sheet("名册", {1: head, **cells}, (Merged(2, 2, MAX_ROW, 2),) * MAX_MERGED)


def test_merged_cells_over_a_million_empty_rows_take_no_time() -> None:
    sheet, fields = crowded(1), the_programme().fields
    header = find_header(sheet, fields)
    assert header is not None
    assert [number for number, _ in filled_rows(sheet, header)] == [2, MAX_ROW]


def test_merged_cells_that_lie_on_each_other_in_many_rows_are_refused() -> None:
    sheet, fields = crowded(500), the_programme().fields
    header = find_header(sheet, fields)
    assert header is not None
    with pytest.raises(UsageFault, match="过大"):
        filled_rows(sheet, header)


def test_empty_rows_are_passed_over_and_hidden_ones_read(tmp_path: Path) -> None:
    def hide(_book: Any, sheet: Any) -> None:
        sheet.insert_rows(3, 4)
        sheet.cell(4, 1).value = "   "
        sheet.row_dimensions[7].hidden = True

    path = with_answers(tmp_path / "名册.xlsx", {}, {"申报单位": "乙公司"}, change=hide)
    assert [(row.number, row.name) for row in read_roster(path)] == [(2, "甲公司"), (7, "乙公司")]


def test_a_header_that_is_repeated_further_down_is_no_applicant(tmp_path: Path) -> None:
    rows = [list(REQUIRED), list(REQUIRED.values()), list(REQUIRED), list(REQUIRED.values())]
    path = write_sheet(tmp_path / "名册.xlsx", rows)
    assert [row.number for row in read_roster(path)] == [2, 4]


def test_an_unknown_column_is_a_warning_on_each_row_that_fills_it(tmp_path: Path) -> None:
    path = with_answers(
        tmp_path / "名册.xlsx", {"资质认定时问": "2025-3-1"}, {"申报单位": "乙公司"}
    )
    first, second = read_roster(path)
    found = only(first.findings, "column-unknown")
    assert found.severity == "warning"
    assert (found.where, found.label) == ("", "第 2 行“资质认定时问”")
    assert "资质认定时间" in found.remedy
    assert second.findings == ()


def test_a_cell_beside_the_table_is_not_lost_without_a_word(tmp_path: Path) -> None:
    def beside(_book: Any, sheet: Any) -> None:
        sheet.cell(2, 28).value = "记得补章"

    row = the_row(tmp_path, {}, change=beside)
    assert only(row.findings, "column-unknown").label == "第 2 行 AB 列"


def test_a_column_given_twice_is_an_error_on_every_row(tmp_path: Path) -> None:
    rows = [[*REQUIRED, "申报单位"], [*REQUIRED.values(), "乙公司"], [*REQUIRED.values(), None]]
    for row in read_roster(write_sheet(tmp_path / "名册.xlsx", rows)):
        found = only(row.findings, "column-duplicate")
        assert "A 列、H 列" in found.message
        assert row.name == ""


def test_a_required_column_that_is_missing_is_named_with_the_nearest(tmp_path: Path) -> None:
    cells = {
        ("联系人电话" if label == PHONE else label): value for label, value in REQUIRED.items()
    }
    (row,) = read_roster(write_sheet(tmp_path / "名册.xlsx", [list(cells), list(cells.values())]))
    found = only(row.findings, "column-missing")
    assert found.label == "第 2 行“联系电话”"
    assert "联系人电话" in found.remedy


def test_all_faults_of_a_row_are_reported_together(tmp_path: Path) -> None:
    row = the_row(tmp_path, {START: "春天", AREA: "很大", USCC: 10**17, LABORATORY: "也许"})
    assert len(errors(row.findings)) == 4
    for found in row.findings:
        assert is_chinese_sentence(found.message)
        assert is_chinese_sentence(found.remedy)
        assert found.message.startswith("第 2 行")


def test_a_cell_longer_than_excel_allows_is_a_finding(tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {"平台建设内容": "LONG"})
    long = change_part(path, lambda xml: xml.replace("LONG", "长" * 32_768))
    (row,) = read_roster(long)
    assert codes(row.findings) == ["cell-too-long"]


# Sheets


def test_the_sheet_with_a_header_is_found_among_others(tmp_path: Path) -> None:
    def others(book: Any, _sheet: Any) -> None:
        book.create_sheet("说明", 0).append(["随便写写"])
        hidden = book.create_sheet("旧", 1)
        hidden.append(list(REQUIRED))
        hidden.append(list(REQUIRED.values()))
        hidden.sheet_state = "hidden"

    assert the_row(tmp_path, {}, change=others).name == "甲公司"


def test_two_sheets_of_applicants_are_not_chosen_between(tmp_path: Path) -> None:
    def again(book: Any, _sheet: Any) -> None:
        other = book.create_sheet("第二批")
        other.append(list(REQUIRED))
        other.append(list(REQUIRED.values()))

    path = with_answers(tmp_path / "名册.xlsx", {}, change=again)
    with pytest.raises(UsageFault, match="第二批"):
        read_roster(path)


def test_a_workbook_without_a_header_is_told_what_a_header_is(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "名册.xlsx", [["甲公司", "138"], ["乙公司", "139"]])
    with pytest.raises(UsageFault, match="找不到表头") as refused:
        read_roster(path)
    assert "new --excel" in refused.value.remedy


def test_a_roster_without_a_row_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="一行也没有填写"):
        read_roster(write_sheet(tmp_path / "名册.xlsx", [list(REQUIRED)]))


def test_more_rows_than_can_be_meant_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.batch.roster.roster_reading.MAX_ROWS", 2)
    path = with_answers(tmp_path / "名册.xlsx", {}, {}, {})
    with pytest.raises(UsageFault, match="上限"):
        read_roster(path)


# Files that are no workbook, or a hostile one


def _refusal(path: Path) -> UsageFault:
    with pytest.raises(UsageFault) as refused:
        read_roster(path)
    assert refused.value.exit_code == ExitCode.USAGE
    assert is_chinese_sentence(refused.value.message)
    assert is_chinese_sentence(refused.value.remedy)
    return refused.value


OLD = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不是 Excel 工作簿"),
        ("申报单位,联系人\n甲,乙\n".encode("gbk"), "不是 Excel 工作簿"),
        (OLD + b"\0" * 600, "已损坏，或不是 Excel 工作簿"),
        (OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_remedy(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(data)
    assert said in _refusal(path).message


def test_another_office_file_renamed_is_refused(tmp_path: Path) -> None:
    folder = the_programme().folder / "forms"
    path = tmp_path / "名册.xlsx"
    path.write_bytes((folder / "commitment.docx").read_bytes())
    _refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    _refusal(path)


def test_a_folder_or_nothing_in_its_place_is_refused(tmp_path: Path) -> None:
    _refusal(tmp_path)
    _refusal(tmp_path / "没有.xlsx")


def test_a_workbook_that_unpacks_beyond_bounds_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.batch.roster.table_files.workbooks.MAX_XML_BYTES", 1_000_000)
    path = with_answers(tmp_path / "名册.xlsx", {})
    assert len(read_roster(path)) == 1
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b" " * 1_000_000)
    assert path.stat().st_size < 20_000
    assert "过大" in _refusal(path).message


def test_more_cells_than_any_roster_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {})
    blanks = '<row r="3">' + '<c r="A3"/>' * 100 + "</row></sheetData>"
    change_part(path, lambda xml: xml.replace("</sheetData>", blanks))
    assert len(read_roster(path)) == 1
    monkeypatch.setattr("sjs_forms.batch.roster.table_files.workbooks.MAX_CELLS", 100)
    assert "过大" in _refusal(path).message


@pytest.mark.parametrize("part", [SHEET_XML, "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_of_xml_are_never_expanded(tmp_path: Path, part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "甲"><!ENTITY b "&a;&a;&a;">]>'
    path = with_answers(tmp_path / "名册.xlsx", {"平台建设内容": "LONG"}, title="LONG")

    def arm(xml: str) -> str:
        plain = re.sub(r"^<\?xml[^>]*>", "", xml)
        return bomb + plain.replace("LONG", "&b;").replace("worksheet+xml", "worksheet&b;+xml")

    change_part(path, arm, part)
    try:
        read = read_roster(path)
    except UsageFault:
        return
    assert "甲甲甲" not in str(read[0].document)


@pytest.mark.parametrize("row", ["2000000000", "0", "-3"])
def test_a_row_that_no_sheet_has_is_refused_at_once(tmp_path: Path, row: str) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {})
    _refusal(change_part(path, lambda xml: xml.replace('<row r="2"', f'<row r="{row}"')))


@pytest.mark.parametrize("number", ["1E999", "-1E999", "9" * 400])
def test_a_number_that_no_workbook_holds_is_a_finding(tmp_path: Path, number: str) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {AREA: 123})
    (row,) = read_roster(
        change_part(path, lambda xml: xml.replace("<v>123</v>", f"<v>{number}</v>"))
    )
    assert codes(row.findings) == ["cell-error"]


def test_a_block_merged_over_the_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    path = with_answers(tmp_path / "名册.xlsx", {}, {"申报单位": None})
    change_part(path, lambda xml: xml.replace("</sheetData>", f"</sheetData>{merged}"))
    assert [row.name for row in read_roster(path)] == ["甲公司", "甲公司"]


def test_filters_and_formats_of_other_programs_do_not_stand_in_the_way(tmp_path: Path) -> None:
    foreign = (
        '<autoFilter ref="A1:B2"><filterColumn colId="0"><customFilters>'
        '<customFilter operator="x" val=""/></customFilters></filterColumn></autoFilter>'
        "<conditionalFormatting/>"
    )
    path = with_answers(tmp_path / "名册.xlsx", {})
    change_part(path, lambda xml: xml.replace("</sheetData>", f"</sheetData>{foreign}"))
    (row,) = read_roster(path)
    assert row.findings == ()


@given(st.data())
def test_a_damaged_sheet_is_read_or_refused_but_never_breaks_us(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("损坏") / "名册.xlsx"
    with_answers(path, {START: dt.date(2025, 3, 1), AREA: 3200, LABORATORY: True})
    piece = st.sampled_from(["", "<", ">", '"', "9", "s", "x", "</c>", "<c/>", "<row>", "&", "-"])

    def damage(xml: str) -> str:
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(xml)))
            xml = xml[:at] + data.draw(piece) + xml[at + data.draw(st.integers(0, 3)) :]
        return xml

    try:
        read = read_roster(change_part(path, damage))
    except UsageFault:
        return
    assert all(isinstance(row, RosterRow) for row in read)
    assert all(unicodedata.is_normalized("NFC", row.name) for row in read)


# Cancelled


class Asked:
    """Whether a job is cancelled: from the question of this number on."""

    def __init__(self, from_question: int) -> None:
        self.from_question, self.count = from_question, 0

    def __call__(self) -> bool:
        self.count += 1
        return self.count >= self.from_question


def test_reading_a_roster_asks_at_every_row_and_every_block_whether_it_is_cancelled(
    tmp_path: Path,
) -> None:
    rows = 60
    path = with_answers(tmp_path / "名册.xlsx", *({} for _ in range(rows)))
    asked = Asked(1_000_000)
    assert len(read_roster(path, is_cancelled=asked)) == rows
    assert asked.count > 2 * rows + path.stat().st_size / 65_536
    for number in range(1, asked.count + 1):
        again = Asked(number)
        with pytest.raises(Cancelled):
            read_roster(path, is_cancelled=again)
        assert again.count == number, "no further question after the answer yes"
