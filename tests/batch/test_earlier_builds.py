"""`batch --since`: what of each applicant's volume is printed again."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from sjs_forms.base.errors import OutputUnwritable, UsageFault
from sjs_forms.base.manifest import (
    MANIFEST,
    DividerSheet,
    File,
    Manifest,
    Moved,
    PrintEntry,
    Reprinted,
    Since,
    Stock,
    Tool,
)
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.batch.earlier_builds import EarlierBuilds
from sjs_forms.batch.execution.cluster_payload import carry_out_payload, pack, unload
from sjs_forms.batch.execution.task import Outcome, Task
from sjs_forms.batch.outputs.overview.applicant_rows import applicant_rows
from sjs_forms.batch.outputs.overview.overview_files import PAGE, WORKBOOK
from sjs_forms.batch.outputs.overview.print_totals import print_totals
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.cli.commands import main
from sjs_forms.jobs.options import PLAIN, Options
from tests.batch.outputs.overview.test_overview import verdict
from tests.batches import Desk, applicants
from tests.samples import put, write_application

CODES = "911101087000000016", "91110107MAYYYYY553"


def rows(place: Path, *people: dict[str, Any]) -> tuple[SourceRow, ...]:
    source = place / "名单.json"
    source.write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    return read_sources([source], place / "成册")


def built(place: Path, folder: str, name: str | None, code: str | None) -> Path:
    """The folder of an earlier build, as far as it is looked for."""
    (place / folder).mkdir(parents=True)
    manifest = {"tool": {"name": "x"}, "applicant": {"name": name, "uscc": code}}
    (place / folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return place / folder


def person(name: str, code: str | None = None) -> dict[str, Any]:
    made = applicants(1)[0]
    return {**made, "applicant": {"name": name, "uscc": code}}


def test_an_earlier_build_is_found_by_code_or_else_by_name(tmp_path: Path) -> None:
    old = tmp_path / "旧"
    first = built(old, "007_旧名", "旧名", CODES[0])
    second = built(old, "001_乙公司", "乙公司", None)
    renamed, same, other = rows(
        tmp_path, person("新名", CODES[0]), person("乙公司", CODES[1]), person("丙公司")
    )
    builds = EarlierBuilds(old)
    assert builds.of(renamed) == (first, ())
    assert builds.of(same) == (second, ())
    assert builds.of(other) == (None, ())


def test_the_same_name_with_another_code_is_another_applicant_and_this_is_said(
    tmp_path: Path,
) -> None:
    built(tmp_path / "旧", "001_甲公司", "甲公司", CODES[0])
    (row,) = rows(tmp_path, person("甲公司", CODES[1]))
    folder, (found,) = EarlierBuilds(tmp_path / "旧").of(row)
    assert folder is None and found.code == "batch-not-compared" and "001_甲公司" in found.message


def test_of_two_earlier_builds_none_is_chosen_and_this_is_said(tmp_path: Path) -> None:
    for number in (4, 5):
        built(tmp_path / "旧", f"00{number}_甲公司", "甲公司", None)
    (row,) = rows(tmp_path, person("甲公司"))
    folder, (found,) = EarlierBuilds(tmp_path / "旧").of(row)
    assert folder is None and found.code == "batch-not-compared" and "004_甲公司" in found.message


def test_a_new_folder_files_everybody_under_the_number_of_the_earlier_one(tmp_path: Path) -> None:
    first, second, third = applicants(3)
    source, old, out = tmp_path / "名单.json", tmp_path / "已印", tmp_path / "成册"
    for people, place, since_ in (
        ([first, second], old, None),
        ([third, second, first], out, old),
    ):
        source.write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
        how = BatchOptions(PLAIN, Desk(), since=since_)
        done = batch(source, place, how, lambda *_: None, lambda: False)
    numbers = {each.name: each.filed for each in done.verdicts}
    assert numbers == {"样例单位1": "001", "样例单位2": "002", "样例单位3": "003"}


def test_broken_manifests_are_passed_over(tmp_path: Path) -> None:
    (built(tmp_path / "旧", "001_甲", "甲", None) / MANIFEST).write_text("[1", encoding="utf-8")
    (built(tmp_path / "旧", "002_乙", "乙", None) / MANIFEST).write_text("[]", encoding="utf-8")
    with pytest.raises(UsageFault, match="没有生成好的成册"):
        EarlierBuilds(tmp_path / "旧")


def since(again: int, new: int, moved: int, gone: int) -> Since:
    return Since(
        files=(),
        unchanged=(1,),
        moved=tuple(Moved(sheet=n, was=n) for n in range(moved)),
        reprint=tuple(Reprinted(sheet=n, was=n, reason="x") for n in range(again)),
        new=tuple(range(new)),
        gone=tuple(range(gone)),
    )


def volume(compared: Since | None, sheets: int = 30) -> Manifest:
    job = {"copies": 6, "sheets_per_copy": sheets, "sides_per_copy": 2 * sheets}
    files = (File(file="a", sha256="b", bytes=1),)
    made = Manifest.model_validate({"tool": Tool(name="x"), "files": files, "print": job})
    return made.saying(since=compared)


def test_the_overview_says_how_many_sheets_each_applicant_needs() -> None:
    verdicts = [verdict(1), verdict(2), verdict(3)]
    compared = (since(3, 2, 1, 4), since(0, 0, 0, 0), None)
    manifests = {
        each.folder or "": [volume(one)] for each, one in zip(verdicts, compared, strict=True)
    }
    made = applicant_rows(verdicts, manifests)
    assert [row.reprint for row in made] == [
        "重印 3 张、新印 2 张、移位 1 张、抽出 4 张",
        "不用补印",
        "整册",
    ]
    assert print_totals(made).to_print == 6 * (3 + 2) + 0 + 6 * 30


def test_the_totals_of_a_reprint_count_paper_only_for_what_is_printed() -> None:
    jobs = volume(since(0, 0, 0, 0)), volume(None)
    wrap = File(file="封面书脊.pdf", sha256="old", bytes=1)
    compared = since(0, 2, 0, 0).model_copy(update={"files": (wrap,), "new": (3, 4)})
    coloured = [DividerSheet(sheet=n, side=2 * n - 1, material="x", colour="#fff",
                             colour_name="浅红") for n in (3, 9)]  # fmt: skip
    job = PrintEntry(copies=6, sheets_per_copy=30, sides_per_copy=60, spine_mm=3.1,
                     coloured_sheets=(3, 9), dividers="paper", divider_sheets=tuple(coloured),
                     stock=Stock(id="80g", title="80 克", caliper_mm=0.1),
                     cover=Stock(id="250g", title="白卡", caliper_mm=0.2))  # fmt: skip
    changed = Manifest.model_validate({"tool": Tool(name="x"), "files": (), "print": job})
    verdicts = [verdict(1), verdict(2), verdict(3)]
    every = (*jobs, changed.saying(since=compared))
    rows_ = applicant_rows(
        verdicts, {v.folder or "": [m] for v, m in zip(verdicts, every, strict=True)}
    )
    totals = print_totals(rows_)
    assert rows_[2].reprint == "新印 2 张、换封面"
    assert totals.to_print == 6 * 30 + 6 * 2
    assert totals.stocks == {"80 克": 6, "浅红彩纸": 6} and totals.colour_sheets == 6
    assert totals.covers == {"白卡": 6} and totals.spines == {0.0: 1, 3.1: 1}


def test_without_a_comparison_nothing_is_said_of_reprints() -> None:
    made = applicant_rows([verdict(1)], {"001_单位": [volume(None)]})
    assert print_totals(made).to_print is None


class Builder(Desk):
    """An executor that really builds, here, what is sent as to another machine."""

    def submit(self, task: Task) -> "Future[Any]":
        self.handed_in.append(task.out.name)
        future: Future[Any] = Future()
        future.set_result(carry_out_payload(pack(task)))
        return future

    def receive(self, task: Task, future: "Future[Any]") -> Outcome:
        delivery = future.result()
        unload(delivery, task.out)
        outcome: Outcome = delivery.outcome
        return outcome


def test_a_second_batch_prints_only_what_has_changed(tmp_path: Path) -> None:
    first, second = applicants(2)
    source = tmp_path / "各单位"
    write_application(source / "甲", first)
    how = BatchOptions(Options(draft=True), Builder())
    batch(source, tmp_path / "已印", how, lambda *_: None, lambda: False)
    write_application(source / "甲", put(first, "contact.phone", "010-87654321"))
    write_application(source / "乙", second)
    how = BatchOptions(Options(draft=True), Builder(), since=tmp_path / "已印")
    done = batch(source, tmp_path / "成册", how, lambda *_: None, lambda: False)
    assert not done.failed
    sheet = load_workbook(tmp_path / "成册" / WORKBOOK).worksheets[0]
    column = [cell.value for cell in sheet[2]].index("补印（每册）")
    told = {row[1].value: row[column].value for row in sheet.iter_rows(min_row=3)}
    assert told["样例单位1"] == "重印 2 张、换封面", "the telephone is on three sides"
    assert told["样例单位2"] == "整册"
    assert (tmp_path / "成册" / "001_样例单位1" / "补印.pdf").is_file()
    assert "重印 2 张" in (tmp_path / "成册" / PAGE).read_text(encoding="utf-8")


class Printed:
    """Applicants whose volumes were built, and printed, by an earlier batch."""

    def __init__(self, place: Path, count: int, split: bool = False) -> None:
        self.place, self.options = place, Options(draft=True, split=split)
        self.people = applicants(count)
        for number, answers in enumerate(self.people, 1):
            write_application(place / "各单位" / f"单位{number}", answers)
        self.run("已印")

    def correct(self, number: int) -> None:
        """Correct an answer of an applicant."""
        made = put(self.people[number - 1], "contact.phone", "010-87654321")
        write_application(self.place / "各单位" / f"单位{number}", made)

    def run(self, out: str, since_: str | None = None, fresh: bool = False) -> list[str]:
        """Run a batch, and return the folders that were really built."""
        earlier = self.place / since_ if since_ else None
        desk = Builder()
        how = BatchOptions(self.options, desk, fresh, since=earlier)
        source = self.place / "各单位"
        done = batch(source, self.place / out, how, lambda *_: None, lambda: False)
        assert not done.failed
        return desk.handed_in

    def written(self, out: str) -> dict[str, bytes]:
        """Return every file of the applicants' folders."""
        place = self.place / out
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(place.glob("0*/**/*"))
            if path.is_file()
        }


