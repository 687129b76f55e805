"""The folder that a row names: its files sorted into materials, and never another's."""

from pathlib import Path

import pytest

from sjs_forms.base.errors import ExitCode, exit_code_for
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.batch.roster import RosterRow, read_roster
from sjs_forms.batch.roster.columns import FOLDER_LABEL, PASSWORD_LABEL
from sjs_forms.domain.folder.application_folder import read_folder
from tests.rosters import the_row, with_answers
from tests.samples import codes, is_chinese_sentence, only


def touch(*paths: Path) -> None:
    """Empty files."""
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def files(row: RosterRow) -> list[str]:
    """The files of a row's attachments, in their order."""
    return [entry["file"] for entry in row.document["attachments"]]


@pytest.mark.parametrize("within", ["甲", "甲/attachments"])
def test_files_come_in_the_order_of_materials_and_natural_order_of_names(
    tmp_path: Path, within: str
) -> None:
    folder = tmp_path / within
    names = [
        "3-证明材料/授权.pdf",
        "2-场地租赁合同/发票10.pdf",
        "2-场地租赁合同/发票2.pdf",
        "10-别的/x.pdf",
    ]
    touch(*(folder / name for name in names), folder / "2-场地租赁合同/Thumbs.db")
    row = the_row(tmp_path, {FOLDER_LABEL: "甲"})
    assert row.document["attachments"] == [
        {"material": "lease", "file": f"{within}/2-场地租赁合同/发票2.pdf"},
        {"material": "lease", "file": f"{within}/2-场地租赁合同/发票10.pdf"},
        {"material": "evidence", "file": f"{within}/3-证明材料/授权.pdf"},
    ]
    assert only(row.findings, "attachment-unlisted").where == f"{within}/10-别的/x.pdf"


def test_the_document_is_an_application_beside_the_workbook(minimal: Path) -> None:
    row = the_row(minimal.parent, {FOLDER_LABEL: minimal.name})
    (minimal.parent / "application.json").write_bytes(json_bytes(row.document))
    read, own = read_folder(minimal.parent), read_folder(minimal)
    assert [item.path for item in read.offered] == [item.path for item in own.offered]
    assert [item.title for item in read.offered] == [item.title for item in own.offered]
    assert row.findings == ()
    assert [found.where for found in read.findings] == ["名册.xlsx"]


@pytest.mark.parametrize(("written", "read"), [("abc 1", "abc 1"), (123456, "123456")])
def test_the_password_of_a_row_is_tried_on_each_of_its_files(
    tmp_path: Path, written: object, read: str
) -> None:
    touch(tmp_path / "甲/2-场地租赁合同/合同.pdf", tmp_path / "甲/4-营业执照/执照.pdf")
    row = the_row(tmp_path, {FOLDER_LABEL: "甲", PASSWORD_LABEL: written})
    assert [one["password"] for one in row.document["attachments"]] == [read, read]
    assert row.findings == ()


def test_a_password_that_no_file_can_use_is_told_without_it(tmp_path: Path) -> None:
    row = the_row(tmp_path, {PASSWORD_LABEL: "geheim"})
    found = only(row.findings, "attachment-password-unused")
    assert "第 2 行“附件密码”没有用上" in found.message and "geheim" not in found.message
    assert "password" not in row.document


def test_a_row_without_a_folder_has_no_attachments(tmp_path: Path) -> None:
    touch(tmp_path / "attachments/2-场地租赁合同/别人的.pdf")
    assert the_row(tmp_path, {FOLDER_LABEL: None}).document["attachments"] == []


@pytest.mark.parametrize("written", ["材料/甲", "材料\\甲\\", "./材料/甲", " 材料/甲/ "])
def test_a_folder_may_be_written_as_any_system_does(tmp_path: Path, written: str) -> None:
    touch(tmp_path / "材料/甲/4-执照/执照.pdf")
    row = the_row(tmp_path, {FOLDER_LABEL: written})
    assert files(row) == ["材料/甲/4-执照/执照.pdf"]


def test_a_folder_with_a_number_for_a_name_is_found(tmp_path: Path) -> None:
    touch(tmp_path / "12/4-执照/执照.pdf")
    assert files(the_row(tmp_path, {FOLDER_LABEL: 12})) == ["12/4-执照/执照.pdf"]


def test_a_name_that_another_system_decomposed_is_found(tmp_path: Path) -> None:
    touch(tmp_path / "Cafe\u0301/4-执照/执照.pdf")
    assert len(files(the_row(tmp_path, {FOLDER_LABEL: "Café"}))) == 1


def test_a_missing_folder_is_answered_with_the_nearest(tmp_path: Path) -> None:
    touch(tmp_path / "材料/甲科技公司/4-执照/执照.pdf")
    row = the_row(tmp_path, {FOLDER_LABEL: "材料/甲科枝公司"})
    found = only(row.findings, "attachment-folder-missing")
    assert "“甲科技公司”" in found.remedy
    assert found.label == "第 2 行“附件文件夹”"
    assert exit_code_for(row.findings) == ExitCode.ATTACHMENT


def test_an_archive_in_place_of_a_folder_is_asked_to_be_unpacked(tmp_path: Path) -> None:
    touch(tmp_path / "甲.zip")
    row = the_row(tmp_path, {FOLDER_LABEL: "甲.zip"})
    assert "解压" in only(row.findings, "attachment-folder-missing").remedy


