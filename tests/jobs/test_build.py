"""The finished folder: built twice, read back with libraries that did not write it."""

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from sjs_forms.base.errors import OutputUnwritable
from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.resources import sample_folder
from sjs_forms.jobs.pipeline import Options, build, fill
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.volume.plan_views import AWAITED
from sjs_forms.volume.verify import verify_folder

A4 = (595.2756, 841.8898)
CONTRACT_FILES = {
    "附4-1_申报书.docx",
    "附4-1_申报书.pdf",
    "附4-2_承诺书.docx",
    "附4-2_承诺书.pdf",
    "装订版.pdf",
    "封面书脊.pdf",
    "印制单.pdf",
    "在线申报.zip",
    "manifest.json",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built."""
    out = tmp_path_factory.mktemp("built") / "成册"
    build(sample_folder(), out)
    return out


@pytest.fixture(scope="module")
def manifest(built: Path) -> dict[str, Any]:
    """Its manifest."""
    loaded: dict[str, Any] = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def volume(built: Path) -> Iterator[pypdfium2.PdfDocument]:
    """装订版.pdf, as PDFium reads it."""
    document = pypdfium2.PdfDocument(built / VOLUME)
    yield document
    document.close()


@pytest.fixture
def structure(built: Path) -> Iterator[pikepdf.Pdf]:
    """装订版.pdf, as qpdf reads it."""
    with pikepdf.open(built / VOLUME) as pdf:
        yield pdf


def _text(document: pypdfium2.PdfDocument, side: int) -> str:
    page = document[side - 1]
    text = page.get_textpage()
    found: str = text.get_text_bounded()
    text.close()
    page.close()
    return found


def test_a_build_writes_the_files_of_the_contract(built: Path, manifest: dict[str, Any]) -> None:
    assert {path.name for path in built.iterdir()} == CONTRACT_FILES
    assert {entry["file"] for entry in manifest["files"]} == CONTRACT_FILES - {"manifest.json"}


def test_the_same_input_gives_the_same_bytes_twice(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    build(sample_folder(), again)
    for path in built.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_the_cache_changes_no_byte(built: Path, tmp_path: Path) -> None:
    build(sample_folder(), tmp_path / "fresh", Options(cache=False))
    assert (built / VOLUME).read_bytes() == (tmp_path / "fresh" / VOLUME).read_bytes()


def test_small_attachments_read_whole_make_the_same_volume_as_lent_from_disk(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.pdf.large_streams.SMALL", -1)
    build(sample_folder(), tmp_path / "lent")
    assert (tmp_path / "lent" / VOLUME).read_bytes() == (built / VOLUME).read_bytes()


def test_every_page_is_a4_portrait_with_no_rotation_or_crop(structure: pikepdf.Pdf) -> None:
    for page in structure.pages:
        assert [float(v) for v in page.obj.MediaBox] == pytest.approx([0, 0, *A4], abs=0.01)
        assert "/Rotate" not in page.obj
        assert "/CropBox" not in page.obj
        assert "/UserUnit" not in page.obj


def test_sides_of_the_manifest_are_the_pages_of_the_volume(
    volume: pypdfium2.PdfDocument, manifest: dict[str, Any]
) -> None:
    assert len(volume) == len(manifest["sides"])
    assert manifest["print"]["sheets_per_copy"] * 2 == len(volume)
    assert manifest["print"]["copies"] == 6


def test_printed_number_page_label_and_manifest_agree_on_every_side(
    volume: pypdfium2.PdfDocument, manifest: dict[str, Any]
) -> None:
    for side in manifest["sides"]:
        text = _text(volume, side["side"])
        if side["label"] is not None:
            assert f"— {side['label']} —" in text
            assert volume.get_page_label(side["side"] - 1) == side["label"]
        elif side["kind"] == "blank":
            assert text.strip() == ""


def test_numbers_stand_at_the_outer_foot(
    volume: pypdfium2.PdfDocument, manifest: dict[str, Any]
) -> None:
    for side in manifest["sides"]:
        if side["label"] is None:
            continue
        page = volume[side["side"] - 1]
        text = page.get_textpage()
        outer = (450, 0, A4[0], 45) if side["face"] == "recto" else (0, 0, 145, 45)
        left, bottom, right, top = outer
        assert f"— {side['label']} —" in text.get_text_bounded(left, bottom, right, top)


def test_the_contents_page_names_each_part_with_its_number(
    volume: pypdfium2.PdfDocument, manifest: dict[str, Any]
) -> None:
    text = "".join(
        _text(volume, side["side"]) for side in manifest["sides"] if side["kind"] == "contents"
    )
    rest = "".join(text.split())
    for part in manifest["parts"]:
        if part["label"] is not None:
            mark = f"（{AWAITED}）" if part["awaits_stamp"] else ""
            title = "".join(part["title"].split()) + mark + "·"
            rest = rest.split(title, 1)[1].lstrip("·")
            assert rest.startswith(part["label"]), part


def test_links_of_the_contents_page_lead_to_their_parts(
    structure: pikepdf.Pdf, manifest: dict[str, Any]
) -> None:
    numbers = {page.obj.objgen: n for n, page in enumerate(structure.pages, start=1)}
    aimed = [
        numbers[annotation.Dest[0].objgen]
        for side in manifest["sides"]
        if side["kind"] == "contents"
        for annotation in structure.pages[side["side"] - 1].obj.get("/Annots", [])
    ]
    starts = [part["first_side"] for part in manifest["parts"] if part["label"]]
    assert sorted(set(aimed)) == sorted(starts)


def test_bookmarks_are_nested_and_lead_to_their_parts(
    volume: pypdfium2.PdfDocument, manifest: dict[str, Any]
) -> None:
    marks = [
        (mark.level, mark.get_title(), mark.get_dest().get_index() + 1)
        for mark in volume.get_toc(max_depth=15)
    ]
    by_side = {part["first_side"]: part for part in manifest["parts"]}
    shallow = [(level, title, side) for level, title, side in marks if level < 2]
    assert [side for _, _, side in shallow] == list(by_side)
    for level, title, side in shallow:
        part = by_side[side]
        assert title.endswith(part["title"])
        document = part["material"] is not None and part["id"] != part["material"]
        assert level == (1 if document else 0)


def test_a_documents_own_bookmarks_are_kept_below_it(
    volume: pypdfium2.PdfDocument, manifest: dict[str, Any]
) -> None:
    report = next(part for part in manifest["parts"] if part["title"] == "2024年度审计报告")
    inner = [mark.get_dest().get_index() + 1 for mark in volume.get_toc() if mark.level >= 2]
    assert len(inner) >= 5
    assert all(report["first_side"] <= side <= report["last_side"] for side in inner)


def test_links_inside_an_attachment_lead_to_its_own_pages(
    structure: pikepdf.Pdf, manifest: dict[str, Any]
) -> None:
    report = next(part for part in manifest["parts"] if part["title"] == "2024年度审计报告")
    span = range(report["first_side"], report["last_side"] + 1)
    numbers = {page.obj.objgen: n for n, page in enumerate(structure.pages, start=1)}
    aimed = [
        numbers[annotation.Dest[0].objgen]
        for side in span
        for annotation in structure.pages[side - 1].obj.get("/Annots", [])
        if "/Dest" in annotation
    ]
    assert len(aimed) >= 5
    assert set(aimed) <= set(span)


def test_nothing_active_survives(structure: pikepdf.Pdf) -> None:
    forbidden = {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/SubmitForm",
        "/EmbeddedFiles",
        "/AcroForm",
        "/OpenAction",
        "/AA",
        "/XFA",
        "/RichMedia",
    }
    for thing in structure.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            assert not forbidden & set(thing.keys())
            assert str(thing.get("/S", "")) not in forbidden
    for page in structure.pages:
        for annotation in page.obj.get("/Annots", []):
            assert annotation.Subtype == "/Link"


def test_only_bundled_fonts_are_in_our_own_pages(
    structure: pikepdf.Pdf, manifest: dict[str, Any]
) -> None:
    names = set()
    for side in manifest["sides"]:
        if side["kind"] in ("cover", "contents", "divider", "form"):
            fonts = structure.pages[side["side"] - 1].obj.Resources.get("/Font", {})
            names |= {
                str(font.BaseFont).partition("+")[2] or str(font.BaseFont)
                for _, font in fonts.items()
            }
    assert names
    for name in names:
        assert name.startswith(("SJS-", "/NotoSerifSC-Digits")), name


def test_our_own_pages_share_their_fonts(structure: pikepdf.Pdf, manifest: dict[str, Any]) -> None:
    fonts: dict[str, set[tuple[int, int]]] = {}
    for side in manifest["sides"]:
        if side["kind"] in ("cover", "contents", "divider"):
            page = structure.pages[side["side"] - 1]
            for font in dict(page.Resources.get("/Font", {})).values():
                fonts.setdefault(str(font.BaseFont), set()).add(font.objgen)
    assert fonts
    assert all(len(numbers) == 1 for numbers in fonts.values())


def test_a_viewer_is_told_to_print_true_to_size_on_both_sides(structure: pikepdf.Pdf) -> None:
    preferences = structure.Root.ViewerPreferences
    assert preferences.PrintScaling == "/None"
    assert preferences.Duplex == "/DuplexFlipLongEdge"
    assert preferences.NumCopies == 6
    for page in structure.pages:
        assert page.obj.TrimBox == page.obj.MediaBox == page.obj.BleedBox


def test_the_document_information_tells_no_time(structure: pikepdf.Pdf) -> None:
    assert str(structure.docinfo["/Title"]) == "石景山区建设产业服务平台项目申报材料"
    assert "/CreationDate" not in structure.docinfo
    assert "/ModDate" not in structure.docinfo


def test_a_built_folder_verifies(built: Path) -> None:
    assert verify_folder(built) == ()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda folder: (folder / "附4-2_承诺书.pdf").unlink(), "output-missing"),
        (lambda folder: (folder / VOLUME).write_bytes(b"%PDF-1.4"), "output-changed"),
        (lambda folder: (folder / "别的.txt").write_text("x", encoding="utf-8"), "output-foreign"),
    ],
)
def test_a_folder_that_was_tampered_with_does_not_verify(
    built: Path, tmp_path: Path, damage: Any, code: str
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in built.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    damage(folder)
    assert code in {found.code for found in verify_folder(folder)}


def test_a_file_that_cannot_be_read_is_named_and_the_rest_verified(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the disk is no sign that the manifest was changed."""
    folder = Path(shutil.copytree(built, tmp_path / "copy"))
    (folder / "别的.txt").write_text("x", encoding="utf-8")
    unreadable = "附4-2_承诺书.pdf"

    def fails_there(path: Path, *rest: Any) -> str:
        if path.name == unreadable:
            raise OSError(errno.EIO, "Input/output error")
        return digest(path, *rest)

    monkeypatch.setattr("sjs_forms.volume.verify.digest", fails_there)
    found = {each.code: each for each in verify_folder(folder)}
    assert set(found) == {"output-unreadable", "output-foreign"}
    assert found["output-unreadable"].message == f"无法读取“{unreadable}”：磁盘读写出错，没有核对。"
    assert found["output-unreadable"].exit_code is ExitCode.MACHINE


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini"])
def test_what_systems_leave_where_somebody_looked_is_no_fault(
    built: Path, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "copy"))
    (folder / name).write_bytes(b"x")
    assert verify_folder(folder) == ()


