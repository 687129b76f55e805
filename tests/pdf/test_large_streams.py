"""Large streams go from file to file without being held, and keep the digests they had."""

import gc
import tracemalloc
from pathlib import Path
from random import Random

import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter

from sjs_forms.base.files.hashing import stream_digest
from sjs_forms.pdf import large_streams as bulk
from sjs_forms.pdf.objects import large_streams
from sjs_forms.volume.side_digests import fingerprints

LARGE, COUNT = 2_000_000, 12


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF of a dozen pages of two megabytes."""
    path = tmp_path_factory.mktemp("scans") / "scans.pdf"
    dice = Random(1)
    with pikepdf.new() as pdf:
        for number in range(COUNT):
            page = pdf.add_blank_page(page_size=(595, 842))
            image = pdf.make_stream(dice.randbytes(LARGE + number))
            image.Subtype, image.Filter = pikepdf.Name.Image, pikepdf.Name.DCTDecode
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            page.Contents = pdf.make_stream(f"/Im0 Do % {number}".encode())
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return path


def _copy(source: Path, target: Path) -> dict[int, bytes]:
    with pikepdf.open(source) as pdf:
        known = {number: bytes.fromhex(digest) for number, digest in large_streams(pdf).items()}
    with bulk.opened(source) as file:
        writer = PdfWriter()
        reader = PdfReader(file)
        for page in reader.pages:
            writer.add_page(page)
        bulk.write(writer, target)
        return bulk.carried(reader, writer, known)


def test_what_is_copied_is_the_same_stream_for_stream(scans: Path, tmp_path: Path) -> None:
    _copy(scans, tmp_path / "copy.pdf")
    with pikepdf.open(scans) as before, pikepdf.open(tmp_path / "copy.pdf") as after:
        assert len(after.pages) == COUNT
        for old, new in zip(before.pages, after.pages, strict=True):
            one, other = old.Resources.XObject.Im0, new.Resources.XObject.Im0
            assert one.read_raw_bytes() == other.read_raw_bytes()
            assert old.Contents.read_bytes() == new.Contents.read_bytes()


def test_large_streams_are_not_held_in_memory(scans: Path, tmp_path: Path) -> None:
    _copy(scans, tmp_path / "first.pdf")  # whatever is made once in a process is made
    tracemalloc.start()
    try:
        _copy(scans, tmp_path / "second.pdf")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < LARGE * 3


def test_the_digests_are_those_of_what_lies_there(scans: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.pdf"
    streams = _copy(scans, target)
    with pikepdf.open(target) as pdf:
        found = {
            thing.objgen[0]: stream_digest(thing.read_raw_bytes())
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        }
    assert streams == found and len(found) == COUNT


def test_digests_that_are_known_change_no_fingerprint(scans: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.pdf"
    streams = _copy(scans, target)
    ours = [False] * COUNT
    assert fingerprints(target, ours, streams) == fingerprints(target, ours)


def test_the_same_pages_make_the_same_bytes(scans: Path, tmp_path: Path) -> None:
    assert _copy(scans, tmp_path / "a.pdf") == _copy(scans, tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_an_error_of_the_system(scans: Path) -> None:
    with pytest.raises(OSError, match="space"):
        _copy(scans, Path("/dev/full"))


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc to see maps")
def test_a_file_that_a_forgotten_reader_has_mapped_is_unmapped_by_collection(scans: Path) -> None:
    """As `patient_moves` does before it moves one again."""

    def is_mapped() -> bool:
        return str(scans) in Path("/proc/self/maps").read_text(encoding="utf-8")

    gc.disable()
    try:
        with bulk.opened(scans) as stream:
            reader, writer = PdfReader(stream), PdfWriter()
            reader.pages[0].raw_get("/Resources").clone(writer)
        del stream, reader, writer
        assert is_mapped()
        gc.collect()
        assert not is_mapped()
    finally:
        gc.enable()
