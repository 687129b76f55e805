"""`verify` says of a draft that it is one, and looks at every build of a batch or of volumes."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sjs_forms.cli.commands import main
from sjs_forms.jobs.options import Options
from sjs_forms.jobs.pipeline import build
from sjs_forms.volume.built_folder import VOLUME
from tests.samples import MINIMAL, minimal_answers, put, write_application


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def found(folder: Path) -> tuple[int, dict[str, Any]]:
    code, out, _ = run("verify", folder, "--json")
    return code, json.loads(out)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of two applications that are built and one that is not."""
    place = tmp_path_factory.mktemp("batch")
    for name in ("甲单位", "乙单位"):
        answers = put(minimal_answers(), "applicant.name", name)
        write_application(place / "来源" / name, answers)
        shutil.copytree(MINIMAL / "attachments", place / "来源" / name / "attachments")
    write_application(place / "来源" / "丙单位", minimal_answers())
    assert run("batch", place / "来源", "-o", place / "成册", "-j", "1")[0] == 7
    return place / "成册"


@pytest.fixture
def copied(batch: Path, tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(batch, tmp_path / "成册"))


def folders(batch: Path) -> list[str]:
    return sorted(path.name for path in batch.iterdir() if (path / "manifest.json").is_file())


def test_a_batch_is_verified_build_by_build_and_summed_up(batch: Path) -> None:
    code, out, err = run("verify", batch)
    assert code == 0
    assert out.splitlines() == [f"完好\t{name}" for name in folders(batch)]
    assert "共 2 份：完好 2 份，另有 1 家没有生成" in err


def test_a_changed_volume_in_a_batch_is_named_with_its_folder(copied: Path) -> None:
    first, second = folders(copied)
    (copied / second / VOLUME).write_bytes(b"%PDF-1.4")
    code, data = found(copied)
    assert code == 3
    (wrong,) = [f for f in data["findings"] if f["severity"] == "error"]
    assert wrong["where"] == f"{second}/{VOLUME}"
    assert data["builds"] == [
        {"folder": first, "ok": True, "draft": False},
        {"folder": second, "ok": False, "draft": False},
    ]


@pytest.mark.parametrize("harm", ["manifest", "folder", "report"])
def test_what_is_gone_from_a_batch_is_a_fault(copied: Path, harm: str) -> None:
    gone = folders(copied)[1]
    if harm == "manifest":
        (copied / gone / "manifest.json").unlink()
    elif harm == "folder":
        shutil.rmtree(copied / gone)
    else:
        (copied / "report.json").write_text("[", encoding="utf-8")
    code, data = found(copied)
    assert code == 3
    where = "report.json" if harm == "report" else f"{gone}/manifest.json"
    assert where in {f["where"] for f in data["findings"] if f["severity"] == "error"}


def test_a_folder_that_an_earlier_batch_left_is_named(copied: Path) -> None:
    shutil.copytree(copied / folders(copied)[0], copied / "099_旧单位")
    code, data = found(copied)
    assert code == 0
    assert ("batch-left-over", "099_旧单位/manifest.json") in {
        (f["code"], f["where"]) for f in data["findings"]
    }


def test_the_report_of_a_check_or_of_forms_says_nothing_of_the_volumes(copied: Path) -> None:
    report = json.loads((copied / "report.json").read_text(encoding="utf-8"))
    for status, folder in (("passed", None), ("filled", "表格/001_某单位")):
        rows = [{**row, "status": status, "folder": folder} for row in report]
        (copied / "report.json").write_text(json.dumps(rows), encoding="utf-8")
        code, told = found(copied)
        assert (code, told["findings"]) == (0, [])
    for name in folders(copied):
        shutil.rmtree(copied / name)
    assert run("verify", copied)[0] == 2, "nothing was built"


def test_a_draft_is_called_one_and_not_to_be_printed(tmp_path: Path) -> None:
    place = write_application(tmp_path / "某单位", minimal_answers())
    build(place, tmp_path / "草稿", Options(draft=True))
    code, _, err = run("verify", tmp_path / "草稿")
    assert code == 0
    assert "草稿" in err and "不能付印" in err
    assert [f["code"] for f in found(tmp_path / "草稿")[1]["findings"]] == ["draft"]


def test_volumes_are_verified_each_and_a_fault_is_told_once_with_its_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.printing.spine.most_sheets", lambda *_: 10)
    out = tmp_path / "几册"
    build(MINIMAL, out, Options(split=True))
    assert found(out) == (0, {"ok": True, "findings": []})
    (out / "第二册" / VOLUME).write_bytes(b"%PDF-1.4")
    code, data = found(out)
    assert (code, [f["where"] for f in data["findings"]]) == (3, [f"第二册/{VOLUME}"])
    shutil.rmtree(out / "第二册")
    code, data = found(out)
    assert code == 3
    assert f"第二册/{VOLUME}" in {f["where"] for f in data["findings"]}


def test_a_folder_of_something_else_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "别的").mkdir()
    assert run("verify", tmp_path / "别的")[0] == 2
    assert run("verify", tmp_path / "没有")[0] == 2
