"""The overview of a batch: its numbers are those of the manifests, and its texts stay texts."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_catalogue import entry_of
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace, MaterialPlace
from sjs_forms.base.findings.remedies import MendAnswer, RenameKey, RunJob, ScanForm
from sjs_forms.base.manifest import DividerSheet, File, Manifest, PrintEntry, Stock, Tool
from sjs_forms.base.printable_text import printable
from sjs_forms.batch.outputs.overview.applicant_rows import applicant_rows
from sjs_forms.batch.outputs.overview.overview_files import LETTERS, PAGE, WORKBOOK, write_overview
from sjs_forms.batch.outputs.overview.overview_page import page_bytes
from sjs_forms.batch.outputs.overview.overview_workbook import overview_bytes
from sjs_forms.batch.outputs.overview.print_totals import print_totals
from sjs_forms.batch.outputs.overview.review_table import review_table
from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.domain.installed_notices import load_programme
from tests.samples import Application, minimal_answers
from tests.word_text import text_of_word

PAPER = Stock(id="80g", title="80 克复印纸", caliper_mm=0.104)
CARD = Stock(id="250g", title="250 克白卡纸", caliper_mm=0.28)
COLOURS = ("浅红", "浅橙", "浅黄")


def divider(sheet: int, colour: str) -> DividerSheet:
    return DividerSheet(
        sheet=sheet, side=2 * sheet - 1, material="x", colour="#fff", colour_name=colour
    )


jobs = st.builds(
    PrintEntry,
    copies=st.integers(1, 9),
    sides_per_copy=st.integers(2, 900),
    sheets_per_copy=st.integers(4, 450),
    coloured_sheets=st.lists(st.integers(1, 400), max_size=9, unique=True).map(tuple),
    stock=st.just(PAPER),
    cover=st.just(CARD),
    spine_mm=st.integers(1, 50),
    dividers=st.sampled_from(["ink", "paper"]),
    divider_sheets=st.lists(
        st.builds(divider, st.integers(1, 400), st.sampled_from(COLOURS)), max_size=3
    ).map(tuple),
)


def manifest(job: PrintEntry) -> Manifest:
    return Manifest(tool=Tool(name="x"), files=(File(file="a", sha256="b", bytes=1),), print=job)


def verdict(number: int, *findings: Finding, status: Any = "built") -> Verdict:
    folder = f"{number:03d}_单位" if status == "built" else None
    filed = f"{number:03d}"
    return Verdict(number, f"单位{number}", status, findings, 10, 1.0, folder, findings, filed)


WRONG = error(
    "email-invalid",
    AnswerPlace(("contact", "email")),
    "邮箱",
    "“邮箱”x@ 不是有效的邮箱地址。",
    MendAnswer("请核对{}。", (("contact", "email"),)),
)
AWAITED = warning(
    "scan-awaited",
    MaterialPlace("commitment"),
    "承诺书",
    "第7项材料“承诺书”还没有盖章扫描件。",
    ScanForm("attachments/7-承诺书"),
)


@given(st.lists(st.lists(jobs, min_size=1, max_size=2), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_every_number_is_the_sum_of_the_manifests(built: list[list[PrintEntry]]) -> None:
    verdicts = [verdict(number) for number in range(1, len(built) + 1)]
    manifests = {
        each.folder or "": [manifest(job) for job in volumes]
        for each, volumes in zip(verdicts, built, strict=True)
    }
    rows = applicant_rows(verdicts, manifests)
    every = [job for volumes in built for job in volumes]
    assert [row.sides for row in rows] == [sum(j.sides_per_copy for j in each) for each in built]
    assert [row.sheets for row in rows] == [sum(j.sheets_per_copy for j in each) for each in built]
    totals = print_totals(rows)
    assert totals.applicants == len(built) and totals.volumes == len(every)
    assert totals.books == sum(job.copies for job in every) == sum(totals.covers.values())
    assert totals.sides == sum(job.copies * job.sides_per_copy for job in every)
    assert totals.sheets == sum(job.copies * job.sheets_per_copy for job in every)
    assert totals.sheets == sum(totals.stocks.values()), "each sheet is of one paper"
    assert totals.colour_sheets == sum(job.copies * len(job.coloured_sheets) for job in every)
    assert sum(totals.colours.values()) == sum(j.copies * len(j.divider_sheets) for j in every)
    assert sum(totals.spines.values()) == len(every)
    assert (totals.boxes - 1) * 300 < sum(j.copies * (j.spine_mm + 0.6) for j in every)


def test_a_draft_is_counted_as_nothing_to_print() -> None:
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    whole, draft = manifest(job), manifest(job).model_copy(update={"draft": True})
    verdicts = [verdict(1), verdict(2)]
    rows = applicant_rows(verdicts, {"001_单位": [whole], "002_单位": [draft]})
    assert [row.status for row in rows] == ["已生成", "草稿"] and rows[1].sheets == 35
    alone = print_totals(rows[:1])
    assert print_totals(rows) == replace(alone, drafts=1)
    page = page_bytes("项目", rows, print_totals(rows)).decode()
    assert "另有草稿，不能付印" in page and "另有草稿" not in page_bytes("", [], alone).decode()


def test_the_workbook_has_a_line_for_each_applicant_and_each_finding() -> None:
    verdicts = [verdict(1, WRONG, AWAITED, status="failed"), verdict(2, AWAITED)]
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    rows = applicant_rows(verdicts, {"002_单位": [manifest(job)]})
    data = overview_bytes("样例项目", rows, print_totals(rows))
    assert data == overview_bytes("样例项目", rows, print_totals(rows))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["总览", "问题清单", "付印总单"]
    lines = [[cell.value for cell in row] for row in book["总览"].iter_rows(min_row=3, max_row=5)]
    assert lines[0][:6] == ["001", "单位1", "未生成", 1, 1, "承诺书"]
    assert lines[1][:6] == ["002", "单位2", "已生成", None, 1, "承诺书"]
    assert lines[1][7:] == [70, 35, "4.5", 1, "002_单位"]
    assert lines[2][0] == "合计" and lines[2][7:9] == [70, 35]
    assert book["总览"].cell(4, 12).hyperlink.target == "002_单位/"
    assert book["问题清单"].max_row == 2 + 3
    totals = {row[0].value: row[1].value for row in book["付印总单"].iter_rows(min_row=3)}
    assert totals["总册数（各册 × 份数）"] == 6 and totals["内页用纸：80 克复印纸"] == 210
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9


def test_a_check_shows_no_columns_of_volumes_and_a_build_does() -> None:
    def hidden(*verdicts: Verdict) -> set[str]:
        manifests = {each.folder or "": [manifest(PrintEntry(copies=6))] for each in verdicts}
        rows = applicant_rows(verdicts, manifests)
        book = openpyxl.load_workbook(io.BytesIO(overview_bytes("项目", rows, print_totals(rows))))
        dimensions = book["总览"].column_dimensions
        shown = {cell.column_letter: cell.value for cell in book["总览"][2]}
        return {shown[letter] for letter in shown if dimensions[letter].hidden}

    assert hidden(verdict(1, status="passed"), verdict(2, WRONG, status="wanting")) == {
        *("面数", "张数", "书脊（毫米）", "册数", "文件夹"),
    }
    assert hidden(verdict(1), verdict(2, WRONG, status="failed")) == set()


def test_names_and_messages_are_text_in_both_files() -> None:
    """A name may be a formula or a script; nothing evaluates it."""
    name = "=1+1<script>alert(1)</script>"
    hostile = Verdict(1, name, "built", (WRONG,), 2, 0.0, "001_<b>", (WRONG,))
    rows = applicant_rows([hostile], {})
    page = page_bytes("项目", rows, print_totals(rows)).decode()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert 'href="./001_%3Cb%3E/"' in page
    book = openpyxl.load_workbook(io.BytesIO(overview_bytes("项目", rows, print_totals(rows))))
    cell = book["总览"]["B3"]
    assert (cell.data_type, cell.value) == ("s", name)


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\ufffe", "\ud800"])
def test_a_character_that_xml_forbids_spoils_no_file(tmp_path: Path, sign: str) -> None:
    name = f"甲{sign}公司"
    found = replace(WRONG, template=f"“邮箱”{sign} 不是有效的邮箱地址。")
    odd = Verdict(1, name, "failed", (found,), None, 0.0, None, (found,), f"受理{sign}1")
    write_overview(tmp_path, [odd, verdict(2, status="failed")], {1: load_programme()})
    cells = openpyxl.load_workbook(tmp_path / WORKBOOK)["总览"]
    assert [cells["B3"].value, cells["B4"].value] == [printable(name), "单位2"]
    (word,) = (tmp_path / LETTERS).glob("*.docx")
    assert f"{printable(name)}：" in text_of_word(word.read_bytes())


def test_a_folder_that_failed_counts_for_no_print(tmp_path: Path) -> None:
    failed = Verdict(1, "单位", "failed", (WRONG,), None, 0.0, "001_单位", (WRONG,))
    rows = applicant_rows(
        [failed], {"001_单位": [manifest(PrintEntry(copies=6, sides_per_copy=9))]}
    )
    assert rows[0].sides == 0 and print_totals(rows).books == 0


def test_folders_of_earlier_runs_are_named_in_the_overview(tmp_path: Path) -> None:
    """Whoever prints all that lies there would print the earlier volume of an applicant too."""
    write_overview(tmp_path, [verdict(1)], {1: load_programme()}, left_over=("A2_单位1",))
    sheet = openpyxl.load_workbook(tmp_path / WORKBOOK)["总览"]
    for said in (sheet.cell(5, 1).value, (tmp_path / PAGE).read_text("utf-8")):
        assert "“A2_单位1”是以前生成的，不属于这一批" in str(said) and "不要付印" in str(said)


def test_each_applicant_with_findings_gets_a_letter_and_no_other(tmp_path: Path) -> None:
    programme = load_programme()
    wanting, fine = verdict(1, WRONG, AWAITED, status="wanting"), verdict(2)
    write_overview(tmp_path, [wanting, fine], {1: programme, 2: programme})
    assert {found.name for found in tmp_path.iterdir()} == {WORKBOOK, PAGE, LETTERS, ".batch"}
    assert {found.name for found in (tmp_path / LETTERS).iterdir()} == {
        "001_单位1_退补通知.docx",
        "001_单位1_退补通知.txt",
    }
    write_overview(tmp_path, [fine], {2: programme})
    assert not (tmp_path / LETTERS).exists(), "letters of an earlier run are of no use"


def test_what_a_user_changed_or_put_beside_is_kept(tmp_path: Path) -> None:
    letter, notes = "001_单位1_退补通知.txt", "我的备注_退补通知.docx"
    programmes = {1: load_programme(), 2: load_programme()}
    write_overview(tmp_path, [verdict(1, WRONG), verdict(2, WRONG)], programmes)
    (tmp_path / LETTERS / letter).write_text("我改过", encoding="utf-8")
    (tmp_path / LETTERS / notes).write_bytes(b"x")
    (tmp_path / WORKBOOK).write_bytes(b"PK notes")
    found = replace(WRONG, template="又错。")
    kept = write_overview(tmp_path, [verdict(1, found), verdict(2)], programmes)
    assert kept == {WORKBOOK: "总览-2.xlsx", f"{LETTERS}/{letter}": "001_单位1_退补通知-2.txt"}
    assert (tmp_path / "总览-2.xlsx").read_bytes() == b"PK notes"
    sheet = openpyxl.load_workbook(tmp_path / WORKBOOK)["总览"]
    assert sheet["A3"].value == "001"
    said = [sheet.cell(at, 1).value for at in (6, 7)], (tmp_path / PAGE).read_text("utf-8")
    for told in said:
        assert "已改名为“总览-2.xlsx”" in str(told), "who opens it misses what he had written"
        assert "已改名为“001_单位1_退补通知-2.txt”" in str(told)
    assert {path.name for path in (tmp_path / LETTERS).iterdir()} == {
        *("001_单位1_退补通知.docx", letter, "001_单位1_退补通知-2.txt", notes),
    }
    assert write_overview(tmp_path, [verdict(1, WRONG), verdict(2)], programmes) == {}


@pytest.mark.parametrize(
    "code",
    [
        *("table-row-stranger", "batch-usage", "batch-machine", "attachment-folder-missing"),
        *("attachment-folder-shared", "attachment-folder-unreadable"),
        *(
            "table-row-ambiguous",
            "column-missing",
            "batch-number-twice",
            "column-duplicate",
            "cell-error",
            "cell-digits-lost",
        ),
        *("machine-changed", "machine-killed", "machine-too-large", "machine-unread"),
        *("attachment-open", "attachment-signed", "attachment-temporary", "output-kept"),
        *("portal-reduced", "scan-unused", "stamp-record-unreadable"),
    ],
)
def test_no_applicant_is_written_to_about_what_the_office_mends(tmp_path: Path, code: str) -> None:
    made = error if "error" in entry_of(code).severities else warning
    stranger = made(code, WHOLE, "设备", "“设备”第 8 行写的单位不在名册里。", "请改。")
    programme = load_programme()
    write_overview(tmp_path, [verdict(4, stranger, status="failed")], {4: programme})
    assert not (tmp_path / LETTERS).exists()


def test_a_letter_lists_the_stamped_scan_that_is_awaited_among_what_must_be_handed_in(
    tmp_path: Path,
) -> None:
    text = the_letter(tmp_path, AWAITED)
    assert text.index("必须更正或补充") < text.index("还没有收到“承诺书”的盖章扫描件")
    assert "请确认" not in text


def test_a_letter_about_a_file_without_a_material_asks_which_it_belongs_to(
    tmp_path: Path,
) -> None:
    stray = warning(
        "attachment-unlisted",
        FilePlace("材料/01/执照/执照.pdf"),
        "附件",
        "第 5 行“附件文件夹”：文件“材料/01/执照/执照.pdf”没有归入任何一项材料：文件夹“执照”……",
        "需要装订的请把文件夹“执照”改成以材料序号开头的名字。",
    )
    text = the_letter(tmp_path, stray)
    assert "1. “执照.pdf”不知属于哪一项材料，没有收入。请说明它属于哪一项材料" in text
    assert "文件夹" not in text


def test_a_letter_about_a_key_says_no_key(tmp_path: Path) -> None:
    key = error(
        "unknown-key",
        WHOLE,
        "申报内容",
        "不认识“contakt”。",
        RenameKey(("contakt",), "contact", ("contact",)),
    )
    text = the_letter(tmp_path, key)
    assert "1. “申报内容”填写有误。请核对后重新填写，再次提交。" in text and "contact" not in text


def the_letter(place: Path, *findings: Finding) -> str:
    """The text of the letter about these findings."""
    write_overview(place, [verdict(1, *findings)], {1: load_programme()})
    return (place / LETTERS / "001_单位1_退补通知.txt").read_text("utf-8-sig")


def test_a_letter_about_a_file_names_no_column_of_the_office_s_roster(tmp_path: Path) -> None:
    empty = error(
        "attachment-empty",
        FilePlace("材料/甲/1/照.pdf"),
        "附件",
        f"第 5 行“附件文件夹”：文件“{FILE}”是空的。",
        "请补交。",
        "材料/甲/1/照.pdf",
    )
    assert "1. 文件“照.pdf”是空的。请补交。" in the_letter(tmp_path, empty)


@pytest.mark.parametrize("row", ["第 5 行", "“设备”第 6 行", "“设备”第 6 行 AB 列"])
def test_a_letter_names_no_row_of_the_office_s_roster(tmp_path: Path, row: str) -> None:
    unread = error(
        "cell-not-choice",
        WHOLE,
        f"{row}“设在”",
        f"{row}“设在”：“路边”不在可选之列。",
        "可写：甲。",
    )
    programme = load_programme()
    write_overview(tmp_path, [verdict(1, unread)], {1: programme})
    text = (tmp_path / LETTERS / "001_单位1_退补通知.txt").read_text("utf-8-sig")
    assert "1. “设在”：“路边”不在可选之列。可写：甲。" in text


@pytest.mark.parametrize("kind", [".docx", ".txt"])
def test_a_letter_speaks_to_the_applicant(tmp_path: Path, kind: str) -> None:
    programme = load_programme()
    folders = warning(
        "attachment-notes",
        AnswerPlace(("attachments", 0)),
        "合同",
        f"“{FILE}”第 1 页有便签式批注。",
        RunJob("请重新生成（{}）。", ("build",)),
        "attachments/2-场地租赁合同/合同.pdf",
    )
    write_overview(tmp_path, [verdict(7, WRONG, AWAITED, folders)], {7: programme})
    path = tmp_path / LETTERS / f"007_单位7_退补通知{kind}"
    text = (
        path.read_text("utf-8-sig")
        if kind == ".txt"
        else "\n".join(text_of_word(path.read_bytes()))
    )
    assert "单位7" in text and "007" in text
    assert "“邮箱”x@ 不是有效的邮箱地址。" in text and "请核对“邮箱”。" in text
    assert "还没有收到“承诺书”的盖章扫描件。" in text
    assert "“合同.pdf”第 1 页有便签式批注。" in text
    assert programme.submit_to in text
    for word in ("sjs-forms", "attachments", "application.json", "/"):
        assert word not in text


@pytest.mark.parametrize(
    ("qualifications", "other", "level", "percent"),
    [
        (["national_key_laboratory", "beijing_key_laboratory"], None, "国家级", "100"),
        (["beijing_key_laboratory"], "national", "国家级", "100"),
        (["beijing_engineering_research_center"], None, "市级", "80"),
        ([], "municipal", "市级", "80"),
        ([], None, "", "0"),
    ],
)
def test_level_and_rate_are_those_of_the_highest_qualification(
    qualifications: list[str], other: str | None, level: str, percent: str
) -> None:
    answers = minimal_answers()
    answers["platform"] = {"qualifications": qualifications}
    if other:
        named = {"name": "创新平台", "level": other, "authority": "某部门"}
        answers["platform"]["other_qualification"] = named
    answers["term"] = {"start": "2024-03-19", "end": "2026-03-18"}
    answers["attachments"] = None
    table = review_table(load_programme(), [(verdict(1), Application.model_validate(answers))])
    assert table is not None
    line = dict(zip(table.heading, table.lines[0], strict=True))
    assert line["起止年限"] == "2024年3月19日—2026年3月18日"
    assert line["级别（测算参考）"] == level
    assert line["补贴比例上限（%）（测算参考）"] == percent
    assert line["支持年限（年）（测算参考）"] == "2"
    assert line["运营经费上限合计（万元）（测算参考）"] == "1000"


def test_where_no_files_were_looked_at_nothing_is_said_of_them(tmp_path: Path) -> None:
    programme = load_programme()
    wrong = verdict(7, WRONG, status="failed")
    write_overview(tmp_path, [wrong], {7: programme}, answers_only=True)
    letter = (tmp_path / LETTERS / "007_单位7_退补通知.txt").read_text("utf-8-sig")
    assert "所附材料尚未核对" in letter and "不必重新提交" not in letter
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "没有核对所附材料" in page and "缺少的材料" not in page
    sheet = openpyxl.load_workbook(tmp_path / WORKBOOK)["总览"]
    shown = [
        cell.value for cell in sheet[2] if not sheet.column_dimensions[cell.column_letter].hidden
    ]
    assert "必须改正" in shown and "缺少的材料" not in shown and "待盖章件" not in shown


def test_reviewers_see_what_the_notice_asks_and_who_has_the_same() -> None:
    programme = load_programme()
    address = {"platform": {"address": "样例大街88号", "rd_office_area_sqm": 5000}}
    first, second, third = (
        Application.model_validate({**minimal_answers(), **more, "attachments": None})
        for more in (address, address, {"platform": {"address": "别处"}})
    )
    table = review_table(
        programme, [(verdict(1), first), (verdict(2), second), (verdict(3), third)]
    )
    assert table is not None
    by_name = [dict(zip(table.heading, line, strict=True)) for line in table.lines]
    assert by_name[0]["编号"] == "001" and by_name[0]["平台地址"] == "样例大街88号"
    assert by_name[0]["可补贴面积（平方米）（测算参考）"] == "4000", (
        "not more than the notice's bound"
    )
    assert "平台地址：002" in by_name[0]["与其他单位相同"]
    assert "平台地址：001" in by_name[1]["与其他单位相同"]
    assert "平台地址" not in by_name[2]["与其他单位相同"]
    rows = applicant_rows([verdict(1)], {})
    book = openpyxl.load_workbook(
        io.BytesIO(overview_bytes("项目", rows, print_totals(rows), table))
    )
    assert [cell.value for cell in book["评审汇总"][2]] == list(table.heading)
