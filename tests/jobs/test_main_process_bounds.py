"""What the main process reads of others is bounded; so is what one application costs as a whole."""

import json
import struct
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sjs_forms.base.errors import ExitCode, UsageFault, exit_code_for
from sjs_forms.base.files import plain_files
from sjs_forms.base.files.plain_files import open_zip, read_record
from sjs_forms.base.manifest import Manifest
from sjs_forms.base.output import journalled_moves
from sjs_forms.base.output.journalled_moves import finish_moves
from sjs_forms.base.output.output_folder import recover
from sjs_forms.base.output.work_folders import owned_folder
from sjs_forms.base.processes import memory
from sjs_forms.base.processes.memory import (
    MEMORY_SHARE,
    machine_memory,
    memory_share,
    most_processes,
)
from sjs_forms.domain.folder import application_folder
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake import attachment_opening
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.jobs import pipeline
from tests.samples import codes, only

pytestmark = pytest.mark.opens

LEASE = "attachments/2-场地租赁合同/租赁合同.pdf"


def with_limits(monkeypatch: pytest.MonkeyPatch, **changed: float) -> None:
    """The notice with other bounds."""
    programme = load_programme()
    limits = replace(programme.intake, **changed)
    monkeypatch.setattr(
        application_folder,
        "load_programme",
        lambda _=None: programme.model_copy(update={"intake": limits}),
    )


def test_all_attachments_together_are_bounded_in_bytes(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_limits(monkeypatch, max_total_bytes=1_000)
    read = read_folder(minimal)
    assert read.offered == ()
    found = only(read.findings, "attachment-total-size")
    assert found.severity == "error" and "没有读取" in found.message


def test_all_attachments_together_are_bounded_in_time(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told once, for however many that holds; what is opened is kept for the next run."""
    with_limits(monkeypatch, max_total_seconds=60)
    clock = iter(range(0, 10_000, 25))
    monkeypatch.setattr(attachment_opening, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    found = only(pipeline.check(minimal), "attachment-total-time")
    assert "1 分钟" in found.message and "份附件也是如此" in found.message
    assert exit_code_for((found,)) == ExitCode.ATTACHMENT
    monkeypatch.undo()
    assert exit_code_for(pipeline.check(minimal)) == ExitCode.DONE


def test_a_manifest_without_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_files, "MAX_RECORD", 1_000)
    (tmp_path / "manifest.json").write_text(" " * 1_001 + "{}", encoding="utf-8")
    with pytest.raises(OSError, match="too large"):
        read_record(tmp_path / "manifest.json")
    with pytest.raises(UsageFault):
        Manifest.read(tmp_path)


def zip_of(members: int) -> bytes:
    """A zip whose list of members is long."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(members):
            archive.writestr(str(number), b"")
    return made.getvalue()


@pytest.mark.parametrize("zip64", [False, True])
def test_a_zip_of_very_many_members_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zip64: bool
) -> None:
    data = zip_of(100)
    if zip64:
        end = data.rindex(b"PK\x05\x06")
        size, start = struct.unpack_from("<2L", data, end + 12)
        record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 100, 100, size, start)
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
        last = b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)
        data = data[:end] + record + locator + last
    with open_zip(BytesIO(data)) as archive:
        assert len(archive.namelist()) == 100
    monkeypatch.setattr(plain_files, "MAX_DIRECTORY", 1_000)
    with pytest.raises(zipfile.BadZipFile):
        open_zip(BytesIO(data))
    (tmp_path / "x.docx").write_bytes(data)
    assert file_kinds.kind_of(tmp_path / "x.docx") == "zip"


def test_a_journal_moves_nothing_that_lies_elsewhere(tmp_path: Path) -> None:
    """Whoever sends in a folder could put one there."""
    mine, theirs = tmp_path / "我的/论文.docx", tmp_path / "送来"
    mine.parent.mkdir()
    mine.touch()
    theirs.mkdir()
    known = mine.stat()
    with owned_folder(
        theirs, ".sjs-forms-", {"target": "成册"}, journalled_moves.is_open
    ) as planted:
        stamp = [known.st_ino, known.st_size, known.st_mtime_ns]
        away = [str(theirs / "拿走.docx"), str(mine), stamp]
        (planted / "journal.json").write_text(json.dumps([away]), encoding="ascii")
    assert recover(theirs) and mine.exists()
    assert not list(theirs.iterdir())


