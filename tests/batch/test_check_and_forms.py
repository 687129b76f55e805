"""A batch that only checks, or only fills the forms; with real checks and real forms."""

import json
import shutil
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from click.testing import CliRunner

from sjs_forms.__main__ import main
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.batch.execution.task import Outcome, Task, Work, carry_out
from sjs_forms.batch.outputs.overview.print_queue import JOB_SHEETS, LABELS, RECEIPTS
from sjs_forms.jobs.options import PLAIN
from tests.batches import Desk, folder_of_applications
from tests.samples import FIXTURES, minimal_answers, put, write_application


class Real(Desk):
    """Carries tasks out at once, in this process."""

    def submit(self, task: Task) -> "Future[Any]":
        future: Future[Outcome] = Future()
        future.set_result(carry_out(task))
        return future


def run(source: Path, out: Path, work: Work) -> Any:
    how = BatchOptions(PLAIN, Real(), work=work)
    return batch(source, out, how, lambda *_: None, lambda: False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two applications; the mail address of the second is wrong."""
    made = folder_of_applications(tmp_path / "各单位", 2)
    answers_file = made / "单位2/application.json"
    answers = json.loads(answers_file.read_text("utf-8"))
    answers["contact"] = {**answers.get("contact", {}), "email": "x@"}
    answers_file.write_text(json.dumps(answers), encoding="utf-8")
    return made


def test_a_check_of_all_builds_nothing(source: Path, tmp_path: Path) -> None:
    """The first lacks its papers, the second has a wrong address as well, the third has all."""
    shutil.copytree(FIXTURES / "minimal", source / "单位3")
    out = tmp_path / "检查"
    done = run(source, out, "check")
    assert [verdict.status for verdict in done.verdicts] == ["wanting", "wanting", "passed"]
    assert [verdict.name for verdict in done.failed] == [each.name for each in done.verdicts[:2]]
    folders = {found.name for found in out.iterdir() if found.is_dir()}
    assert folders == {".batch", "退补通知"}
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert [row["pages"] for row in report] == [None, None, None]
    assert any(found["code"] == "email-invalid" for found in report[1]["findings"])


def test_a_check_that_reads_tells_in_the_overview_where_papers_differ(
    source: Path, tmp_path: Path
) -> None:
    shutil.copytree(FIXTURES / "minimal", source / "单位3")
    answers = put(minimal_answers(), "platform.total_area_sqm", 300)
    write_application(source / "单位3", answers)
    out = tmp_path / "检查"
    done = run(source, out, "read")
    assert [verdict.status for verdict in done.verdicts] == ["wanting", "wanting", "passed"]
    assert "read-area-differs" in {found.code for found in done.verdicts[2].findings}
    sheet = openpyxl.load_workbook(out / "总览.xlsx")["总览"]
    head = [cell.value for cell in sheet[2]]
    shown = [row[head.index("材料上的疑点")].value for row in sheet.iter_rows(3, 5)]
    read = [[each for each in one.findings if each.has(Trait.PAPER)] for one in done.verdicts]
    assert shown == [len(found) or None for found in read]
    assert "材料上的疑点" in (out / "总览.html").read_text("utf-8")
    run(source, out, "check")
    assert "材料上的疑点" not in (out / "总览.html").read_text("utf-8")


@pytest.mark.parametrize("words", [("--read",), ("--forms-only", "--read")])
def test_papers_are_read_by_a_check_only(
    source: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ran = CliRunner().invoke(main, ["batch", str(source), "-o", str(tmp_path / "出"), *words])
    assert ran.exit_code == 2
    assert "--read 只与 --check 一起用" in ran.output


def test_the_forms_of_all_are_filled_and_put_together_in_order(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "表"
    done = run(source, out, "forms")
    assert [verdict.status for verdict in done.verdicts] == ["filled", "failed"]
    folder = out / (done.verdicts[0].folder or "")
    assert sorted(found.name for found in folder.iterdir()) == [
        "附4-1_申报书.docx",
        "附4-1_申报书.pdf",
        "附4-2_承诺书.docx",
        "附4-2_承诺书.pdf",
    ]
    counts = []
    for name in ("附4-1_申报书.pdf", "附4-2_承诺书.pdf"):
        with pikepdf.open(folder / name) as form:
            counts.append(len(form.pages))
    with pikepdf.open(out / "表格汇总.pdf") as together:
        assert len(together.pages) == sum(count + count % 2 for count in counts)


def test_if_no_forms_were_filled_those_of_all_are_removed(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "表"
    run(source, out, "forms")
    shutil.copy(source / "单位2/application.json", source / "单位1/application.json")
    done = run(source, out, "forms")
    assert [verdict.status for verdict in done.verdicts] == ["failed", "failed"]
    assert not (out / "表格汇总.pdf").exists()


def test_forms_that_fail_say_that_earlier_ones_are_still_there(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "表"
    run(source, out, "forms")
    (out / "表格汇总.pdf").write_bytes(b"%PDF-1.4 signed")
    answers_file = source / "单位1/application.json"
    answers = json.loads(answers_file.read_text("utf-8"))
    write_application(source / "单位1", {**answers, "contact": {"email": "x@"}})
    done = run(source, out, "forms")
    assert "batch-earlier-kept" in {found.code for found in done.verdicts[0].findings}
    assert done.verdicts[0].folder == "表格/001_样例单位1"
    assert done.kept == {"表格汇总.pdf": "表格汇总-2.pdf"}
    assert not (out / "表格汇总.pdf").exists() and (out / "表格汇总-2.pdf").is_file()


def test_a_build_after_a_check_builds_everything(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "成册"
    run(source, out, "check")
    how = BatchOptions(PLAIN, Desk())
    done = batch(source, out, how, lambda *_: None, lambda: False)
    assert done.verdicts[0].status == "built"


@pytest.mark.parametrize("work", ["check", "read", "forms"])
def test_what_is_not_a_build_leaves_the_print_queue_of_the_volumes_alone(
    tmp_path: Path, work: Work
) -> None:
    source, out = tmp_path / "各单位", tmp_path / "成册"
    shutil.copytree(FIXTURES / "minimal", source / "单位1")
    run(source, out, "build")
    queue = {name: (out / name).read_bytes() for name in (JOB_SHEETS, LABELS, RECEIPTS)}
    run(source, out, work)
    assert {name: (out / name).read_bytes() for name in queue} == queue


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x0b", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("work", ["check", "forms"])
def test_a_character_that_no_table_or_letter_can_hold_stops_nothing(
    source: Path, tmp_path: Path, sign: str, work: Work
) -> None:
    odd = put(minimal_answers(), "applicant.name", f"北京{sign}公司")
    (source / "单位1/application.json").write_text(json.dumps(odd), encoding="utf-8")
    broken = json.dumps({sign: 1}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    (source / "单位2/application.json").write_bytes(broken)
    out = tmp_path / "出"
    run(source, out, work)
    book = openpyxl.load_workbook(out / "总览.xlsx")
    said = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert not any(sign in text for text in said)
    assert (out / "总览.html").exists() and (out / "report.csv").exists()
    assert len(list((out / "退补通知").iterdir())) >= 2