@pytest.mark.parametrize(
    "written", ["../别处", "/etc", "C:\\材料", "甲/../../别处", "\\\\服务器\\共享"]
)
def test_a_folder_outside_the_workbook_s_own_is_refused(tmp_path: Path, written: str) -> None:
    touch(tmp_path / "别处/4-执照/执照.pdf", tmp_path / "册/甲/x.pdf")
    row = the_row(tmp_path / "册", {FOLDER_LABEL: written})
    assert "attachment-folder-outside" in codes(row.findings)
    assert files(row) == []


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    touch(tmp_path / "别处/4-执照/执照.pdf")
    (tmp_path / "册").mkdir()
    (tmp_path / "册/甲").symlink_to(tmp_path / "别处")
    row = the_row(tmp_path / "册", {FOLDER_LABEL: "甲"})
    assert codes(row.findings) == ["attachment-folder-outside"]


@pytest.mark.parametrize("second", ["甲", "甲/", "连到甲", "甲/attachments"])
def test_two_rows_with_the_same_folder_are_both_told(tmp_path: Path, second: str) -> None:
    touch(tmp_path / "甲/attachments/4-执照/执照.pdf")
    (tmp_path / "连到甲").symlink_to(tmp_path / "甲")
    path = with_answers(
        tmp_path / "名册.xlsx", {FOLDER_LABEL: "甲"}, {FOLDER_LABEL: None}, {FOLDER_LABEL: second}
    )
    first, between, last = read_roster(path)
    assert "第 4 行" in only(first.findings, "attachment-folder-shared").message
    assert "第 2 行" in only(last.findings, "attachment-folder-shared").message
    assert between.findings == ()


@pytest.mark.parametrize(("inner", "is_told"), [("2-乙公司", True), ("乙公司", False)])
def test_a_row_that_would_take_files_of_anothers_folder_is_told_with_the_other(
    tmp_path: Path, inner: str, is_told: bool
) -> None:
    """The number before a company's name is taken for that of a material."""
    touch(tmp_path / "材料/4-营业执照/执照.pdf", tmp_path / f"材料/{inner}/2-场地租赁合同/合同.pdf")
    rows = {FOLDER_LABEL: "材料"}, {FOLDER_LABEL: f"材料/{inner}"}
    for row in read_roster(with_answers(tmp_path / "名册.xlsx", *rows)):
        assert ("attachment-folder-shared" in codes(row.findings)) is is_told


def test_a_folder_without_materials_is_told_how_to_sort_them(tmp_path: Path) -> None:
    touch(tmp_path / "甲/执照.pdf")
    row = the_row(tmp_path, {FOLDER_LABEL: "甲"})
    assert codes(row.findings) == ["attachment-folder-empty", "attachment-unlisted"]
    for found in row.findings:
        assert found.severity == "warning"
        assert is_chinese_sentence(found.message)
        assert is_chinese_sentence(found.remedy)


def test_the_reading_of_a_roster_named_from_its_own_folder_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "甲/4-执照/执照.pdf")
    row = the_row(tmp_path, {FOLDER_LABEL: "甲"})
    monkeypatch.chdir(tmp_path)
    assert read_roster(Path("名册.xlsx")) == (row,)


def test_numbers_are_read_as_people_write_them_in_the_folder_and_in_attachments(
    tmp_path: Path,
) -> None:
    touch(
        tmp_path / "甲/（4）营业执照/执照.pdf",
        tmp_path / "甲/2-合同.pdf",
        tmp_path / "甲/attachments/五、财务材料/报表.pdf",
        tmp_path / "甲/3号楼租赁合同/合同.pdf",
        tmp_path / "甲/散放.pdf",
        tmp_path / "甲/application.json",
        tmp_path / "甲/附4-1_申报书.pdf",
    )
    row = the_row(tmp_path, {FOLDER_LABEL: "甲"})
    assert row.document["attachments"] == [
        {"material": "lease", "file": "甲/2-合同.pdf"},
        {"material": "licence", "file": "甲/（4）营业执照/执照.pdf"},
        {"material": "financials", "file": "甲/attachments/五、财务材料/报表.pdf"},
    ]
    assert [found.where for found in row.findings] == ["甲/3号楼租赁合同/合同.pdf", "甲/散放.pdf"]
    assert set(codes(row.findings)) == {"attachment-unlisted"}


def test_what_is_not_as_it_should_be_is_told_with_the_row(tmp_path: Path) -> None:
    folder = tmp_path / "甲/4-营业执照"
    touch(folder / ".执照.pdf.icloud", folder / "执照.pdf.crdownload", folder / ".副本.pdf")
    row = the_row(tmp_path, {FOLDER_LABEL: "甲"})
    assert files(row) == []
    assert codes(row.findings) == [
        "attachment-folder-empty",
        "attachment-hidden",
        "attachment-not-downloaded",
        "attachment-unfinished",
    ]
    for found in row.findings:
        assert found.message.startswith("第 2 行“附件文件夹”：")
        assert found.label == "第 2 行“附件文件夹”"
    assert exit_code_for(row.findings) == ExitCode.ATTACHMENT
