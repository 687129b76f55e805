"""A run that would only say the same again reads nothing, and any change is noticed."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.base.errors import OutputUnwritable
from sjs_forms.batch import last_run
from sjs_forms.batch.batch_folder import STATE, alone_in
from sjs_forms.batch.batch_run import Batch, BatchOptions, batch
from sjs_forms.batch.execution.task import Task
from sjs_forms.batch.outputs.report import REPORT_CSV, REPORT_JSON, Verdict
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.batch.sources.own_scans import OWN_SCANS
from sjs_forms.jobs.options import PLAIN, Options
from tests.batches import Desk, faulty, folder_of_applications
from tests.rosters import with_answers
from tests.samples import write_pdf

RECORD = f"{STATE}/last-run.json"


class Place:
    """A folder with three applications, and a batch of them."""

    def __init__(self, place: Path) -> None:
        self.source = folder_of_applications(place / "各单位", 3)
        self.out = place / "成册"

    def run(self, desk: Desk | None = None, options: Options = PLAIN, **how: Any) -> Batch:
        chosen = BatchOptions(options, desk or Desk(), **how)
        return batch(self.source, self.out, chosen, lambda *_: None, lambda: False)

    def report(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads((self.out / REPORT_JSON).read_bytes())
        return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, ...]]:
    """The sources of each run in which they were read."""
    read: list[tuple[Path, ...]] = []

    def counted(given: tuple[Path, ...], *args: Any) -> Any:
        read.append(given)
        return read_sources(given, *args)

    monkeypatch.setattr("sjs_forms.batch.batch_run.read_sources", counted)
    return read


def told(done: Batch) -> list[Verdict]:
    return [replace(each, seconds=0.0) for each in done.verdicts]


def test_a_run_in_which_nothing_has_changed_reads_no_application(
    place: Place, reads: list[tuple[Path, ...]]
) -> None:
    place.run()
    again = place.run()
    assert len(reads) == 1
    assert [each.status for each in again.verdicts] == ["unchanged"] * 3


def test_it_says_what_a_run_that_reads_everything_says(place: Place) -> None:
    (place.source / "单位2/attachments/闲置.pdf").write_bytes(b"x")
    place.run()
    quick = place.run()
    said = place.report(), (place.out / REPORT_CSV).read_text(encoding="utf-8-sig").count("\n")
    (place.out / RECORD).unlink()
    slow = place.run()
    assert any(each.findings for each in slow.verdicts)
    assert told(quick) == told(slow)
    assert (quick.total, quick.unknown_folders) == (slow.total, slow.unknown_folders)
    assert said == (
        place.report(),
        (place.out / REPORT_CSV).read_text(encoding="utf-8-sig").count("\n"),
    )


def test_it_leaves_every_other_file_as_it_is(place: Place) -> None:
    place.run()
    place.run()
    before = {path: path.stat().st_mtime_ns for path in place.out.rglob("*") if path.is_file()}
    place.run()
    after = {path: path.stat().st_mtime_ns for path in place.out.rglob("*") if path.is_file()}
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert changed <= {REPORT_CSV, REPORT_JSON, "lock"}
    assert after.keys() == before.keys()


def test_folders_of_no_row_are_named_each_time(place: Place) -> None:
    place.run()
    shutil.rmtree(place.source / "单位3")
    assert place.run().unknown_folders == ("003_样例单位3",)
    assert place.run().unknown_folders == ("003_样例单位3",)


def _answers(place: Place) -> None:
    file = place.source / "单位2/application.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace("样例单位2", "样例单位二"), encoding="utf-8"
    )


def _one_more(place: Place) -> None:
    folder_of_applications(place.source.parent / "更多", 4)
    (place.source.parent / "更多/单位4").rename(place.source / "单位4")


def _scan(place: Place) -> None:
    write_pdf(place.out / OWN_SCANS / "001_样例单位1" / "申报书.pdf")


CHANGES: dict[str, Callable[[Place], object]] = {
    "an answer": _answers,
    "one more application": _one_more,
    "one less": lambda place: shutil.rmtree(place.source / "单位2"),
    "a file more": lambda place: (place.source / "单位1/attachments/新.pdf").write_bytes(b"x"),
    "an empty folder": lambda place: (place.source / "单位1/attachments/9-新").mkdir(),
    "another name": lambda place: (place.source / "单位3").rename(place.source / "0单位"),
    "a volume changed": lambda place: (place.out / "001_样例单位1/manifest.json").write_bytes(b"x"),
    "a volume gone": lambda place: shutil.rmtree(place.out / "002_样例单位2"),
    "the overview gone": lambda place: (place.out / "总览.html").unlink(),
    "the ledger gone": lambda place: (place.out / STATE / "ledger.jsonl").unlink(),
    "the numbers gone": lambda place: (place.out / STATE / "numbers.json").unlink(),
    "a scan of the office's": _scan,
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_judged_as_by_a_run_that_reads_everything(
    change: str, tmp_path: Path
) -> None:
    one, other = Place(tmp_path / "甲"), Place(tmp_path / "乙")
    for place in (one, other):
        place.run()
        place.run()
        CHANGES[change](place)
    (other.out / RECORD).unlink()
    assert told(one.run()) == told(other.run())
    assert one.report() == other.report()


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_read(change: str, place: Place, reads: list[tuple[Path, ...]]) -> None:
    place.run()
    CHANGES[change](place)
    place.run()
    assert len(reads) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows records no time of the last status change")
def test_other_answers_of_the_same_size_and_time_are_read(
    place: Place, reads: list[tuple[Path, ...]]
) -> None:
    file = place.source / "单位2/application.json"
    place.run()
    known = file.stat()
    file.write_text(
        file.read_text(encoding="utf-8").replace("样例单位2", "样例单位5"), encoding="utf-8"
    )
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert file.stat().st_size == known.st_size
    assert place.run().verdicts[1].name == "样例单位5"
    assert len(reads) == 2


@pytest.mark.parametrize(
    "how",
    [{"options": Options(draft=True)}, {"fresh": True}, {"work": "check"}, {"programme_id": "x"}],
)
def test_another_way_is_another_run(
    how: dict[str, Any], place: Place, reads: list[tuple[Path, ...]]
) -> None:
    place.run()
    place.run(**how)
    assert len(reads) == 2


def test_another_version_of_this_program_is_another_run(
    place: Place, reads: list[tuple[Path, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.run()
    monkeypatch.setattr(last_run, "tool_digest", lambda: "another")
    place.run()
    assert len(reads) == 2


def test_an_application_that_failed_is_tried_again(
    place: Place, reads: list[tuple[Path, ...]]
) -> None:
    def fails(task: Task) -> None:
        if task.out.name.startswith("002"):
            faulty()

    place.run(Desk(fails))
    again = place.run()
    assert len(reads) == 2
    assert [each.status for each in again.verdicts] == ["unchanged", "built", "unchanged"]


def test_what_changes_during_a_run_is_read_by_the_next(
    place: Place, reads: list[tuple[Path, ...]]
) -> None:
    def edits(task: Task) -> None:
        if task.out.name.startswith("003"):
            _answers(place)

    place.run(Desk(edits))
    assert place.run().verdicts[1].name == "样例单位二"
    assert len(reads) == 2


def test_a_volume_that_was_changed_while_the_others_were_built_is_not_taken_for_whole(
    place: Place,
) -> None:
    def spoils(task: Task) -> None:
        if task.out.name.startswith("003"):
            manifest = place.out / "001_样例单位1/manifest.json"
            manifest.write_bytes(manifest.read_bytes() + b" ")

    place.run(Desk(spoils))
    assert place.run().verdicts[0].status == "built"


def test_folders_beside_a_roster_belong_to_it(
    tmp_path: Path, reads: list[tuple[Path, ...]]
) -> None:
    place = Place(tmp_path)
    place.source = with_answers(tmp_path / "名册.xlsx", {"申报单位": "甲公司"})
    place.run()
    place.run()
    assert len(reads) == 1
    write_pdf(tmp_path / "甲公司材料/2-场地租赁合同/合同.pdf")
    place.run()
    assert len(reads) == 2


def test_links_lead_elsewhere_so_that_all_is_read(
    tmp_path: Path, place: Place, reads: list[tuple[Path, ...]]
) -> None:
    (place.source / "单位1").rename(tmp_path / "别处")
    try:
        (place.source / "单位1").symlink_to(tmp_path / "别处", target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    place.run()
    place.run()
    assert len(reads) == 2


def test_a_tree_that_is_too_large_is_read(
    place: Place, reads: list[tuple[Path, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.base.files.file_stamps.MAX_ENTRIES", 5)
    place.run()
    place.run()
    assert len(reads) == 2


@pytest.mark.parametrize("record", [b"", b"[]", b"{", b'{"inputs": 1}', b"\xff"])
def test_a_broken_record_is_none(
    record: bytes, place: Place, reads: list[tuple[Path, ...]]
) -> None:
    place.run()
    (place.out / RECORD).write_bytes(record)
    place.run()
    place.run()
    assert len(reads) == 2


def test_the_output_folder_may_lie_among_the_applications(
    place: Place, reads: list[tuple[Path, ...]]
) -> None:
    place.out = place.source / "成册"
    place.run()
    place.run()
    assert len(reads) == 1


def test_a_second_batch_is_refused_also_if_nothing_has_changed(place: Place) -> None:
    place.run()
    with alone_in(place.out), pytest.raises(OutputUnwritable):
        place.run()


def test_it_can_be_stopped(place: Place) -> None:
    place.run()
    seen: list[str] = []
    chosen = BatchOptions(PLAIN, Desk())
    done = batch(
        place.source,
        place.out,
        chosen,
        lambda verdict, _: seen.append(verdict.name),
        lambda: bool(seen),
    )
    assert not done.complete
    assert len(place.report()) == 1
    assert place.run().complete


def test_what_a_stopped_run_left_unwritten_is_written_by_the_next(place: Place) -> None:
    seen: list[str] = []
    batch(
        place.source,
        place.out,
        BatchOptions(PLAIN, Desk()),
        lambda verdict, _: seen.append(verdict.name),
        lambda: len(seen) == 3,
    )
    assert not (place.out / "总览.html").exists()
    place.run()
    assert (place.out / "总览.html").exists()
