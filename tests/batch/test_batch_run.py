"""What a batch promises, with builds that take no time."""

import csv
import json
import os
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import OutputUnwritable, UsageFault
from sjs_forms.batch.batch_run import Batch, BatchOptions, batch
from sjs_forms.batch.execution.executors import ProcessDied
from sjs_forms.batch.execution.task import Task
from sjs_forms.batch.outputs import summary_files
from sjs_forms.batch.outputs.report import Report, Verdict
from sjs_forms.jobs.options import PLAIN, Options
from tests.batches import Desk, faulty, folder_of_applications
from tests.rosters import with_answers
from tests.samples import the_programme, write_application, write_pdf


def run(
    source: Path, out: Path, desk: Desk | None = None, fresh: bool = False, options: Options = PLAIN
) -> Batch:
    return batch(
        source, out, BatchOptions(options, desk or Desk(), fresh), lambda *_: None, lambda: False
    )


def statuses(done: Batch) -> list[str]:
    return [verdict.status for verdict in done.verdicts]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return folder_of_applications(tmp_path / "各单位", 3)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "成册"


def test_each_application_has_a_folder_named_by_its_place_and_its_applicant(
    source: Path, out: Path
) -> None:
    done = run(source, out)
    assert statuses(done) == ["built"] * 3
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == [
        ".batch",
        "001_样例单位1",
        "002_样例单位2",
        "003_样例单位3",
    ]


def test_each_volume_is_built_with_the_number_under_which_it_is_filed(
    source: Path, out: Path
) -> None:
    numbers: list[str] = []
    done = run(source, out, Desk(lambda task: numbers.append(task.options.filing_number)))
    assert numbers == [verdict.filed for verdict in done.verdicts] == ["001", "002", "003"]


def test_folders_come_in_natural_order(tmp_path: Path, out: Path) -> None:
    folder_of_applications(tmp_path / "各单位", 11)
    done = run(tmp_path / "各单位", out)
    assert [verdict.name for verdict in done.verdicts][-2:] == ["样例单位10", "样例单位11"]


def test_a_second_run_builds_nothing(source: Path, out: Path) -> None:
    run(source, out)
    desk = Desk()
    done = run(source, out, desk)
    assert statuses(done) == ["unchanged"] * 3
    assert (desk.handed_in, desk.left) == ([], 0)
    assert [verdict.pages for verdict in done.verdicts] == [10, 10, 10]


def test_an_unchanged_row_keeps_the_findings_of_its_build(source: Path, out: Path) -> None:
    (source / "单位1/attachments/闲置.pdf").write_bytes(b"x")
    first = run(source, out)
    assert [found.code for found in first.verdicts[0].findings] == ["attachment-unlisted"]
    assert run(source, out).verdicts[0].findings == first.verdicts[0].findings


@pytest.mark.parametrize("what", ["answers", "file", "more", "fewer", "title", "word"])
def test_only_what_changed_is_built_again(source: Path, out: Path, what: str) -> None:
    run(source, out)
    changed = source / "单位2"
    lease = changed / "attachments/2-场地租赁合同/租赁合同.pdf"
    if what == "answers":
        answers = json.loads((changed / "application.json").read_text(encoding="utf-8"))
        write_application(changed, {**answers, "remarks": "改了"})
    elif what == "file":
        write_pdf(lease, mark="9")
    elif what == "more":
        write_pdf(lease.with_name("发票.pdf"))
    elif what == "fewer":
        lease.unlink()
    elif what == "word":  # it may differ from the answers, which is told
        (changed / "附4-1_申报书.docx").write_bytes(b"x")
    else:
        lease.rename(lease.with_name("合同.pdf"))
    desk = Desk()
    assert statuses(run(source, out, desk)) == ["unchanged", "built", "unchanged"]
    assert desk.handed_in == ["002_样例单位2"]


def test_a_file_of_the_same_size_with_other_bytes_is_seen(source: Path, out: Path) -> None:
    lease = source / "单位1/attachments/2-场地租赁合同/租赁合同.pdf"
    run(source, out)
    data = bytearray(lease.read_bytes())
    data[-10] ^= 1
    lease.write_bytes(data)
    assert statuses(run(source, out))[0] == "built"


def test_a_file_only_touched_is_not_a_change(source: Path, out: Path) -> None:
    run(source, out)
    for path in source.rglob("*.pdf"):
        os.utime(path, ns=(1, 1))
    assert statuses(run(source, out)) == ["unchanged"] * 3


