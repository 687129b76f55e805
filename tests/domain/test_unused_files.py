"""Everything in an application's folder is used, or named with what to do."""

import json
import os
from pathlib import Path

import pytest

from sjs_forms.base.errors import ExitCode, exit_code_for
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.manifest import MANIFEST
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_folder
from sjs_forms.domain.folder.files_outside_attachments import OUTPUT_FILES
from sjs_forms.domain.folder.folder_entries import MANIFEST_FILE
from sjs_forms.jobs.pipeline import build, check
from sjs_forms.portal.zip_file_names import LIST, PORTAL
from sjs_forms.printing.colour_runs import MERGING_LIST
from sjs_forms.printing.reprint import REPRINT_LIST, REPRINT_PDF
from sjs_forms.printing.wrap_and_job_sheet import JOB_SHEET, WRAP
from sjs_forms.volume.built_folder import VOLUME
from tests.samples import (
    Answers,
    codes,
    errors,
    is_chinese_sentence,
    minimal_answers,
    only,
    put,
    the_programme,
    write_application,
    write_pdf,
)

LEASE = "attachments/2-场地租赁合同"
OWNER_FILE = b"\x04user" + bytes(157)


def write(path: Path, data: bytes = b"") -> Path:
    """A file of these bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def bare(folder: Path, answers: Answers | None = None) -> Path:
    """An application without attachments."""
    return write_application(folder, answers or minimal_answers())


def listing(*files: str) -> Answers:
    """Answers that list these files."""
    entries = [{"material": "lease", "file": file} for file in files]
    return put(minimal_answers(), "attachments", entries)


def materials(read: ApplicationFolder) -> dict[str, str]:
    """The material of each offered file."""
    return {item.file: item.material.id for item in read.offered}


def told(read: ApplicationFolder, where: str) -> Finding:
    """The one finding about a file, in Chinese and with its name."""
    (found,) = [finding for finding in read.findings if finding.where == where]
    assert is_chinese_sentence(found.message)
    assert is_chinese_sentence(found.remedy)
    assert where in found.message or found.code == "attachment-open"
    return found


# What is there and not as it should be


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        (".补充协议.pdf.icloud", b"bplist00", "attachment-not-downloaded"),
        ("补充协议.pdf.baiduyun.p.downloading", b"%PDF-1.4", "attachment-unfinished"),
        ("补充协议.pdf.crdownload", b"", "attachment-unfinished"),
    ],
)
def test_a_paper_that_has_not_arrived_blocks_and_a_draft_carries_it(
    minimal: Path, name: str, data: bytes, code: str
) -> None:
    shown = f"attachments/3-证明材料/{name}"
    write(minimal / shown, data)
    read = read_folder(minimal)
    found = told(read, shown)
    assert (found.code, found.severity) == (code, "error")
    assert "补充协议.pdf" in found.remedy
    assert exit_code_for(read.findings) == ExitCode.ATTACHMENT
    (item,) = [item for item in read.offered if item.file == shown]
    assert (item.path, item.title) == (None, "补充协议")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        (".合作协议.pdf", b"%PDF-1.4", "attachment-hidden"),
        ("~WRL0003.tmp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "attachment-temporary"),
        ("~$合同.docx", b"PK\x03\x04" + bytes(3000), "attachment-temporary"),
        (".合作协议/合同.pdf", b"%PDF-1.4", "attachment-hidden"),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_what_may_be_a_paper_is_named_and_not_bound(
    tmp_path: Path, name: str, data: bytes, code: str, listed: bool
) -> None:
    bare(tmp_path, listing() if listed else None)
    write(tmp_path / LEASE / name, data)
    read = read_folder(tmp_path)
    found = told(read, f"{LEASE}/{name.partition('/')[0]}")
    assert (found.code, found.severity) == (code, "warning")
    assert read.offered == ()


def test_a_document_that_is_open_is_told_of_where_it_is_used(tmp_path: Path) -> None:
    bare(tmp_path)
    write(tmp_path / LEASE / "租赁合同书.docx", b"PK\x03\x04")
    write(tmp_path / LEASE / "~$赁合同书.docx", OWNER_FILE)
    read = read_folder(tmp_path)
    found = only(read.findings, "attachment-open")
    assert "“租赁合同书.docx”" in found.message
    write_application(tmp_path, listing(f"{LEASE}/租赁合同书.docx"))
    assert codes(read_folder(tmp_path).findings) == ["attachment-open"]
    write_application(tmp_path, listing())
    assert codes(read_folder(tmp_path).findings) == ["attachment-unlisted"]


def test_a_bundle_of_a_mac_is_one_document_and_its_preview_is_not_bound(minimal: Path) -> None:
    write(minimal / LEASE / "合同.pages/Index.zip", b"PK\x03\x04")
    write(minimal / LEASE / "合同.pages/preview.jpg", b"\xff\xd8\xff")
    read = read_folder(minimal)
    found = told(read, f"{LEASE}/合同.pages")
    assert (found.code, found.severity) == ("attachment-type", "error")
    assert "导出为 → PDF" in found.remedy
    assert not any("preview" in item.file for item in read.offered)


def test_folders_of_systems_are_passed_over_with_all_that_is_in_them(minimal: Path) -> None:
    before = read_folder(minimal)
    for folder in ("@eaDir/合同.pdf", "#recycle", "__MACOSX", "$RECYCLE.BIN", ".@__thumb"):
        for place in ("", "attachments", LEASE):
            write(minimal / place / folder / "SYNOPHOTO_THUMB_M.jpg", b"\xff\xd8\xff")
    assert read_folder(minimal) == before


def test_a_listed_file_that_is_still_in_the_cloud_is_answered_so(tmp_path: Path) -> None:
    bare(tmp_path, listing(f"{LEASE}/协议.pdf"))
    write(tmp_path / LEASE / ".协议.pdf.icloud", b"bplist00")
    missing = only(read_folder(tmp_path).findings, "attachment-missing")
    assert "下载" in missing.remedy
    assert "“.协议.pdf.icloud”" in missing.remedy


def test_a_hidden_file_that_is_listed_is_used(tmp_path: Path) -> None:
    bare(tmp_path, listing(f"{LEASE}/.合同.pdf"))
    write(tmp_path / LEASE / ".合同.pdf", b"%PDF-1.4")
    read = read_folder(tmp_path)
    assert len(read.offered) == 1
    assert read.findings == ()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_opened_is_named(minimal: Path) -> None:
    (minimal / LEASE / "发票").mkdir(mode=0)
    found = told(read_folder(minimal), f"{LEASE}/发票")
    assert (found.code, found.severity) == ("attachment-folder-unreadable", "error")


def test_folders_deep_in_each_other_are_walked(tmp_path: Path) -> None:
    bare(tmp_path)
    deep = tmp_path / LEASE / Path(*["a"] * 300)
    write(deep / "合同.pdf", b"%PDF-1.4")
    assert len(read_folder(tmp_path).offered) == 1


# Which material


@pytest.mark.parametrize(
    ("folder", "material"),
    [
        ("（4）营业执照", "licence"),
        ("五、财务材料", "financials"),
        ("材料3", "evidence"),
        ("第三项 证明", "evidence"),
        ("3 证明材料", "evidence"),
        ("3证明材料", "evidence"),
        ("２．租赁合同", "lease"),
        ("⑥开户", "bank-account"),
        ("2", "lease"),
        ("附件4-营业执照", "licence"),
    ],
)
def test_a_folder_s_number_is_understood(tmp_path: Path, folder: str, material: str) -> None:
    bare(tmp_path)
    write(tmp_path / "attachments" / folder / "文件一.pdf")
    assert list(materials(read_folder(tmp_path)).values()) == [material]


@pytest.mark.parametrize(
    "folder",
    [
        *("3号楼租赁合同", "3 号楼租赁合同", "2024年审计报告", "10张照片", "附件3", "2、3-材料"),
        *("附4-1_申报书", "8-其他", "财务材料", "3.15 活动", "1-7"),
    ],
)
def test_a_folder_of_no_sure_number_is_named_with_its_files(tmp_path: Path, folder: str) -> None:
    bare(tmp_path)
    write(tmp_path / "attachments" / folder / "文件一.pdf")
    read = read_folder(tmp_path)
    assert read.offered == ()
    found = told(read, f"attachments/{folder}/文件一.pdf")
    assert (found.code, found.severity) == ("attachment-unlisted", "warning")
    assert f"“{folder}”" in found.message


def test_the_words_of_a_name_say_which_material_is_meant(tmp_path: Path) -> None:
    bare(tmp_path)
    write(tmp_path / "attachments/财务材料/文件一.pdf")
    assert "“5-财务材料”" in told(read_folder(tmp_path), "attachments/财务材料/文件一.pdf").remedy


@pytest.mark.parametrize(
    ("file", "material"),
    [
        ("2-合同.pdf", "lease"),
        ("2、发票.pdf", "lease"),
        ("（4）营业执照.jpg", "licence"),
        ("五、审计报告.pdf", "financials"),
        ("3-专利证书.pdf", "evidence"),
        ("5-2024年度审计报告.pdf", "financials"),
        ("材料6：开户许可证.pdf", "bank-account"),
    ],
)
def test_a_file_beside_the_folders_belongs_to_the_material_of_its_number(
    tmp_path: Path, file: str, material: str
) -> None:
    bare(tmp_path)
    write(tmp_path / "attachments" / file)
    read = read_folder(tmp_path)
    assert materials(read) == {f"attachments/{file}": material}
    assert not read.offered[0].title[0].isdigit() or file.startswith("5-2024")
    assert read.findings == ()


@pytest.mark.parametrize(
    "file",
    ["3号楼租赁合同.pdf", "2024年审计报告.pdf", "2.pdf", "合同.pdf", "1-合同.pdf", "10张照片.jpg"],
)
def test_a_file_whose_number_is_no_material_s_is_asked_about(tmp_path: Path, file: str) -> None:
    bare(tmp_path)
    write(tmp_path / "attachments" / file)
    read = read_folder(tmp_path)
    assert read.offered == ()
    assert told(read, f"attachments/{file}").code == "attachment-unlisted"


def test_files_beside_a_folder_and_in_it_are_in_natural_order(tmp_path: Path) -> None:
    bare(tmp_path)
    for name in ("2-发票10.pdf", "2-发票2.pdf", "2-场地租赁合同/合同.pdf"):
        write(tmp_path / "attachments" / name)
    assert [item.title for item in read_folder(tmp_path).offered] == ["发票2", "发票10", "合同"]


def test_a_folder_whose_words_speak_of_another_material_is_taken_and_doubted(
    tmp_path: Path,
) -> None:
    bare(tmp_path)
    write(tmp_path / "attachments/5-开户许可证/许可证.pdf")
    (tmp_path / "attachments/3-营业执照").mkdir()
    read = read_folder(tmp_path)
    assert list(materials(read).values()) == ["financials"]
    assert codes(read.findings) == ["material-doubtful"]
    assert "“6-开户信息”" in told(read, "attachments/5-开户许可证").remedy


# Beside application.json


@pytest.mark.parametrize("listed", [False, True])
def test_a_paper_beside_the_answers_is_named(minimal: Path, listed: bool) -> None:
    if listed:
        write_application(minimal, listing(f"{LEASE}/租赁合同.pdf"))
    before = len(read_folder(minimal).findings)
    names = ("合同.pdf", "扫描.jpg", "财务.xlsx", "合同.doc", ".合同.pdf", "合同.pdf.icloud")
    for name in names:
        write(minimal / name, b"x")
    read = read_folder(minimal)
    assert {told(read, name).severity for name in names} == {"warning"}
    assert len(read.findings) == before + len(names)


def test_a_paper_beside_the_answers_that_is_listed_is_used(minimal: Path) -> None:
    write(minimal / "合同.pdf", b"%PDF-1.4")
    read = read_folder(write_application(minimal, listing("合同.pdf")))
    assert not any(found.where == "合同.pdf" for found in read.findings)


def test_a_folder_beside_attachments_is_named_once_with_its_first_files(minimal: Path) -> None:
    for number in range(5):
        write(minimal / f"财务/{number}.pdf")
    found = told(read_folder(minimal), "财务")
    assert "“0.pdf”、“1.pdf”、“2.pdf” 等" in found.message
    (minimal / "attachments").rename(minimal / "附件")
    assert "改名为 attachments" in told(read_folder(minimal), "附件").remedy


def test_what_we_write_and_notes_are_no_papers(minimal: Path) -> None:
    before = read_folder(minimal)
    forms = [
        f"{form.stem}{suffix}" for form in the_programme().forms for suffix in (".pdf", ".doc")
    ]
    for name in (
        *OUTPUT_FILES,
        *forms,
        "application.json.bak",
        "填写说明.md",
        "填写说明.docx",
        "成册-样张.pdf",
    ):
        write(minimal / name, b"x")
        write(minimal / "表格" / name, b"x")
    write(minimal / "已换下的扫描件/申报书.pdf", b"x")
    write(minimal / ".sjs-forms-ab12cd34/装订版.pdf", b"x")
    (minimal / "空").mkdir()
    assert read_folder(minimal) == before


def test_the_names_of_what_we_write_are_known() -> None:
    names = {VOLUME, WRAP, JOB_SHEET, PORTAL, LIST, MERGING_LIST, REPRINT_LIST, REPRINT_PDF}
    assert names < OUTPUT_FILES
    assert MANIFEST_FILE == MANIFEST


@pytest.mark.above_intake
def test_a_folder_that_was_built_into_the_application_is_not_looked_into(minimal: Path) -> None:
    before = check(minimal)
    build(minimal, minimal / "成册")
    build(minimal, minimal / "attachments" / "成册")
    assert check(minimal) == before
    write_pdf(minimal / "成册" / "合同.pdf")  # what lies in there is not ours to judge
    assert check(minimal) == before


def test_a_word_file_that_is_no_form_is_named_and_a_form_is_not(minimal: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("房屋租赁合同")
    document.save(str(minimal / "合同.docx"))
    before = {found.where for found in read_folder(minimal).findings}
    assert "合同.docx" not in before
    (found,) = [found for found in check(minimal) if found.where == "合同.docx"]
    assert (found.code, found.severity) == ("attachment-unlisted", "warning")


def test_very_many_files_beside_the_answers_are_counted(minimal: Path) -> None:
    for number in range(60):
        write(minimal / f"{number}.pdf")
    findings = read_folder(minimal).findings
    assert len(findings) == 51
    assert "另外 10 个" in findings[-1].message
    assert errors(findings) == []


def test_a_name_that_is_no_utf8_goes_into_the_manifest_as_an_escape(minimal: Path) -> None:
    """Archives made on a Chinese Windows leave such names behind when unpacked elsewhere."""
    try:
        Path(os.fsdecode(os.fsencode(minimal) + b"/\xba\xcf\xcd\xac.pdf")).write_bytes(b"x")
    except OSError:
        pytest.skip("this disk has no such names")
    build(minimal, minimal / "成册")
    text = (minimal / "成册" / MANIFEST).read_text(encoding="utf-8")
    wheres = [found["where"] for found in json.loads(text)["findings"]]
    assert os.fsdecode(b"\xba\xcf\xcd\xac.pdf") in wheres


def test_links_that_lead_nowhere_or_to_themselves_are_named(minimal: Path) -> None:
    for place in (minimal, minimal / "attachments"):
        (place / "环").symlink_to("环")
        (place / "断").symlink_to("nowhere")
    wheres = [found.where for found in read_folder(minimal).findings]
    assert sorted(wheres) == ["attachments/断", "attachments/环", "断", "环"]