def test_a_journal_does_not_reach_out_through_a_link(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "我的/论文.docx", tmp_path / "送来"
    mine.parent.mkdir()
    mine.touch()
    work = theirs / "work"
    work.mkdir(parents=True)
    (theirs / "里面").symlink_to(mine.parent)
    known = mine.stat()
    stamp = [known.st_ino, known.st_size, known.st_mtime_ns]
    away = [str(theirs / "拿走.docx"), str(theirs / "里面/论文.docx"), stamp]
    (work / "journal.json").write_text(json.dumps([away]), encoding="ascii")
    assert finish_moves(work) is None and mine.exists()


# What a PDF unpacks to


def deflated(block: bytes, times: int) -> bytes:
    """A block so many times, deflated piece by piece."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(block) for _ in range(times)) + packer.flush()


def pdf_with(place: str, data: bytes, packed: list[str]) -> bytes:
    """A PDF of one page with this stream in one of the places that readers unpack."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    held = pdf.make_indirect(pikepdf.Stream(pdf, data))
    held.Filter = Array([Name(name) for name in packed])
    content = b"0 0 m 9 9 l S"
    if place == "content":
        page.Contents = held
    elif place == "form":
        held.Type, held.Subtype, held.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
        page.Resources, content = Dictionary(XObject=Dictionary(F=held)), b"/F Do"
    elif place == "cmap":
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=held
        )
        page.Resources = Dictionary(Font=Dictionary(F=font))
        content = b"BT /F 12 Tf 50 700 Td (Text) Tj ET"
    if place != "content":
        page.Contents = pikepdf.Stream(pdf, content)
    made = BytesIO()
    pdf.save(made, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


@pytest.mark.parametrize("place", ["content", "form", "cmap"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_no_drawing_or_font_unpacks_to_is_refused_by_name(
    minimal: Path, monkeypatch: pytest.MonkeyPatch, place: str, times: int
) -> None:
    """Packed once or twice: the main process never gets to see it."""
    with_limits(monkeypatch, max_content_bytes=3_000_000)
    data = deflated(b" " * 1_000_000, 4)
    if times == 2:
        data = zlib.compress(data, 9)
    (minimal / LEASE).write_bytes(pdf_with(place, data, ["/FlateDecode"] * times))
    found = only(pipeline.check(minimal), "attachment-too-large")
    assert found.where == LEASE and "3 MB" in found.message


def test_what_a_drawing_may_unpack_to_is_taken(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_limits(monkeypatch, max_content_bytes=3_000_000)
    data = deflated(b" " * 999_999 + b"\n", 2)
    (minimal / LEASE).write_bytes(pdf_with("content", data, ["/FlateDecode"]))
    assert "attachment-too-large" not in codes(pipeline.check(minimal))


# The machine's memory


def test_a_batch_takes_no_more_memory_than_the_machine_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for size in (1, 4, 8, 16, 64):
        monkeypatch.setattr(memory, "machine_memory", lambda size=size: size * 10**9)
        processes = most_processes()
        share = memory_share(processes)
        assert processes >= 1 and share is not None and share >= 10**9
        assert memory_share(1) == max(10**9, int(0.8 * size * 10**9) - 5 * 10**8)


def test_a_containers_bound_counts(tmp_path: Path) -> None:
    bound = tmp_path / "memory.max"
    whole = machine_memory()
    bound.write_text("max\n", encoding="utf-8")
    assert machine_memory(bound) == whole
    bound.write_text("1000000\n", encoding="utf-8")
    assert machine_memory(bound) == 1_000_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="not to be known there")
def test_a_file_that_takes_more_than_its_share_is_the_machines_matter_and_not_remembered(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv(MEMORY_SHARE, "1000000")
        found: Any = [each for each in pipeline.check(minimal) if each.severity == "error"]
    assert set(codes(found)) == {"machine-killed"}
    assert exit_code_for(pipeline.check(minimal)) == ExitCode.DONE