@pytest.mark.parametrize("split", [False, True])
def test_what_has_not_changed_since_it_was_printed_is_copied_as_a_build_would_write_it(
    tmp_path: Path, split: bool
) -> None:
    printed = Printed(tmp_path, 2, split)
    printed.correct(2)
    assert printed.run("成册", "已印") == ["002_样例单位2"]
    assert printed.run("全部重做", "已印", fresh=True) == ["001_样例单位1", "002_样例单位2"]
    assert printed.written("成册") == printed.written("全部重做")
    assert printed.run("成册", "已印") == []


def test_what_was_harmed_after_it_was_built_is_not_copied(tmp_path: Path) -> None:
    printed = Printed(tmp_path, 2)
    harmed = tmp_path / "已印" / "001_样例单位1" / "装订版.pdf"
    harmed.write_bytes(harmed.read_bytes()[:-1] + b"x")
    (tmp_path / "已印" / "002_样例单位2" / "封面书脊.pdf").unlink()
    assert printed.run("成册", "已印") == ["001_样例单位1", "002_样例单位2"]


def test_a_second_reprint_says_only_what_differs_from_the_first(tmp_path: Path) -> None:
    printed = Printed(tmp_path, 1)
    printed.correct(1)
    printed.run("补印一次", "已印")
    assert (tmp_path / "补印一次" / "001_样例单位1" / "补印.pdf").is_file()
    assert printed.run("再补一次", "补印一次") == []
    printed.run("全部重做", "补印一次", fresh=True)
    assert "001_样例单位1/补印.pdf" not in printed.written("再补一次")
    assert printed.written("再补一次") == printed.written("全部重做")


