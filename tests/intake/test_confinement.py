"""A document opened by LibreOffice gets at nothing of this machine, and at no other machine."""

import base64
import gzip
import io
import socket
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake import office
from sjs_forms.intake.office.libreoffice import libreoffice_process
from sjs_forms.intake.office.packages.external_links import cut_links
from sjs_forms.intake.office.packages.office_package import parse
from sjs_forms.intake.process import confinement
from sjs_forms.intake.process.worker_pool import WorkerPool
from tests.intake.office_files import flat, open_package, repacked
from tests.intake.office_together import together

LIMITS = load_programme().intake
CANARY = (255, 0, 255)
"""The colour of a picture that lies outside the document."""

confines = pytest.mark.skipif(confinement.means() is None, reason="nothing confines here")
has_office = pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f'<svg {XLINK}><image xlink:href="file:///x.png"/></svg>'.encode()


def encoded(data: bytes) -> str:
    """Base64."""
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of another applicant's."""
    place = tmp_path_factory.mktemp("canary") / "别家/执照.png"
    place.parent.mkdir()
    Image.new("RGB", (400, 400), CANARY).save(place)
    return place


def frame(target: str) -> str:
    """A text with a picture that lies at `target`."""
    return (
        '<text:p>正文<draw:frame text:anchor-type="as-char" svg:width="8cm" svg:height="8cm">'
        f'<draw:image {XLINK} xlink:href="{target}" xlink:type="simple" xlink:actuate="onLoad"/>'
        "</draw:frame></text:p>"
    )


def documents(target: str) -> dict[str, bytes]:
    """Documents that would print what lies at `target`, by name."""
    bullet = (
        f'<text:list-style {XLINK} style:name="L"><text:list-level-style-image text:level="1" '
        f'xlink:href="{target}" xlink:type="simple"/></text:list-style>'
    )
    nested = base64.b64encode(drawing(target)).decode()
    section = f'<text:section text:name="s"><text:section-source {XLINK} xlink:href="{target}"/>'
    rtf = f'{{\\rtf1 x{{\\field{{\\*\\fldinst INCLUDEPICTURE "{target}"}}{{\\fldrslt y}}}}}}'
    return {
        "平.fodt": flat("text", frame(target)),
        "假名.doc": flat("text", frame(target)),
        "包.odt": open_package("text", frame(target)),
        "点.odt": open_package(
            "text",
            '<text:list text:style-name="L"><text:list-item><text:p>一</text:p></text:list-item>'
            "</text:list>",
            bullet,
        ),
        "节.odt": open_package("text", f"{section}<text:p>甲</text:p></text:section>"),
        "画.odt": with_part(open_package("text", frame("Pictures/1.png")), drawing(target)),
        "压缩.odt": with_part(
            open_package("text", frame("Pictures/1.png")), gzip.compress(drawing(target))
        ),
        "套.odt": with_part(
            open_package("text", frame("Pictures/1.png")),
            drawing(f"data:image/svg+xml;base64,{nested}"),
        ),
        "码.fodt": flat(
            "text",
            '<text:p><draw:frame text:anchor-type="as-char" svg:width="8cm" svg:height="8cm">'
            f"<draw:image><office:binary-data>{nested}</office:binary-data></draw:image>"
            "</draw:frame></text:p>",
        ),
        "域.rtf": rtf.encode(),
    }


