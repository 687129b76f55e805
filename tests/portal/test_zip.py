"""在线申报.zip as it comes out, read with libraries that did not write it."""

import errno
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
import pytest

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.progress import quiet
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.programme import Portal
from sjs_forms.intake.attachment_opening import Opening, cache_of_run
from sjs_forms.jobs import pipeline
from sjs_forms.jobs.options import Options
from sjs_forms.portal import LIST, PORTAL, Submission, write_portal
from sjs_forms.portal.zip_file_names import files_by_material
from sjs_forms.volume.verify import verify_folder
from tests.portal_files import letter, scanned_pdf
from tests.samples import (
    MINIMAL,
    REFUSED,
    SAMPLE,
    codes,
    minimal_answers,
    write_application,
    write_pdf,
)

UTF8, DESCRIPTOR = 0x800, 0x8


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built."""
    out = tmp_path_factory.mktemp("portal") / "成册"
    pipeline.build(SAMPLE, out)
    return out


@pytest.fixture
def archive(built: Path) -> Iterator[zipfile.ZipFile]:
    """Its zip."""
    with zipfile.ZipFile(built / PORTAL) as opened:
        yield opened


def _pdf(archive: zipfile.ZipFile, name: str) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(archive.read(name))


def _rows(archive: zipfile.ZipFile) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(archive.read(LIST)))
    return [tuple(cell.value for cell in row) for row in book["清单"].iter_rows()]


def test_every_original_is_in_it_byte_for_byte(archive: zipfile.ZipFile) -> None:
    inside = {
        sha256(archive.read(name)).hexdigest() for name in archive.namelist() if "（原件）/" in name
    }
    offered = {
        sha256(item.path.read_bytes()).hexdigest()
        for item in read_folder(SAMPLE).offered
        if item.path
    }
    assert inside == offered


def test_a_merged_file_has_the_pages_asked_for_at_their_own_size(
    archive: zipfile.ZipFile, built: Path
) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    for name in archive.namelist():
        if not name.endswith(".pdf") or "/" in name or name[0] in "17":
            continue
        number = int(name[0])
        material = load_programme().materials[number - 1].id
        parts = {part["id"] for part in manifest["parts"] if part["material"] == material}
        sides = [side for side in manifest["sides"] if side["part"] in parts]
        document = _pdf(archive, name)
        assert len(document) == sum(side["kind"] == "attachment" for side in sides)
        document.close()


def test_landscape_and_small_pages_keep_size_and_turn(archive: zipfile.ZipFile) -> None:
    document = _pdf(archive, "2_场地租赁合同.pdf")
    sizes = [tuple(round(value) for value in page.get_size()) for page in document]
    document.close()
    assert any(wide > high for wide, high in sizes)
    assert len(set(sizes)) > 1


def test_nothing_is_printed_on_a_merged_file_and_nothing_active_survives(
    archive: zipfile.ZipFile,
) -> None:
    for name in archive.namelist():
        if not name.endswith(".pdf") or "/" in name:
            continue
        with pikepdf.open(io.BytesIO(archive.read(name))) as pdf:
            keys = {
                key
                for thing in pdf.objects
                if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)
                for key in thing.keys()  # noqa: SIM118 - not a dict
            }
            assert not keys & {"/JS", "/AA", "/OpenAction", "/AcroForm", "/EmbeddedFiles", "/XFA"}
            assert "/CreationDate" not in pdf.docinfo
            assert str(pdf.docinfo["/Title"]).strip()


def test_each_document_has_a_bookmark_and_its_own_below_it(archive: zipfile.ZipFile) -> None:
    document = _pdf(archive, "5_财务材料.pdf")
    marks = [(m.level, m.get_title(), m.get_dest().get_index()) for m in document.get_toc()]
    document.close()
    heads = [(title, page) for level, title, page in marks if level == 0]
    assert heads[0] == ("2024年度审计报告", 0)
    assert len(heads) == 4
    assert sum(level >= 1 for level, _, _ in marks) >= 5


def test_links_lead_to_pages_of_the_same_document(archive: zipfile.ZipFile) -> None:
    with pikepdf.open(io.BytesIO(archive.read("5_财务材料.pdf"))) as pdf:
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        aimed = [
            numbers[annotation.Dest[0].objgen]
            for page in pdf.pages
            for annotation in page.obj.get("/Annots", [])
            if "/Dest" in annotation
        ]
    assert len(aimed) >= 5
    assert set(aimed) <= set(range(10))


def test_names_are_flagged_as_utf8_and_nothing_hangs_on_place_or_time(
    archive: zipfile.ZipFile,
) -> None:
    for member in archive.infolist():
        assert member.flag_bits & UTF8
        assert not member.flag_bits & DESCRIPTOR
        assert member.compress_type == zipfile.ZIP_STORED
        assert member.date_time == (1980, 1, 1, 0, 0, 0)
        assert (member.create_system, member.external_attr) == (3, 0o644 << 16)
        assert not member.extra
    assert archive.testzip() is None


def test_the_list_names_every_file_with_its_pages_and_size(archive: zipfile.ZipFile) -> None:
    head, *rows = _rows(archive)[2:]
    assert head == ("序号", "材料", "文件", "页数", "大小", "说明")
    listed = {row[2]: row for row in rows}
    for member in archive.infolist():
        if member.filename != LIST:
            assert listed[member.filename][4] == member.file_size
    assert listed["5_财务材料.pdf"][3] == 13
    total = rows[-1]
    inside = [member.file_size for member in archive.infolist() if member.filename != LIST]
    assert total[4] == sum(inside)
    assert total[2] == f"共 {len(inside)} 个文件"


def test_what_is_missing_stands_in_red(archive: zipfile.ZipFile) -> None:
    book = openpyxl.load_workbook(io.BytesIO(archive.read(LIST)))
    red = [row[2] for row in book["清单"].iter_rows() if row[2].font.color.rgb == "00C00000"]
    assert [cell.value for cell in red] == ["缺：盖章扫描件", "缺：盖章扫描件"]


def test_the_zip_is_in_the_manifest_and_the_folder_verifies(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    (entry,) = [entry for entry in manifest["files"] if entry["file"] == PORTAL]
    assert entry["sha256"] == sha256((built / PORTAL).read_bytes()).hexdigest()
    assert verify_folder(built) == ()


def test_a_draft_has_a_zip_too_whose_list_says_draft_and_what_is_missing(tmp_path: Path) -> None:
    pipeline.build(REFUSED / "material-missing", tmp_path / "out", Options(draft=True))
    with zipfile.ZipFile(tmp_path / "out" / PORTAL) as archive:
        rows = _rows(archive)
        assert "草稿" in rows[0][0]
        assert any(row[0] == 2 and row[2] == "缺" for row in rows)
        assert not any(name.startswith("2_") for name in archive.namelist())


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """An application of scans at 300 dpi, its forms stamped."""
    folder = write_application(tmp_path / "单位", minimal_answers())
    for number, name, mode in (
        (1, "1-申报书/申报书盖章.pdf", "RGB"),
        (2, "2-场地租赁合同/合同.pdf", "L"),
        (3, "2-场地租赁合同/附件/合同.pdf", "1"),
        (4, "3-证明材料/=1+1 认定.pdf", "L"),
        (5, "4-营业执照/营业执照.pdf", "RGB"),
        (6, "5-财务材料/审计报告.pdf", "L"),
        (7, "6-开户信息/开户.pdf", "L"),
        (8, "7-承诺书/承诺书盖章.pdf", "L"),
    ):
        picture = letter(mode, 300).rotate(number)
        scanned_pdf(folder / "attachments" / name, [picture], 300)
    return folder


def _packed(folder: Path, out: Path, max_file_mb: float = 50.0) -> tuple[Finding, ...]:
    """The zip alone of an application's own attachments, in `out`; its findings."""
    read = read_folder(folder)
    assert read.programme is not None and read.application is not None
    rules = Portal(max_file_mb=max_file_mb, dpi=200, jpeg_quality=80)
    programme = read.programme.model_copy(update={"portal": rules})
    out.mkdir()
    for form in programme.forms:
        write_pdf(out / f"{form.stem}.pdf", 2)
        (out / f"{form.stem}.docx").write_bytes(b"PK")
    with (
        cache_of_run(cache=True) as facts_cache,
        Opening(programme, read.offered, facts_cache) as opening,
    ):
        sources, unusable = opening.sources(quiet)
        assert unusable == ()
        return write_portal(Submission(programme, read.application, sources, (), False), out)


