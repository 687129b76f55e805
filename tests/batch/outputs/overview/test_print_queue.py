"""What goes to the print shop with a batch: the totals and all job sheets, labels, receipts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2

from sjs_forms.base.manifest import MANIFEST, PrintEntry, Reprinted, Since, VolumeEntry
from sjs_forms.batch.outputs.common_files import CommonFiles
from sjs_forms.batch.outputs.overview.applicant_rows import ApplicantRow, applicant_rows
from sjs_forms.batch.outputs.overview.print_queue import (
    JOB_SHEETS,
    LABELS,
    RECEIPTS,
    write_print_queue,
)
from sjs_forms.batch.outputs.overview.print_totals import print_totals
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.volume.built_folder import manifests_of, volumes_of
from tests.batch.outputs.overview.test_overview import PAPER, manifest, verdict
from tests.word_text import text_of_word

PROGRAMME = load_programme()


def texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [str(page.get_textpage().get_text_range()) for page in pdf]


def built(folder: Path, *volumes: str) -> None:
    """A built folder of so many volumes, with job sheets 101, 102, … points wide."""
    entries = tuple(VolumeEntry(folder=name) for name in volumes)
    whole = manifest(PrintEntry()).model_copy(update={"parts": (), "sides": ()})
    folder.mkdir()
    for number, each in enumerate([folder / name for name in volumes] or [folder], 1):
        each.mkdir(exist_ok=True)
        (each / MANIFEST).write_bytes(whole.as_bytes())
        with pikepdf.new() as sheet:
            sheet.add_blank_page(page_size=(100 + number, 842))
            sheet.save(each / "印制单.pdf")
    if volumes:
        several = whole.model_copy(update={"volumes": entries})
        (folder / MANIFEST).write_bytes(several.as_bytes())


def write_queue(files: CommonFiles, rows: Sequence[ApplicantRow]) -> None:
    volumes = {row.folder: volumes_of(files.out / row.folder) for row in rows if row.folder}
    write_print_queue(files, PROGRAMME, rows, print_totals(rows), volumes)


def test_job_sheets_of_several_volumes_come_in_their_order(tmp_path: Path) -> None:
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    one = verdict(1)
    built(tmp_path / (one.folder or ""), "第一册", "第二册", "第三册", "第四册")
    found = manifests_of(tmp_path / (one.folder or ""))
    assert tuple(found) == volumes_of(tmp_path / (one.folder or "")), "in the same order"
    rows = applicant_rows([one], {one.folder or "": [manifest(job)] * 4})
    write_queue(CommonFiles(tmp_path), rows)
    with pikepdf.open(tmp_path / JOB_SHEETS) as queue:
        assert [int(page.mediabox[2]) for page in queue.pages][1:] == [101, 102, 103, 104]


def test_the_totals_say_what_of_each_volume_is_printed_again(tmp_path: Path) -> None:
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    again = (Reprinted(sheet=2, was=2, reason="x"), Reprinted(sheet=5, was=5, reason="x"))
    compared = Since(files=(), unchanged=(), moved=(), reprint=again, new=(), gone=())
    one = verdict(1)
    built(tmp_path / (one.folder or ""))
    rows = applicant_rows([one], {one.folder or "": [manifest(job).saying(since=compared)]})
    write_queue(CommonFiles(tmp_path), rows)
    totals, _ = texts(tmp_path / JOB_SHEETS)
    assert "补印（每册）" in totals and "重印 2 张" in totals


def test_no_draft_goes_to_the_print_shop(tmp_path: Path) -> None:
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    one, two = verdict(1), verdict(2)
    draft = manifest(job).model_copy(update={"draft": True})
    for each in (one, two):
        built(tmp_path / (each.folder or ""))
    manifests = {one.folder or "": [manifest(job)], two.folder or "": [draft]}
    rows = applicant_rows([one, two], manifests)
    write_queue(CommonFiles(tmp_path), rows)
    assert len(texts(tmp_path / JOB_SHEETS)) == 2, "the totals, and one job sheet"
    labels = "".join(texts(tmp_path / LABELS))
    assert one.name in labels and two.name not in labels
    rows = applicant_rows([two], manifests)
    write_queue(CommonFiles(tmp_path), rows)
    assert not {JOB_SHEETS, LABELS, RECEIPTS} & {path.name for path in tmp_path.iterdir()}


def test_totals_come_first_and_then_each_job_sheet_in_order(tmp_path: Path) -> None:
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    verdicts = [verdict(number) for number in range(1, 13)]
    for each in verdicts:
        built(tmp_path / (each.folder or ""))
    rows = applicant_rows(verdicts, {each.folder or "": [manifest(job)] for each in verdicts})
    write_queue(CommonFiles(tmp_path), rows)
    first, *sheets = texts(tmp_path / JOB_SHEETS)
    assert "付印总单" in first and "2,520" in first, "12 × 6 × 35 sheets"
    assert len(sheets) == 12
    labels = texts(tmp_path / LABELS)
    assert len(labels) == 2, "ten labels a page"
    assert all(f"单位{number}" in "".join(labels) for number in range(1, 13))
    receipts = text_of_word((tmp_path / RECEIPTS).read_bytes())
    assert [line for line in receipts if line.startswith("单位") and line != "单位名称"] == [
        f"单位{number}" for number in range(1, 13)
    ]
    with pikepdf.open(tmp_path / LABELS) as pdf:
        assert [round(float(edge)) for edge in pdf.pages[0].mediabox] == [0, 0, 595, 842]


def test_a_character_that_no_page_can_show_spoils_no_queue(tmp_path: Path) -> None:
    job = PrintEntry(copies=6, sides_per_copy=70, sheets_per_copy=35, spine_mm=4.5, stock=PAPER)
    odd = replace(verdict(1), name="甲\x01\ud800\ufffe公司", filed="受理😀1")
    built(tmp_path / (odd.folder or ""))
    rows = applicant_rows([odd], {odd.folder or "": [manifest(job)]})
    write_queue(CommonFiles(tmp_path), rows)
    assert r"甲\u0001\ud800\ufffe公司" in text_of_word((tmp_path / RECEIPTS).read_bytes())
    assert "受理〓1" in "".join(texts(tmp_path / LABELS))


def test_nothing_ready_leaves_no_queue_of_an_earlier_run(tmp_path: Path) -> None:
    rows = applicant_rows([verdict(1, status="failed")], {})
    with CommonFiles(tmp_path) as files:
        for name in (JOB_SHEETS, LABELS, RECEIPTS):
            files.write(name, b"x")
        write_queue(files, rows)
    assert [path.name for path in tmp_path.iterdir()] == [".batch"] and not files.kept
