"""A side whose text is not that of the page it came from stops the build, and verify names it."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from sjs_forms.base.errors import Fault
from sjs_forms.base.manifest import MANIFEST
from sjs_forms.base.progress import quiet
from sjs_forms.batch import builds_inspection
from sjs_forms.jobs.pipeline import Options, build
from sjs_forms.pdf.text_comparison import missing
from sjs_forms.portal import PORTAL
from sjs_forms.volume import assemble
from sjs_forms.volume.built_folder import VOLUME
from tests.intake.clean.test_names import names_in_pdf
from tests.samples import MINIMAL

FILE = "attachments/2-场地租赁合同/租赁合同.pdf"


def _lettered(text: str) -> bytes:
    """A page whose font has a key that is GBK."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    key: Any = Object.parse(b"/#CB#CE")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary())
    page.Resources.Font[key] = font
    page.Contents = Stream(pdf, b"BT /\xcb\xce 30 Tf 50 400 Td (%b) Tj ET" % text.encode())
    saved = BytesIO()
    pdf.save(saved)
    return saved.getvalue()


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application with such a contract."""
    folder = tmp_path_factory.mktemp("kept") / "某单位"
    shutil.copytree(MINIMAL, folder)
    (folder / FILE).write_bytes(_lettered("Vertrag 2025"))
    return folder


@pytest.fixture(scope="module")
def built(application: Path) -> Path:
    """The application, built."""
    out = application.parent / "成册"
    build(application, out, Options())
    return out


@pytest.fixture
def changed(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the built folder, its manifest brought up to date afterwards."""
    folder = tmp_path / "成册"
    shutil.copytree(built, folder)
    yield folder


def _signed_anew(folder: Path) -> None:
    """Give the manifest the digests of the files as they are now."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        data = (folder / entry["file"]).read_bytes()
        entry["sha256"], entry["bytes"] = sha256(data).hexdigest(), len(data)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_a_build_whose_side_lost_its_text_is_stopped_and_names_the_file(
    application: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the font is not found, for its name came out as another."""
    plain = assemble.content_streams

    def spoilt(source: Any, writer: Any) -> list[Any]:
        streams = plain(source, writer)
        return streams[:0] if "Vertrag" in source.extract_text() else streams

    monkeypatch.setattr(assemble, "content_streams", spoilt)
    with pytest.raises(Fault, match=FILE):
        build(application, tmp_path / "成册", Options())
    assert not (tmp_path / "成册").exists()


def test_a_build_whose_side_draws_with_another_font_is_stopped(
    application: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """qpdf compares all that is drawn, though the letters be the same."""
    plain = assemble.copied_resources

    def spoilt(resources: Any, writer: Any) -> Any:
        made = plain(resources, writer)
        for form in (made.get("/XObject") or {}).values():
            fonts = form.get_object().get("/Resources", {}).get("/Font", {})
            for font in fonts.values():
                font.get_object()[assemble.NameObject("/Name")] = assemble.NameObject("/Other")
                font.get_object()[assemble.NameObject("/Spoilt")] = assemble.NameObject("/Yes")
        return made

    monkeypatch.setattr(assemble, "copied_resources", spoilt)
    with pytest.raises(Fault, match="画的与"):
        build(application, tmp_path / "成册", Options())


def test_a_built_folder_is_verified_against_the_pages_in_its_zip(built: Path) -> None:
    """All is well with it."""
    inspected = builds_inspection.inspect(built, quiet)
    assert [found.code for found in inspected.findings] == []


def test_verify_names_the_side_whose_text_is_another_than_in_the_zip(changed: Path) -> None:
    """The volume was changed and its digest with it: only the text betrays it."""
    with pikepdf.open(changed / VOLUME, allow_overwriting_input=True) as pdf:
        manifest = json.loads((changed / MANIFEST).read_text(encoding="utf-8"))
        (side,) = [one["side"] for one in manifest["sides"] if one["source"] == FILE]
        form = pdf.pages[side - 1].obj.Resources.XObject.P0
        form.write(form.read_bytes().replace(b"Vertrag", b"Verzrag"))
        pdf.save()
    _signed_anew(changed)
    (found,) = builds_inspection.inspect(changed, quiet).findings
    assert found.code == "volume-differs"
    assert f"第 {side} 页" in found.message
    assert FILE in found.message
    assert PORTAL in found.message


def test_verify_without_a_zip_says_nothing_of_texts(changed: Path) -> None:
    """A folder that was built before there was one is verified as before."""
    (changed / PORTAL).unlink()
    manifest = json.loads((changed / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"] = [entry for entry in manifest["files"] if entry["file"] != PORTAL]
    (changed / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert builds_inspection.inspect(changed, quiet).findings == ()


def test_every_name_survives_in_the_portals_file(built: Path) -> None:
    """Byte for byte, as in the volume."""
    with zipfile.ZipFile(built / PORTAL) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("2_") and "/" not in name]
        data = archive.read(name)
    for given in (data, built / VOLUME):
        assert b"\xcb\xce" in names_in_pdf(given)


def test_characters_that_lack_are_told_and_order_and_space_do_not_count() -> None:
    """Two readers, or one reader of a turned page, part the lines otherwise."""
    assert missing("甲方 乙方\r\n丙", "丙乙 方甲方") == ""
    assert missing("甲甲乙", "甲乙丙") == "甲"
    assert missing("a-b\xad", "ab") == ""