def test_a_failed_build_leaves_the_earlier_folder_as_it_was(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "成册"
    build(sample_folder(), out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr("sjs_forms.jobs.binding.volume_files.manifest_of_volume", fails)
    with pytest.raises(OutputUnwritable):
        build(sample_folder(), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["成册"]


def test_fill_writes_the_four_forms_beside_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "别的.txt").write_text("留着", encoding="utf-8")
    fill(sample_folder(), tmp_path)
    forms = {name for name in CONTRACT_FILES if name.startswith("附")}
    assert {path.name for path in tmp_path.iterdir()} == {"别的.txt", *forms}


def test_every_side_of_a_draft_bears_the_mark_and_gaps_have_a_placeholder(tmp_path: Path) -> None:
    made = build(
        Path(__file__).parents[2] / "fixtures" / "refused" / "material-missing",
        tmp_path / "out",
        Options(draft=True),
    )
    volume = pypdfium2.PdfDocument(tmp_path / "out" / VOLUME)
    try:
        texts = [_text(volume, side.side) for side in made.plan.sides]
    finally:
        volume.close()
    assert all({"草", "稿"} <= set(text) for text in texts)
    placeholders = [side for side in made.plan.sides if side.kind == "placeholder"]
    assert [side.part for side in placeholders] == ["lease-1"]
    assert "待补充" in texts[placeholders[0].side - 1]


def test_a_generated_form_is_marked_until_its_stamped_scan_is_there(
    manifest: dict[str, Any],
) -> None:
    awaiting = [part["material"] for part in manifest["parts"] if part["awaits_stamp"]]
    assert awaiting == ["application-form", "commitment"]
    marked = {place["place"] for place in manifest["print"]["seals"] if place["awaits_stamp"]}
    assert len(marked) == 3 and all("申报书" in place or "承诺书" in place for place in marked)
