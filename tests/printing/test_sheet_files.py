"""Coloured sheets apart, late papers and proofs: finished files, read back by other libraries."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.progress import quiet
from sjs_forms.cli.commands import main
from sjs_forms.jobs.pipeline import Options, build
from sjs_forms.printing.proof import default_target, write_pictures, write_proof
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.volume.side_digests import fingerprints
from sjs_forms.volume.verify import verify_folder
from tests.samples import MINIMAL, write_pdf

A4_LANDSCAPE = (841.89, 595.28)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application with a coloured page and one with links and bookmarks in it."""
    folder = Path(shutil.copytree(MINIMAL, tmp_path_factory.mktemp("applied") / "某单位"))
    red = BytesIO()
    Image.new("RGB", (620, 877), "#C00020").save(red, "JPEG")
    extra = folder / "attachments" / "3-证明材料"
    (extra / "红头文件.jpg").write_bytes(red.getvalue())
    with pikepdf.open(write_pdf(extra / "说明.pdf", 4), allow_overwriting_input=True) as pdf:
        for number, page in enumerate(pdf.pages):
            page.contents_add(f"100 {600 + 20 * number} 200 10 re f".encode())
        for page, target in ((0, 3), (1, 0)):
            link = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[50, 50, 100, 100],
                Dest=[pdf.pages[target].obj, pikepdf.Name.Fit],
            )
            pdf.pages[page].obj.Annots = pdf.make_indirect([link])
        pdf.save(extra / "说明.pdf")
    return folder


@pytest.fixture(scope="module")
def apart(applied: Path) -> Path:
    """Built with its coloured sheets apart."""
    out = applied.parent / "成册"
    build(applied, out, Options(split_colour=True))
    return out


@pytest.fixture(scope="module")
def proof(apart: Path) -> Path:
    """The proof of that."""
    target = default_target(apart)
    write_proof(apart, target, quiet)
    return target