def _limited(monkeypatch: pytest.MonkeyPatch, max_file_mb: float) -> None:
    rules = Portal(max_file_mb=max_file_mb, dpi=200, jpeg_quality=80)
    programme = load_programme().model_copy(update={"portal": rules})
    monkeypatch.setattr(
        "sjs_forms.domain.folder.application_folder.load_programme", lambda _: programme
    )


def test_above_the_limit_scans_are_brought_down_and_a_finding_says_so(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _packed(scanned, tmp_path / "plain") == ()
    _limited(monkeypatch, 0.09)
    made = pipeline.build(scanned, tmp_path / "tight")
    assert "portal-reduced" in codes(made.findings)
    assert "portal-too-large" not in codes(made.findings)
    manifest = json.loads((tmp_path / "tight" / "manifest.json").read_text(encoding="utf-8"))
    assert "portal-reduced" in {found["code"] for found in manifest["findings"]}
    with (
        zipfile.ZipFile(tmp_path / "plain" / PORTAL) as before,
        zipfile.ZipFile(tmp_path / "tight" / PORTAL) as after,
    ):
        assert before.namelist() == after.namelist()
        originals = [name for name in before.namelist() if "（原件）" in name]
        assert len(originals) == 8
        assert all(before.read(name) == after.read(name) for name in originals)
        name = "4_营业执照.pdf"
        assert after.getinfo(name).file_size < 90_000 < before.getinfo(name).file_size
        row = next(row for row in _rows(after) if row[2] == name)
        assert "已降到 200 dpi" in row[5]
    assert verify_folder(tmp_path / "tight") == ()


def test_what_stays_above_the_limit_is_a_finding_of_its_own(scanned: Path, tmp_path: Path) -> None:
    found = _packed(scanned, tmp_path / "out", 0.001)
    assert codes(found).count("portal-too-large") == 7
    with zipfile.ZipFile(tmp_path / "out" / PORTAL) as archive:
        notes = {row[2]: row[5] for row in _rows(archive)}
    assert all(
        "超过 0.001 MB 上限" in note for name, note in notes.items() if "（原件）" in str(name)
    )


def test_the_same_scans_come_down_to_the_same_bytes(scanned: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert "portal-reduced" in codes(_packed(scanned, tmp_path / name, 0.05))
    assert (tmp_path / "one" / PORTAL).read_bytes() == (tmp_path / "two" / PORTAL).read_bytes()


def test_two_files_of_one_name_are_both_there_and_a_formula_is_only_a_name(
    scanned: Path, tmp_path: Path
) -> None:
    _packed(scanned, tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / PORTAL) as archive:
        names = set(archive.namelist())
        assert "2_场地租赁合同（原件）/合同.pdf" in names
        assert "2_场地租赁合同（原件）/合同（2）.pdf" in names
        assert "1_申报书（盖章扫描）.pdf" in names
        assert not any("未盖章" in name for name in names)
        book = openpyxl.load_workbook(io.BytesIO(archive.read(LIST)))
        assert all(cell.data_type != "f" for row in book["清单"].iter_rows() for cell in row)
        assert _rows(archive)[-1][5] == "齐全"


def test_pages_and_turns_are_as_the_applicant_asked(tmp_path: Path) -> None:
    folder = _licensed(tmp_path, {"pages": "5,2-3", "rotate": 90}, {"pages": "1"})
    _packed(folder, tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / PORTAL) as archive:
        document = _pdf(archive, "4_营业执照.pdf")
        pages = [tuple(round(value) for value in page.get_size()) for page in document]
        document.close()
        originals = [name for name in archive.namelist() if name.startswith("4_营业执照（原件）")]
    assert pages == [(105, 200), (102, 200), (103, 200), (200, 101)]
    assert len(originals) == 1


def test_a_link_to_a_page_that_is_not_wanted_goes_and_the_others_stay(tmp_path: Path) -> None:
    folder = _licensed(tmp_path, {"pages": "5,2-3"})
    _packed(folder, tmp_path / "out")
    with (
        zipfile.ZipFile(tmp_path / "out" / PORTAL) as archive,
        pikepdf.open(io.BytesIO(archive.read("4_营业执照.pdf"))) as pdf,
    ):
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        aims = [
            [
                numbers[link.Dest[0].objgen] if "/Dest" in link else str(link.A.URI)
                for link in page.obj.get("/Annots", [])
            ]
            for page in pdf.pages
        ]
    assert aims == [[], [2, "https://example.cn/"], []]


def _licensed(tmp_path: Path, *uses: dict[str, Any]) -> Path:
    """The minimal application; its licence has five pages, 200 wide and 101 to 105 high.

    Page 2 links to page 3, to page 4 and to the web.
    """
    folder = tmp_path / "单位"
    shutil.copytree(MINIMAL, folder)
    path = folder / "attachments/4-营业执照/营业执照.pdf"
    with pikepdf.new() as pdf:
        for number in range(1, 6):
            pdf.add_blank_page(page_size=(200, 100 + number))
        pdf.pages[1].obj.Annots = pikepdf.Array(
            [
                _link(Dest=pikepdf.Array([pdf.pages[2].obj, pikepdf.Name.Fit])),
                _link(Dest=pikepdf.Array([pdf.pages[3].obj, pikepdf.Name.Fit])),
                _link(A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.cn/")),
            ]
        )
        pdf.save(path)
    answers = minimal_answers()
    answers["attachments"] = [
        {"material": item.material.id, "file": item.file}
        for item in read_folder(MINIMAL).offered
        if item.material.id != "licence"
    ] + [
        {"material": "licence", "file": "attachments/4-营业执照/营业执照.pdf", **use}
        for use in uses
    ]
    return write_application(folder, answers)


def _link(**entries: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=pikepdf.Array([10, 10, 60, 30]),
        **entries,
    )


def test_an_attachment_that_goes_away_meanwhile_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "单位"
    shutil.copytree(MINIMAL, folder)

    def gone(*asked: Any) -> Any:
        (folder / "attachments/4-营业执照/营业执照.pdf").unlink()
        return files_by_material(*asked)

    monkeypatch.setattr("sjs_forms.portal.zip_writing.files_by_material", gone)
    with pytest.raises(Refused) as refused:
        _packed(folder, tmp_path / "out")
    assert codes(refused.value.findings) == ["attachment-unreadable"]


def test_a_full_disk_is_an_error_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is full in the midst of what qpdf writes."""

    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("zipfile._ZipWriteFile.write", full)
    monkeypatch.setattr("shutil.copyfileobj", lambda *_: None)
    with pytest.raises(OSError, match="No space"):
        _packed(MINIMAL, tmp_path / "out")