def test_nothing_is_taken_from_a_build_that_could_not_be_compared(tmp_path: Path) -> None:
    printed = Printed(tmp_path, 1)
    manifest = tmp_path / "已印" / "001_样例单位1" / MANIFEST
    said = json.loads(manifest.read_text(encoding="utf-8"))
    for side in said["sides"]:
        del side["sha256"]
    manifest.write_text(json.dumps(said), encoding="utf-8")
    assert printed.run("没有比", "已印") == ["001_样例单位1"]
    assert printed.run("成册", "没有比") == ["001_样例单位1"], (
        "else its warning would be told again"
    )


def test_a_folder_with_files_of_others_is_not_replaced_by_a_copy(tmp_path: Path) -> None:
    printed = Printed(tmp_path, 1)
    (tmp_path / "成册" / "001_样例单位1").mkdir(parents=True)
    (tmp_path / "成册" / "001_样例单位1" / "手记.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputUnwritable, match="手记"):
        printed.run("成册", "已印")
    assert [path.name for path in (tmp_path / "成册" / "001_样例单位1").iterdir()] == ["手记.txt"]


class Loser(Builder):
    """Builds after the manifest to compare with has disappeared."""

    def submit(self, task: Task) -> "Future[Any]":
        assert task.options.since
        (task.options.since / MANIFEST).unlink()
        return super().submit(task)


@pytest.mark.parametrize("desk", [Loser(), Builder()])
def test_a_manifest_that_disappears_meanwhile_is_told_and_stops_nothing(
    tmp_path: Path, desk: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a build, or before it is known whether one is needed."""
    printed = Printed(tmp_path, 1)
    printed.correct(1)
    if not isinstance(desk, Loser):
        of = EarlierBuilds.of

        def loses(self: EarlierBuilds, row: SourceRow) -> Any:
            found = of(self, row)
            (tmp_path / "已印" / "001_样例单位1" / MANIFEST).unlink()
            return found

        monkeypatch.setattr(EarlierBuilds, "of", loses)
    how = BatchOptions(printed.options, desk, since=tmp_path / "已印")
    done = batch(tmp_path / "各单位", tmp_path / "成册", how, lambda *_: None, lambda: False)
    (verdict_,) = done.verdicts
    assert verdict_.status == "built"
    (told,) = [each for each in verdict_.findings if each.code == "batch-not-compared"]
    assert "001_样例单位1" in told.message and MANIFEST in told.message


def test_the_folder_to_compare_with_cannot_be_the_output(tmp_path: Path) -> None:
    write_application(tmp_path / "各单位" / "甲", applicants(1)[0])
    built(tmp_path / "成册", "001_甲", "甲", None)
    for words in ((), ("--check",)):
        line = ["batch", str(tmp_path / "各单位"), "-o", str(tmp_path / "成册")]
        ended = CliRunner().invoke(main, [*line, "--since", str(tmp_path / "成册"), *words])
        assert ended.exit_code == 2 and "--since" in ended.stderr
