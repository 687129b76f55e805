"""The zip is packed in a process of its own, and nobody can tell by what comes out."""

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.base.errors import MachineLacks, OutputUnwritable, Refused
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.manifest import Manifest
from sjs_forms.base.processes.memory import MEMORY_SHARE
from sjs_forms.jobs import judgement, pipeline
from sjs_forms.portal import PORTAL, packing_process
from sjs_forms.typesetting import typesetting_process
from tests.samples import MINIMAL, codes


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Has every zip packed in a process of its own; gives those that were started."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: list[str], **how: Any) -> None:
            super().__init__(command, **how)
            if any(packing_process.START in part for part in command):
                started.append(self)

    monkeypatch.setattr(packing_process, "WORTH_IT", 0)
    monkeypatch.setattr(packing_process, "processors", lambda: 2)
    monkeypatch.setattr(typesetting_process, "processors", lambda: 1)
    monkeypatch.setattr("subprocess.Popen", Noted)
    return started


def test_the_zip_is_the_same_byte_for_byte(
    tmp_path: Path, apart: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(packing_process, "WORTH_IT", 1 << 40)
        here = pipeline.build(MINIMAL, tmp_path / "one")
    assert not apart
    there = pipeline.build(MINIMAL, tmp_path / "two")
    assert len(apart) == 1
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    assert here.findings == there.findings


@pytest.mark.usefixtures("apart")
def test_every_digest_of_the_manifest_is_that_of_the_file(tmp_path: Path) -> None:
    pipeline.build(MINIMAL, tmp_path / "out")
    files = Manifest.read(tmp_path / "out").files
    assert PORTAL in {entry.file for entry in files}
    for entry in files:
        assert entry.sha256 == digest(tmp_path / "out" / entry.file)


@pytest.mark.usefixtures("apart")
def test_findings_of_the_process_are_raised_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "单位"
    shutil.copytree(MINIMAL, folder)
    judged = judgement.check_all

    def gone(*asked: Any) -> Any:
        (folder / "attachments/4-营业执照/营业执照.pdf").unlink()
        return judged(*asked)

    monkeypatch.setattr(judgement, "check_all", gone)
    with pytest.raises(Refused) as refused:
        pipeline.build(folder, tmp_path / "out")
    assert codes(refused.value.findings) == ["attachment-unreadable"]
    assert _left(tmp_path) == []


def test_a_process_that_dies_is_told_and_nothing_is_left(
    tmp_path: Path, apart: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing_process, "START", "import os; os._exit(9)")
    with pytest.raises(MachineLacks, match="意外结束"):
        pipeline.build(MINIMAL, tmp_path / "out")
    assert _left(tmp_path) == [] and apart[0].poll() is not None


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is not measured here")
def test_a_process_past_its_bounds_is_told_and_not_started_again(
    tmp_path: Path, apart: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = (
        "from sjs_forms.portal import packing_process as beside\n"
        "def endless(submission, folder, final_to, progress):\n"
        "    kept = []\n"
        "    while True: progress.check(); kept.append(b'x' * 1000000)\n"
        "beside.write_portal = endless\n"
        "beside.serve(100)"
    )
    monkeypatch.setenv(MEMORY_SHARE, "400000000")
    for start in (serve, "import os; os._exit(76)"):
        monkeypatch.setattr(packing_process, "START", start)
        apart.clear()
        with pytest.raises(MachineLacks, match="内存"):
            pipeline.build(MINIMAL, tmp_path / "out")
        assert len(apart) == 1 and _left(tmp_path) == []


@pytest.mark.usefixtures("apart")
def test_a_full_disk_is_told_as_one_wherever_it_was_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = (
        "from sjs_forms.portal import packing_process as beside\n"
        "def full(*_): raise OSError(28, 'No space left on device')\n"
        "beside.write_portal = full\n"
        "beside.serve(100)"
    )
    monkeypatch.setattr(packing_process, "START", serve)
    with pytest.raises(OutputUnwritable, match="磁盘已满"):
        pipeline.build(MINIMAL, tmp_path / "out")
    assert _left(tmp_path) == []


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError(5, "broken")])
def test_whatever_goes_wrong_beside_it_ends_the_process(
    tmp_path: Path,
    apart: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    problem: type[BaseException] | BaseException,
) -> None:
    """Also where it would take for ever, and before the folder that it writes into goes."""

    def failing(*_: Any) -> None:
        time.sleep(0.2)
        raise problem

    monkeypatch.setattr(packing_process, "START", "import time; time.sleep(600)")
    monkeypatch.setattr("sjs_forms.jobs.binding.volume_files.assemble", failing)
    with pytest.raises(problem if isinstance(problem, type) else type(problem)):
        pipeline.build(MINIMAL, tmp_path / "out")
    assert apart[0].poll(), "it was waited for"
    assert _left(tmp_path) == []


def _left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name != "单位"]