def test_the_source_may_move(source: Path, out: Path, tmp_path: Path) -> None:
    run(source, out)
    source.rename(tmp_path / "另一处")
    assert statuses(run(tmp_path / "另一处", out)) == ["unchanged"] * 3


def copied(place: Path) -> None:
    """As a copy leaves files: other times, the same bytes."""
    for path in place.rglob("*"):
        os.utime(path, ns=(1, 1))


def test_outputs_that_were_copied_are_not_built_again(source: Path, out: Path) -> None:
    run(source, out)
    copied(out)
    desk = Desk()
    assert statuses(run(source, out, desk)) == ["unchanged"] * 3 and not desk.handed_in


def test_a_copy_is_held_against_its_manifest_once(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(source, out)
    copied(out)
    run(source, out)
    read: list[Path] = []
    monkeypatch.setattr("sjs_forms.batch.ledger.digest", lambda path: read.append(path) or "")
    assert statuses(run(source, out)) == ["unchanged"] * 3
    assert read == []


@pytest.mark.parametrize("name", ["装订版.pdf", "manifest.json"])
def test_a_copy_with_a_file_of_other_bytes_is_built_again(
    source: Path, out: Path, name: str
) -> None:
    run(source, out)
    copied(out)
    path = out / "002_样例单位2" / name
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(data)
    assert statuses(run(source, out)) == ["unchanged", "built", "unchanged"]


@pytest.mark.parametrize("name", ["多.pdf", ".DS_Store", "~$4-1_申报书.docx"])
@pytest.mark.parametrize("is_copied", [False, True])
def test_a_file_that_lies_beside_a_volume_makes_no_change_of_it(
    source: Path, out: Path, name: str, is_copied: bool
) -> None:
    """To build it again would be refused because of that file, and the volume called outdated."""
    run(source, out)
    if is_copied:
        copied(out)
    (out / "002_样例单位2" / name).write_bytes(b"x")
    assert statuses(run(source, out)) == ["unchanged"] * 3
    (out / "002_样例单位2" / "装订版.pdf").write_bytes(b"x")
    assert statuses(run(source, out)) == ["unchanged", "built", "unchanged"]


def test_what_lay_beside_a_volume_when_it_was_built_is_no_part_of_it(
    source: Path, out: Path
) -> None:
    run(source, out)
    beside = out / "002_样例单位2" / ".DS_Store"
    beside.write_bytes(b"x")
    run(source, out, fresh=True)
    beside.write_bytes(b"xy")
    assert statuses(run(source, out)) == ["unchanged"] * 3


def test_a_folder_whose_name_differs_only_by_case_is_the_rows_own_where_systems_say_so(
    source: Path, out: Path
) -> None:
    for name in ("Abc公司", "ABC公司"):
        write_application(source / "单位2", {"applicant": {"name": name}})
        done = run(source, out)
    assert done.unknown_folders == ("002_Abc公司",)
    shutil.rmtree(out / "002_Abc公司")
    (out / "002_Abc公司").symlink_to(out / "002_ABC公司")  # one folder by either name
    assert run(source, out).unknown_folders == ()


def test_applicants_to_different_notices_that_come_twice_are_told_in_their_own_words(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first notice asks for no code."""
    notices = tmp_path / "通知"
    shutil.copytree(the_programme().folder, notices / "无代码")
    monkeypatch.setenv("SJS_FORMS_NOTICES", str(notices))
    for name, old, new in (
        ("fields.toml", "applicant_code =", "# applicant_code ="),
        ("programme.toml", f'id = "{the_programme().id}"', 'id = "无代码"'),
    ):
        file = notices / "无代码" / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    people = [
        {"programme": programme, "applicant": {"name": "甲", "uscc": "911101087000000016"}}
        for programme in ("无代码", the_programme().id)
    ]
    (tmp_path / "名单.json").write_text(json.dumps(people), encoding="utf-8")
    done = run(tmp_path / "名单.json", out)
    for verdict in done.verdicts:
        assert "batch-applicant-twice" in [found.code for found in verdict.findings]


def test_a_long_name_behind_a_long_number_stops_nobody(tmp_path: Path, out: Path) -> None:
    lines = [
        {"申报单位": "甲" * 60, "受理编号": "京石科受理字第号" * 5},
        {"申报单位": "乙公司", "受理编号": "2"},
    ]
    done = run(with_answers(tmp_path / "名册.xlsx", *lines), out)
    assert statuses(done) == ["built", "built"]
    wrong = [{**line, "起止年限（起）": "开春"} for line in lines]
    assert statuses(run(with_answers(tmp_path / "名册.xlsx", *wrong), out)) == ["failed", "failed"]
    assert len(list((out / "退补通知").iterdir())) == 4
    assert all(len(path.name.encode()) < 240 for path in out.rglob("*"))


def test_nothing_changed_writes_no_overview_anew(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(source, out)
    written: list[Path] = []
    monkeypatch.setattr(
        summary_files, "write_overview", lambda place, *_, **__: written.append(place) or {}
    )
    run(source, out)
    assert written == []
    (out / "总览.html").unlink()
    run(source, out)
    assert written == [out]


def test_an_overview_that_would_say_something_else_is_written(source: Path, out: Path) -> None:
    run(source, out)
    before = (out / "总览.html").read_bytes()
    (source / "单位1/attachments/闲置.pdf").write_bytes(b"x")
    run(source, out)
    assert (out / "总览.html").read_bytes() != before


def test_the_same_state_has_the_same_overview_whichever_run_built_it(
    source: Path, out: Path
) -> None:
    run(source, out)
    before = (out / "总览.html").read_bytes()
    (out / "总览.html").unlink()
    run(source, out)
    assert (out / "总览.html").read_bytes() == before


def test_another_way_to_build_is_a_change(source: Path, out: Path) -> None:
    run(source, out)
    assert statuses(run(source, out, options=Options(draft=True))) == ["built"] * 3


def test_another_version_of_the_tool_is_a_change(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(source, out)
    for module in ("ledger", "last_run"):
        monkeypatch.setattr(f"sjs_forms.batch.{module}.tool_digest", lambda: "other")
    assert statuses(run(source, out)) == ["built"] * 3


def test_fresh_builds_all(source: Path, out: Path) -> None:
    run(source, out)
    assert statuses(run(source, out, fresh=True)) == ["built"] * 3


@pytest.mark.parametrize("harm", ["changed", "gone", "folder"])
def test_what_was_built_and_then_harmed_is_built_again(source: Path, out: Path, harm: str) -> None:
    run(source, out)
    volume = out / "003_样例单位3/装订版.pdf"
    if harm == "changed":
        volume.write_bytes(b"")
    elif harm == "gone":
        volume.unlink()
    else:
        shutil.rmtree(volume.parent)
    assert statuses(run(source, out)) == ["unchanged", "unchanged", "built"]


def test_a_new_applicant_among_the_others_gets_the_next_number_and_renames_nothing(
    source: Path, out: Path
) -> None:
    run(source, out)
    write_application(source / "单位1之二", {"applicant": {"name": "新来的"}})
    desk = Desk()
    done = run(source, out, desk)
    assert desk.handed_in == ["004_新来的"]
    assert statuses(done) == ["unchanged", "built", "unchanged", "unchanged"]
    assert {path.name for path in out.iterdir() if path.name[0] == "0"} == {
        "001_样例单位1",
        "002_样例单位2",
        "003_样例单位3",
        "004_新来的",
    }
    assert done.unknown_folders == ()


def test_a_copy_of_an_application_is_built_and_leaves_the_first_where_it_is(
    source: Path, out: Path
) -> None:
    run(source, out)
    shutil.copytree(source / "单位1", source / "单位1-副本")
    assert sorted(statuses(run(source, out))) == ["built", "unchanged", "unchanged", "unchanged"]
    assert (out / "001_样例单位1/装订版.pdf").read_bytes() == (
        out / "004_样例单位1/装订版.pdf"
    ).read_bytes()


def test_a_folder_of_no_row_is_named_and_left(source: Path, out: Path) -> None:
    run(source, out)
    shutil.rmtree(source / "单位3")
    done = run(source, out)
    assert done.unknown_folders == ("003_样例单位3",)
    assert (out / "003_样例单位3/装订版.pdf").is_file()


def test_an_invisible_character_in_one_name_stops_no_other(tmp_path: Path, out: Path) -> None:
    source = tmp_path / "各单位.jsonl"
    names = "甲\\u0001公司", "乙\\ufffe公司", "丙\\ud800公司", "丁公司"
    source.write_text(
        "".join(f'{{"applicant": {{"name": "{name}"}}}}\n' for name in names), encoding="utf-8"
    )
    done = run(source, out)
    assert len(done.verdicts) == 4 and done.verdicts[3].status == "built"
    assert (out / "总览.xlsx").is_file()
    run(source, out)


def test_one_bad_application_stops_no_other(source: Path, out: Path) -> None:
    (source / "单位2/application.json").write_text("{", encoding="utf-8")
    done = run(source, out)
    assert statuses(done) == ["built", "failed", "built"]
    assert [found.code for found in done.failed[0].findings] == ["json-syntax"]


def test_a_fault_of_ours_is_a_verdict_too(source: Path, out: Path) -> None:
    done = run(source, out, Desk(lambda task: faulty() if "2" in task.out.name else None))
    assert statuses(done) == ["built", "failed", "built"]
    assert done.failed[0].findings[0].code == "batch-fault"


def test_a_failed_row_says_that_an_earlier_volume_still_lies_there(source: Path, out: Path) -> None:
    run(source, out)
    answers = json.loads((source / "单位2/application.json").read_text(encoding="utf-8"))
    write_application(source / "单位2", {**answers, "programme": "没有这一个"})
    assert run(source, out).verdicts[1].status == "failed"
    write_application(source / "单位2", {**answers, "remarks": "改了"})
    verdict = run(source, out, Desk(lambda _task: faulty())).verdicts[1]
    assert [found.code for found in verdict.findings] == ["batch-fault", "batch-earlier-kept"]
    assert verdict.folder == "002_样例单位2"
    assert (out / "002_样例单位2/装订版.pdf").is_file()


def test_a_failed_row_is_tried_again(source: Path, out: Path) -> None:
    answers = (source / "单位2/application.json").read_text(encoding="utf-8")
    (source / "单位2/application.json").write_text("{", encoding="utf-8")
    run(source, out)
    (source / "单位2/application.json").write_text(answers, encoding="utf-8")
    assert statuses(run(source, out)) == ["unchanged", "built", "unchanged"]


def test_a_process_that_dies_once_costs_its_application_nothing(source: Path, out: Path) -> None:
    died: list[str] = []

    def die_once(task: Task) -> None:
        if "2" in task.out.name and not died:
            died.append(task.out.name)
            raise ProcessDied

    desk = Desk(die_once)
    assert statuses(run(source, out, desk)) == ["built"] * 3
    assert desk.handed_in.count("002_样例单位2") == 2


def test_a_process_that_dies_twice_costs_its_application_and_no_other(
    source: Path, out: Path
) -> None:
    def die(task: Task) -> None:
        if "2" in task.out.name:
            raise ProcessDied

    desk = Desk(die)
    done = run(source, out, desk)
    assert statuses(done) == ["built", "failed", "built"]
    assert done.failed[0].findings[0].code == "batch-worker-died"
    assert desk.handed_in.count("002_样例单位2") == 2


def test_a_batch_that_is_stopped_keeps_what_is_done_and_goes_on_next_time(
    source: Path, out: Path
) -> None:
    seen: list[Verdict] = []
    how = BatchOptions(PLAIN, Desk())
    done = batch(source, out, how, lambda verdict, _: seen.append(verdict), lambda: bool(seen))
    assert not done.complete
    assert 1 <= len(done.verdicts) < 3
    assert [row["number"] for row in report_of(out)] == [v.number for v in done.verdicts]
    assert not (out / "总览.xlsx").exists(), "it would not know all of them"
    assert statuses(run(source, out)).count("unchanged") >= 1
    assert (out / "总览.xlsx").is_file()


def test_a_second_batch_into_the_same_folder_is_refused(source: Path, out: Path) -> None:
    refused: list[str] = []

    def begin_another(_task: Task) -> None:
        with pytest.raises(OutputUnwritable) as caught:
            run(source, out)
        refused.append(caught.value.message)

    assert statuses(run(source, out, Desk(begin_another))) == ["built"] * 3
    assert "另一个批量生成" in refused[0]


def test_applicants_that_come_twice_are_named(tmp_path: Path, out: Path) -> None:
    for number in (1, 2):
        write_application(
            tmp_path / f"各单位/{number}",
            {"applicant": {"name": f"单位{number}", "uscc": "91110107MAYYYYY553"}},
        )
    done = run(tmp_path / "各单位", out)
    assert ["编号 001、002 " in verdict.findings[-1].message for verdict in done.verdicts] == [
        True
    ] * 2


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ((None, None), ["名称相同"]),
        (("91110107MAYYYYY553", None), ["名称相同"]),
        (("91110107MAYYYYY553", "91110107MAXXXXX13X"), ["名称相同"]),
        (("91110107MAYYYYY553", "91110107MAYYYYY553"), ["代码相同"]),
    ],
)
def test_applicants_of_one_name_are_named_unless_their_code_says_it(
    tmp_path: Path, out: Path, codes: tuple[str | None, str | None], told: list[str]
) -> None:
    for number, (name, code) in enumerate(zip(("某 单位", "某单位"), codes, strict=True), 1):
        write_application(
            tmp_path / f"各单位/{number}", {"applicant": {"name": name, "uscc": code}}
        )
    done = run(tmp_path / "各单位", out)
    for verdict in done.verdicts:
        doubts = [found for found in verdict.findings if found.code == "batch-applicant-twice"]
        assert len(doubts) == 1 and told[0] in doubts[0].message


def test_the_output_folder_may_lie_among_the_applications(source: Path) -> None:
    run(source, source / "成册")
    assert statuses(run(source, source / "成册")) == ["unchanged"] * 3


def test_a_torn_ledger_only_means_building_anew(source: Path, out: Path) -> None:
    run(source, out)
    ledger = out / ".batch/ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-40] + b'\n{"entry": 3}\n[]\n\xff\n')
    assert statuses(run(source, out)) == ["unchanged", "unchanged", "built"]


def test_what_a_killed_build_left_is_cleared_up(source: Path, out: Path) -> None:
    run(source, out)
    (out / ".sjs-forms-abcdefgh").mkdir()
    for name in (".sjs-forms-abcdefgh/owner.lock", ".002_样例单位2-abcdefgh"):
        (out / name).touch()
    marker = {"tool": "sjs-forms", "note": {"target": "002_样例单位2"}}
    (out / ".sjs-forms-abcdefgh/owner.json").write_text(json.dumps(marker), encoding="utf-8")
    done = run(source, out)
    assert "002_样例单位2" in done.recovered[0]
    assert (out / ".002_样例单位2-abcdefgh").exists(), "only a name"
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == [
        ".batch",
        "001_样例单位1",
        "002_样例单位2",
        "003_样例单位3",
    ]
    assert statuses(run(source, out)) == ["unchanged"] * 3


def report_of(folder: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return loaded


def table_of(folder: Path) -> list[list[str]]:
    data = (folder / "report.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


def verdict(number: int, name: str = "单位") -> Verdict:
    return Verdict(number, name, "built", (), 10, 1.5, f"{number:03d}_单位")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=8))
def test_the_report_is_whole_after_every_row(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("report")
    with Report(folder) as report:
        assert report_of(folder) == []
        for count, name in enumerate(names, 1):
            report.add(verdict(count, name))
            assert [row["name"] for row in report_of(folder)] == names[:count]
            assert len(table_of(folder)) == count + 1
    assert [row["name"] for row in report_of(folder)] == names


def test_the_report_ends_in_the_order_of_the_source(tmp_path: Path) -> None:
    with Report(tmp_path) as report:
        for number in (3, 1, 2):
            report.add(verdict(number))
        assert [row["number"] for row in report_of(tmp_path)] == [3, 1, 2]
    assert [row["number"] for row in report_of(tmp_path)] == [1, 2, 3]
    assert [row[0] for row in table_of(tmp_path)[1:]] == ["1", "2", "3"]


def test_a_row_says_what_the_contract_asks_for(tmp_path: Path) -> None:
    with Report(tmp_path) as report:
        report.add(verdict(1))
    assert report_of(tmp_path)[0] == {
        "number": 1,
        "name": "单位",
        "status": "built",
        "folder": "001_单位",
        "pages": 10,
        "seconds": 1.5,
        "findings": [],
    }


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(tmp_path: Path, name: str) -> None:
    with Report(tmp_path) as report:
        report.add(verdict(1, name))
    assert table_of(tmp_path)[1][1] == f"'{name}"


def test_a_report_that_cannot_be_written_says_which(tmp_path: Path) -> None:
    (tmp_path / "report.csv").mkdir()
    with pytest.raises(OutputUnwritable, match=r"report\.csv"):
        Report(tmp_path).__enter__()


def test_an_output_that_is_a_file_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(OutputUnwritable):
        run(source, tmp_path / "文件")


def test_the_applications_themselves_are_no_output_folder(source: Path) -> None:
    with pytest.raises(UsageFault):
        run(source, source)