def drawing(target: str) -> bytes:
    """An SVG with a picture that lies at `target`."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} width="300" height="300">'
        f'<image xlink:href="{target}" width="300" height="300"/></svg>'
    ).encode()


def with_part(package: bytes, picture: bytes) -> bytes:
    """The package with a picture, Pictures/1.png."""
    entry = '<manifest:file-entry manifest:full-path="Pictures/1.png" manifest:media-type=""/>'
    end = "</manifest:manifest>"
    listed = repacked(package, {"META-INF/manifest.xml": (end, f"{entry}{end}")})
    out = io.BytesIO(listed)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("Pictures/1.png", picture)
    return out.getvalue()


def shows_canary(pdf: Path) -> bool:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            image = page.render(scale=0.5).to_pil().convert("RGB")
            colours = (colour for _, colour in image.getcolors(1 << 20) or ())
            if any(red > 240 and green < 15 and blue > 240 for red, green, blue in colours):
                return True
        return False
    finally:
        document.close()


Printed = dict[str, tuple[Path, set[str]]]
"""PDFs of documents by name, with the codes of what is said of each."""
DRAWINGS = ["画.odt", "压缩.odt", "套.odt", "码.fodt"]


def printed(canary: Path, folder: Path, names: Iterable[str]) -> Printed:
    """Print documents as attachments are."""
    given = documents(canary.as_uri())

    def one(name: str) -> tuple[Path, set[str]]:
        with pool.workplace(folder) as place:
            source = place.given / name
            source.write_bytes(given[name])
            made, remarks = office.as_pdf(source, name, place, LIMITS)
            return made.rename(folder / f"{name}.pdf"), {remark.code for remark in remarks}

    with WorkerPool() as pool:
        done = together({name: partial(one, name) for name in names})
    return {name: each.result() for name, each in done.items()}


@pytest.fixture(scope="module")
def printed_confined(canary: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Each document, as attachments are printed."""
    return printed(canary, tmp_path_factory.mktemp("confined"), documents(""))


@pytest.fixture(scope="module")
def printed_by_treatment_alone(canary: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Those with drawings, on a machine where nothing confines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confinement, "means", lambda: None)
        return printed(canary, tmp_path_factory.mktemp("treated"), DRAWINGS)