def manifest_of(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def table(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


def looks(path: Path) -> list[bytes]:
    """Every page as PDFium draws it."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [
            hashlib.sha256(page.render(scale=0.7).to_pil().tobytes()).digest() for page in document
        ]
    finally:
        document.close()


def labels(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [document.get_page_label(index) for index in range(len(document))]
    finally:
        document.close()


# Coloured sheets apart


def test_both_files_put_together_by_the_list_are_the_volume(apart: Path) -> None:
    rows = table(apart / "合册表.csv")
    parts = {file: looks(apart / file) for file in {row["文件"] for row in rows}}
    assert set(parts) == {"彩页.pdf", "内页.pdf"}
    merged = [
        parts[row["文件"]][page - 1]
        for row in rows
        for page in range(int(row["首页"]), int(row["末页"]) + 1)
    ]
    assert merged == looks(apart / VOLUME)
    assert sum(map(len, parts.values())) == len(merged)


def test_pages_keep_their_labels_and_the_list_agrees_with_the_manifest(apart: Path) -> None:
    whole = labels(apart / VOLUME)
    for row in table(apart / "合册表.csv"):
        known = labels(apart / row["文件"])[int(row["首页"]) - 1 : int(row["末页"])]
        assert known == whole[2 * int(row["张"]) - 2 : 2 * int(row["张"])]
    coloured = {side["sheet"] for side in manifest_of(apart)["sides"] if side["coloured"]}
    apart_sheets = {int(r["张"]) for r in table(apart / "合册表.csv") if r["文件"] == "彩页.pdf"}
    assert apart_sheets == coloured
    kinds = {side["kind"] for side in manifest_of(apart)["sides"] if side["coloured"]}
    assert kinds == {"divider", "attachment"}


@pytest.mark.parametrize("file", ["彩页.pdf", "内页.pdf"])
def test_nothing_in_a_part_points_at_a_page_that_is_not_there(apart: Path, file: str) -> None:
    with pikepdf.open(apart / file) as pdf, pikepdf.open(apart / VOLUME) as volume:
        there = {page.obj.objgen for page in pdf.pages}
        aimed = [
            annotation.Dest[0].objgen
            for page in pdf.pages
            for annotation in page.obj.get("/Annots", [])
            if "/Dest" in annotation
        ]
        assert set(aimed) <= there
        objects = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        assert sum(o.get("/Type") == "/Page" for o in objects) == len(there)
        assert pdf.Root.get("/ViewerPreferences") == volume.Root.get("/ViewerPreferences")
        for page in pdf.pages:
            for box in ("/MediaBox", "/TrimBox", "/BleedBox"):
                assert page.obj.get(box) == volume.pages[0].obj.get(box)
    document = pypdfium2.PdfDocument(apart / file)
    marks = [mark.get_dest().get_index() for mark in document.get_toc()]
    assert marks
    assert all(0 <= index < len(document) for index in marks)
    document.close()


def test_links_between_pages_that_came_along_are_kept(apart: Path) -> None:
    with pikepdf.open(apart / "内页.pdf") as pdf:
        places = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        steps = [
            places[annotation.Dest[0].objgen] - index
            for index, page in enumerate(pdf.pages)
            for annotation in page.obj.get("/Annots", [])
            if "/Dest" in annotation
        ]
    assert 3 in steps
    assert -1 in steps


def test_the_files_are_in_the_manifest_and_the_folder_verifies(apart: Path) -> None:
    listed = {entry["file"] for entry in manifest_of(apart)["files"]}
    assert {"彩页.pdf", "内页.pdf", "合册表.csv"} <= listed
    assert verify_folder(apart) == ()


def test_on_coloured_paper_the_dividers_are_a_run_of_their_own(
    applied: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build(applied, out, Options(dividers="paper", split_colour=True))
    manifest = manifest_of(out)
    assert manifest["print"]["dividers"] == "paper"
    runs = {int(row["张"]): row["文件"] for row in table(out / "合册表.csv")}
    dividers = [side["sheet"] for side in manifest["sides"] if side["kind"] == "divider"]
    assert [sheet for sheet, file in runs.items() if file == "彩纸页.pdf"] == dividers
    document = pypdfium2.PdfDocument(out / "彩纸页.pdf")
    for page in document:
        image = page.render(scale=0.5).to_pil().convert("RGB")
        red, green, blue = image.split()
        assert red.tobytes() == green.tobytes() == blue.tobytes()
    corner = document[0].render(scale=0.5).to_pil().convert("L").getpixel((3, 3))
    document.close()
    assert corner == 255


# Late papers


def test_the_same_application_needs_no_paper(applied: Path, apart: Path, tmp_path: Path) -> None:
    made = build(applied, tmp_path / "out", Options(since=apart))
    compared = made.volumes[0].reprint
    assert compared is not None
    assert compared.to_print == ()
    assert len(compared.of("unchanged")) == made.plan.sheets
    assert not (tmp_path / "out" / "补印.pdf").exists()
    first, second = manifest_of(apart)["sides"], manifest_of(tmp_path / "out")["sides"]
    assert first == second


def test_one_page_of_a_scan_replaced_reprints_its_sheet_only(
    applied: Path, apart: Path, tmp_path: Path
) -> None:
    late = Path(shutil.copytree(applied, tmp_path / "某单位"))
    path = late / "attachments" / "3-证明材料" / "说明.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[2].contents_add(b"100 400 200 40 re f")
        pdf.save(path)
    out = tmp_path / "out"
    ended = CliRunner().invoke(main, ["build", str(late), "-o", str(out), "--since", str(apart)])
    assert ended.exit_code == 0
    changed = [
        side["sheet"]
        for side in manifest_of(out)["sides"]
        if side["source_page"] == 3 and "说明" in side["source"]
    ]
    told = manifest_of(out)["since"]
    assert [entry["sheet"] for entry in told["reprint"]] == changed
    assert (told["moved"], told["new"], told["gone"]) == ([], [], [])
    assert f"重印\t1 张\t{changed[0]}" in ended.stderr
    (again,) = [row for row in table(out / "补印单.csv") if row["办法"] == "重印"]
    assert again["张"] == str(changed[0])
    assert looks(out / "补印.pdf") == looks(out / VOLUME)[2 * changed[0] - 2 : 2 * changed[0]]
    assert verify_folder(out) == ()


def test_kept_sheets_look_the_same_and_reprinted_ones_do_not(
    applied: Path, apart: Path, tmp_path: Path
) -> None:
    late = Path(shutil.copytree(applied, tmp_path / "某单位"))
    added = write_pdf(late / "attachments" / "3-证明材料" / "补充.pdf", 2, "补")
    with pikepdf.open(added, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"100 400 200 40 re f")
        pdf.save(added)
    out = tmp_path / "out"
    made = build(late, out, Options(since=apart)).volumes[0].reprint
    assert made is not None
    before, after = looks(apart / VOLUME), looks(out / VOLUME)

    def sheet(pages: list[bytes], number: int | None) -> list[bytes]:
        assert number is not None
        return pages[2 * number - 2 : 2 * number]

    assert made.of("unchanged")
    assert len(made.of("new")) == 1
    for compared in made.of("unchanged", "moved"):
        assert sheet(before, compared.was) == sheet(after, compared.sheet.sheet)
    for compared in made.of("reprint"):
        assert sheet(before, compared.was) != sheet(after, compared.sheet.sheet)


def test_an_earlier_build_without_digests_is_refused_in_words(apart: Path, tmp_path: Path) -> None:
    old = Path(shutil.copytree(apart, tmp_path / "旧"))
    manifest = manifest_of(old)
    for side in manifest["sides"]:
        del side["sha256"]
    (old / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    arguments = ["build", str(MINIMAL), "-o", str(tmp_path / "out"), "--since", str(old)]
    ended = CliRunner().invoke(main, arguments)
    assert ended.exit_code == 2
    assert "没有各面的摘要" in ended.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("broken", ["{}", "[]", '{"files": [], "sides": [1], "parts": []}', "x"])
def test_an_earlier_folder_that_makes_no_sense_is_refused(tmp_path: Path, broken: str) -> None:
    (tmp_path / "manifest.json").write_text(broken, encoding="utf-8")
    for command in (["build", str(MINIMAL), "-o", str(tmp_path / "o"), "--since"], ["proof"]):
        ended = CliRunner().invoke(main, [*command, str(tmp_path)])
        assert ended.exit_code == 2
        assert "manifest.json" in ended.stderr


def test_a_font_embedded_anew_changes_no_digest_of_our_own_pages(tmp_path: Path) -> None:
    def page(font: bytes, name: str, content: bytes = b"BT /F 12 Tf <0041> Tj ET") -> Path:
        path = tmp_path / "x.pdf"
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.pages[0].obj.Contents = pdf.make_stream(content)
            file = pdf.make_stream(font)
            made = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, BaseFont=pikepdf.Name(name), File=file
            )
            unused = pikepdf.Dictionary(F=made, G=pdf.make_stream(font + b"2"))
            pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=unused)
            pdf.save(path)
        return path

    first = fingerprints(page(b"1", "/ABCDEF+Fang"), [True])
    assert fingerprints(page(b"2", "/GHIJKL+Fang"), [True]) == first
    assert fingerprints(page(b"2", "/GHIJKL+Song"), [True]) != first
    assert fingerprints(page(b"1", "/ABCDEF+Fang", b"BT /F 12 Tf <0042> Tj ET"), [True]) != first
    foreign = fingerprints(page(b"1", "/ABCDEF+Fang"), [False])
    assert fingerprints(page(b"2", "/ABCDEF+Fang"), [False]) != foreign


# Proofs


def test_a_proof_has_a_landscape_page_for_every_spread_and_shows_every_side(
    apart: Path, proof: Path
) -> None:
    sides = manifest_of(apart)["sides"]
    with pikepdf.open(proof) as pdf:
        assert len(pdf.pages) == len(sides) // 2 + 1
        shown = []
        for page in pdf.pages:
            assert [float(v) for v in page.obj.MediaBox[2:]] == pytest.approx(A4_LANDSCAPE, abs=0.1)
            names = [n for n in page.obj.Resources.XObject if n.startswith("/SjsSide")]
            shown += sorted(int(name.removeprefix("/SjsSide")) for name in names)
            assert "/Annots" not in page.obj
        assert shown == [side["side"] for side in sides if side["kind"] != "blank"]
        assert "/Metadata" not in pdf.Root


def test_a_proof_shows_each_side_where_it_opens(apart: Path, proof: Path) -> None:
    """The middle of each page of the proof is, in the small, that side of the volume."""
    volume, shown = pypdfium2.PdfDocument(apart / VOLUME), pypdfium2.PdfDocument(proof)
    for side in manifest_of(apart)["sides"]:
        if side["kind"] == "blank":
            continue
        spread = shown[side["side"] // 2].render(scale=1).to_pil().convert("L")
        width, height = spread.size
        left = width // 2 if side["side"] % 2 else width // 2 - 393
        foot = height - 29
        seen = spread.crop((left + 45, foot - 500, left + 350, foot - 40)).resize((16, 24))
        page = volume[side["side"] - 1].render(scale=0.66).to_pil().convert("L").resize((393, 556))
        wanted = page.crop((45, 556 - 500, 350, 556 - 40)).resize((16, 24))
        apart_by = [abs(a - b) for a, b in zip(seen.tobytes(), wanted.tobytes(), strict=True)]
        assert sum(apart_by) / len(apart_by) < 6, side
    volume.close()
    shown.close()


def test_captions_name_the_sides_and_the_text_can_be_searched(apart: Path, proof: Path) -> None:
    document = pypdfium2.PdfDocument(proof)
    for index, page in enumerate(document):
        text = page.get_textpage().get_text_bounded()
        for side in (2 * index, 2 * index + 1):
            if 1 <= side <= len(manifest_of(apart)["sides"]):
                assert f"第 {side} 面" in text
    document.close()


def test_the_built_folder_stays_as_it_was_and_the_proof_is_the_same_each_time(
    apart: Path, proof: Path, tmp_path: Path
) -> None:
    assert verify_folder(apart) == ()
    assert proof.parent == apart.parent
    write_proof(apart, tmp_path / "again.pdf", quiet)
    assert (tmp_path / "again.pdf").read_bytes() == proof.read_bytes()
    for inside in (apart / "样张.pdf", apart):
        with pytest.raises(UsageFault, match="成册文件夹之内"):
            write_proof(apart, inside, quiet)


def test_a_proof_too_big_to_mail_gets_coarser_until_it_fits(apart: Path, tmp_path: Path) -> None:
    fine = write_proof(apart, tmp_path / "fine.pdf", quiet)
    assert fine.bytes == (tmp_path / "fine.pdf").stat().st_size
    tight = write_proof(apart, tmp_path / "tight.pdf", quiet, limit=fine.bytes - 10_000)
    assert tight.bytes <= fine.bytes - 10_000
    assert tight.dpi < fine.dpi == 100
    least = write_proof(apart, tmp_path / "least.pdf", quiet, limit=1)
    assert least.bytes <= tight.bytes


def test_a_volume_that_was_changed_is_not_shown(apart: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(apart, tmp_path / "改"))
    (changed / VOLUME).write_bytes((changed / VOLUME).read_bytes() + b"\n")
    with pytest.raises(UsageFault, match="被改动过"):
        write_proof(changed, tmp_path / "x.pdf", quiet)
    (changed / VOLUME).unlink()
    with pytest.raises(UsageFault, match="没有"):
        write_proof(changed, tmp_path / "x.pdf", quiet)


def test_page_pictures_are_named_by_side_and_as_fine_as_asked(apart: Path, tmp_path: Path) -> None:
    assert write_pictures(apart, tmp_path / "图", "1,3-4", 72) == (3, ())
    assert sorted(path.name for path in (tmp_path / "图").iterdir()) == [
        "001.png",
        "003.png",
        "004.png",
    ]
    with Image.open(tmp_path / "图" / "001.png") as image:
        assert image.size == (596, 842)
    with pytest.raises(UsageFault, match="--sides"):
        write_pictures(apart, tmp_path / "图", "999", 72)
    with pytest.raises(UsageFault, match="成册文件夹之内"):
        write_pictures(apart, apart / "图", "1", 72)


def test_the_process_that_writes_a_proof_draws_no_page_itself(apart: Path, tmp_path: Path) -> None:
    """Its pages are strangers', and PDFium may crash on one."""
    code = (
        "import sys; from pathlib import Path; "
        "from sjs_forms.printing.proof import write_pictures, write_proof; "
        "from sjs_forms.base.progress import quiet; "
        "folder, out = map(Path, sys.argv[1:]); "
        "write_proof(folder, out / 'x.pdf', quiet); write_pictures(folder, out / 'y', '1', 30); "
        "print('pypdfium2' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, apart, tmp_path],
        cwd=Path(__file__).parents[2],
        capture_output=True,
    )
    assert ended.stdout.split() == [b"False"], ended.stderr.decode()


# Several volumes


@pytest.fixture
def volumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job of several volumes."""
    monkeypatch.setattr("sjs_forms.printing.spine.most_sheets", lambda *_: 10)
    build(MINIMAL, tmp_path / "几册", Options(split=True, split_colour=True))
    return tmp_path / "几册"


def test_each_of_several_volumes_has_its_proof_beside_the_job(volumes: Path) -> None:
    names = [volume["folder"] for volume in manifest_of(volumes)["volumes"]]
    assert len(names) > 1
    ended = CliRunner().invoke(main, ["proof", str(volumes)])
    assert ended.exit_code == 0
    for name in names:
        assert (volumes.parent / f"几册-{name}-样张.pdf").is_file()
        assert (volumes / name / "合册表.csv").is_file()
    assert verify_folder(volumes) == ()
    one = CliRunner().invoke(main, ["proof", str(volumes), "-o", str(volumes.parent / "x.pdf")])
    assert one.exit_code == 2
    inside = ["proof", str(volumes / names[0]), "-o", str(volumes / "x.pdf")]
    assert CliRunner().invoke(main, inside).exit_code == 2


def test_several_volumes_are_compared_volume_by_volume(volumes: Path, tmp_path: Path) -> None:
    made = build(MINIMAL, tmp_path / "又", Options(split=True, since=volumes))
    assert len(made.volumes) > 1
    for volume in made.volumes:
        assert volume.reprint is not None
        assert volume.reprint.to_print == ()
    with pytest.raises(UsageFault, match="分册装订的，这次不分册"):
        build(MINIMAL, tmp_path / "一册", Options(since=volumes))
