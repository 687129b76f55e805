"""Two runs of the same batch in different places write the same bytes."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from sjs_forms.batch.batch_folder import STATE
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.batch.execution.task import Work
from sjs_forms.batch.outputs.report import REPORT_CSV, REPORT_JSON
from sjs_forms.jobs.options import Options
from tests.batches import Here, applicants
from tests.rosters import with_answers
from tests.samples import MINIMAL, put, write_application

SECONDS = "用时（秒）"


def run(place: Path, work: Work) -> dict[str, str]:
    """Run a batch of a roster and two folders, one of them complete; returns each file's digest."""
    roster = with_answers(place / "名册.xlsx", {"申报单位": "乙公司", "邮箱": "x@"})
    complete = json.loads((MINIMAL / "application.json").read_text(encoding="utf-8"))
    second = applicants(2)[1]
    for name, said in (("甲", complete), ("丙", put(second, "contact.email", "x@"))):
        folder = write_application(place / "各单位" / name, said)
        shutil.copytree(MINIMAL / "attachments", folder / "attachments")
    out = place / "成册"
    how = BatchOptions(Options(), Here(), work=work)
    batch([roster, place / "各单位"], out, how, lambda *_: None, lambda: False)
    return digests(out)


def digests(out: Path) -> dict[str, str]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(content(path)).hexdigest()
        for path in files
        if STATE not in path.parts
    }


def content(path: Path) -> bytes:
    """The bytes of a file; of a report, without the time that each application took."""
    if path.name == REPORT_JSON:
        rows = json.loads(path.read_bytes())
        return repr([{**row, "seconds": 0} for row in rows]).encode()
    if path.name == REPORT_CSV:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return repr([{**row, SECONDS: ""} for row in csv.DictReader(stream)]).encode()
    return path.read_bytes()


@pytest.mark.parametrize("work", ["build", "check", "forms"])
def test_a_batch_again_elsewhere_has_the_same_bytes(tmp_path: Path, work: Work) -> None:
    one, other = run(tmp_path / "一", work), run(tmp_path / "另外一处" / "更深", work)
    assert one == other
    assert {"总览.xlsx", "总览.html", REPORT_CSV, REPORT_JSON} <= set(one)
    assert any(name.startswith("退补通知/") for name in one)
    wanted = {"build": "箱签.pdf", "forms": "表格汇总.pdf", "check": "总览.html"}
    assert wanted[work] in one