def untreated(canary: Path, folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """Convert documents as they are."""
    for name in names:
        (folder / name).write_bytes(documents(canary.as_uri())[name])
    made = office.convert([folder / name for name in names], folder, LIMITS, "pdf")
    return dict(zip(names, made, strict=True))


@pytest.fixture(scope="module")
def unconfined(canary: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Documents as they are, with nothing that confines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libreoffice_process, "confined", lambda command, *_: list(command))
        return untreated(canary, tmp_path_factory.mktemp("free"), ["域.rtf", *DRAWINGS])


@has_office
@pytest.mark.parametrize("name", documents(""))
def test_a_picture_outside_a_document_is_not_printed(name: str, printed_confined: Printed) -> None:
    made, said = printed_confined[name]
    assert not shows_canary(made)
    if not name.endswith("rtf"):
        assert "attachment-links" in said


@has_office
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_looked_through_whatever_it_is_called(
    name: str, printed_by_treatment_alone: Printed
) -> None:
    made, said = printed_by_treatment_alone[name]
    assert not shows_canary(made)
    assert "attachment-links" in said


@has_office
@confines
def test_the_kernel_alone_keeps_it_from_being_printed(canary: Path, tmp_path: Path) -> None:
    for made in untreated(canary, tmp_path, ["平.fodt", "包.odt", "域.rtf"]).values():
        assert not shows_canary(made)


@has_office
@pytest.mark.parametrize("name", ["域.rtf", *DRAWINGS])
def test_what_is_not_confined_would_be_printed(name: str, unconfined: dict[str, Path]) -> None:
    """Else the tests above would show nothing."""
    assert shows_canary(unconfined[name])


@contextmanager
def listener() -> Iterator[tuple[str, socket.socket]]:
    """A server of this machine, at an address, that notes who knocks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.png", server


def was_reached(server: socket.socket) -> bool:
    with suppress(TimeoutError):
        server.accept()[0].close()
        return True
    return False


@has_office
@confines
def test_a_document_reaches_no_server(tmp_path: Path) -> None:
    with listener() as (address, server):
        given = tmp_path / "平.fodt"
        given.write_bytes(flat("text", frame(address)))
        office.convert([given], tmp_path, LIMITS, "pdf")
        assert not was_reached(server)


def means() -> list[Any]:
    """Each way of confining that works here."""
    ways = [
        pytest.param(way, id=name)
        for name, way in confinement.WAYS.items()
        if confinement.works(name)
    ]
    return ways or [pytest.param(None, marks=pytest.mark.skip(reason="nothing confines here"))]


@pytest.mark.parametrize("way", means())
def test_a_confined_program_reads_and_writes_only_what_it_may(way: Any, tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    (other / "secret").write_text("秘密", encoding="utf-8")

    def does(*command: str) -> bool:
        confined = way(command, (), home)
        return subprocess.run(confined, capture_output=True, cwd=home).returncode == 0

    assert does("sh", "-c", f"echo x > {home}/made && cat {home}/made")
    assert not does("cat", str(other / "secret"))
    assert not does("ls", str(other))
    assert not does("touch", str(other / "made"))
    assert not does("touch", "/usr/made")
    assert not (other / "made").exists()


@pytest.mark.parametrize("way", means())
def test_a_confined_program_reaches_no_server(way: Any, tmp_path: Path) -> None:
    with listener() as (address, server):
        port = address.rsplit(":", 1)[1].partition("/")[0]
        call = f"exec 3<>/dev/tcp/127.0.0.1/{port}"
        ended = subprocess.run(
            way(["bash", "-c", call], (), tmp_path), capture_output=True, cwd=tmp_path
        )
        assert ended.returncode != 0
        assert not was_reached(server)


@has_office
@pytest.mark.parametrize("name", ["域.rtf", "坏.fodt"])
def test_where_nothing_confines_what_cannot_be_looked_through_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "means", lambda: None)
    with WorkerPool() as pool, pool.workplace(tmp_path) as place:
        given = place.given / name
        whole = documents("x")
        given.write_bytes(whole.get(name, whole["平.fodt"][:-20]))
        with pytest.raises(FileRefused) as refused:
            office.as_pdf(given, name, place, LIMITS)
    assert refused.value.code == "attachment-office"
    assert "PDF" in refused.value.remedy


@pytest.mark.parametrize(
    ("name", "part", "cut"),
    [
        ("content.xml", f'<a {XLINK} xlink:href="Pictures/1.png"/>', False),
        ("content.xml", f'<image {XLINK} xlink:href="Pictures/1.png"/>', False),
        ("content.xml", f'<image {XLINK} xlink:href="./Object%201"/>', False),
        ("content.xml", f'<image {XLINK} xlink:href="#here"/>', False),
        ("Object 1/content.xml", f'<image {XLINK} xlink:href="../Pictures/1.png"/>', False),
        ("content.xml", f'<a {XLINK} xlink:href="https://example.com"/>', False),
        ("content.xml", f'<image {XLINK} xlink:href="../../别家/执照.png"/>', True),
        ("content.xml", f'<image {XLINK} xlink:href="/etc/passwd"/>', True),
        ("content.xml", f'<image {XLINK} xlink:href="file:///etc/passwd"/>', True),
        ("content.xml", f'<image {XLINK} xlink:href="Pictures/2.png"/>', True),
        ("Pictures/1.svg", f'<svg><image {XLINK} xlink:href="C:\\\\x.png"/></svg>', True),
        ("Pictures/1.svg", '<svg><image href="x.png"/></svg>', True),
        ("x.vml", '<shape><imagedata src="x.png"/></shape>', True),
        ("_rels/x.rels", '<r><Relationship Target="x.png"/></r>', False),
        (
            "_rels/x.rels",
            '<r><Relationship Type="h/hyperlink" TargetMode="External" Target="http://x"/></r>',
            False,
        ),
        (
            "_rels/x.rels",
            '<r><Relationship Type="h/image" TargetMode="External" Target="x.png"/></r>',
            True,
        ),
        ("_rels/x.rels", '<r><Relationship Type="h/image" Target="file:///x.png"/></r>', True),
        ("_rels/x.RELS", '<r><Relationship Type="h/image" Target="file:///x.png"/></r>', True),
        ("", '<package><Relationship Type="h/image" Target="file:///x.png"/></package>', True),
        ("", '<pict><imagedata src="wordml://1.png"/></pict>', False),
        ("content.xml", f'<image {XLINK} xlink:href="data:image/png;base64,iVBORw0KGgo="/>', False),
        ("content.xml", f'<image {XLINK} xlink:href="data:image/svg+xml,%3Csvg/%3E"/>', True),
        ("", f"<binary-data>{encoded(b'<svg/>')}</binary-data>", False),
        ("", f"<binary-data>{encoded(SVG)}</binary-data>", True),
        ("", f"<binData>{encoded(gzip.compress(SVG))}</binData>", True),
        ("", f"<binary-data>{encoded(b'<svg')}</binary-data>", True),
        ("", "<binary-data>*</binary-data>", True),
    ],
)
def test_a_link_is_cut_where_it_leads_out_of_the_package(name: str, part: str, cut: bool) -> None:
    members = ["content.xml", "Pictures/1.png", "Object 1/content.xml", name]
    assert bool(list(cut_links({name: parse(part.encode())}, members))) is cut
