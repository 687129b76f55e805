"""Full disks, lost folders and the like: which exit code they have, and what is said of them."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sjs_forms.base import system_errors
from sjs_forms.base.errors import ExitCode, MachineLacks, OutputUnwritable, Refused, exit_code_for
from sjs_forms.base.findings.finding import error, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.output import output_folder
from sjs_forms.base.output.output_folder import unwritable
from sjs_forms.batch.execution import task
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.intake import attachment_opening
from sjs_forms.intake.process import worker_pool, worker_process
from sjs_forms.jobs import doctor, pipeline
from sjs_forms.jobs.new_folder import make_sample
from sjs_forms.jobs.notices.notice_jobs import new_notice
from sjs_forms.jobs.options import Options
from sjs_forms.portal import packing_process
from sjs_forms.typesetting.weasyprint_loader import load_weasyprint
from tests.samples import MINIMAL, codes

UNMAPPED = "failed to map segment from shared object"
LEASE = "attachments/2-场地租赁合同/租赁合同.pdf"


def _says(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (["machine-killed"], ExitCode.MACHINE),
        (["attachment-type", "machine-disk-full"], ExitCode.MACHINE),
        (["required-missing", "machine-killed"], ExitCode.MACHINE),
        (["required-missing", "machine-killed", "fault-attachment"], ExitCode.FAULT),
        (["attachment-type"], ExitCode.ATTACHMENT),
        (["attachment-type", "required-missing"], ExitCode.FINDINGS),
    ],
)
def test_what_stood_in_the_way_of_looking_decides_the_exit_code(
    found: list[str], code: ExitCode
) -> None:
    findings = tuple(error(each, WHOLE, "", "", "") for each in found)
    assert exit_code_for(findings) == code
    assert exit_code_for((warning("attachment-type", WHOLE, "", "", ""),)) == ExitCode.DONE


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (_says(errno.ENOSPC), ExitCode.MACHINE, "磁盘已满"),
        (_says(errno.ESTALE), ExitCode.MACHINE, "网络文件夹已断开"),
        (_says(errno.EMFILE), ExitCode.MACHINE, "打开的文件太多"),
        (PermissionError(errno.EACCES, "no", "/x/y"), ExitCode.MACHINE, "“/x/y”"),
        (RuntimeError("can't start new thread"), ExitCode.MACHINE, "线程"),
        (ModuleNotFoundError("x", name="lxml"), ExitCode.MACHINE, "lxml"),
        (ImportError(f"x.so: {UNMAPPED}", name="x"), ExitCode.MACHINE, "内存不足"),
        (ImportError("x.so: Too many open files", name="x"), ExitCode.MACHINE, "打开的文件太多"),
        (OSError("of a library's own"), ExitCode.FAULT, "内部错误"),
        (OSError(errno.EINVAL, "Invalid argument"), ExitCode.FAULT, "内部错误"),
        (RuntimeError("anything else"), ExitCode.FAULT, "内部错误"),
        (MachineLacks("缺", "补"), ExitCode.MACHINE, "缺"),
    ],
)
def test_the_machine_and_our_faults_are_told_apart(
    problem: Exception, code: ExitCode, words: str
) -> None:
    told = system_errors.as_own_error(problem)
    assert told.exit_code == code and words in told.message and told.remedy


@pytest.mark.parametrize("number", [errno.ENOMEM, errno.EMFILE, errno.EAGAIN])
def test_what_the_machine_lacks_is_not_told_of_the_output(number: int) -> None:
    told = unwritable(Path("成册"), _says(number))
    assert told.exit_code == ExitCode.MACHINE and "成册" not in told.message


def test_a_library_for_which_there_is_no_memory_is_not_told_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Unmapped:
        def find_spec(self, *_: object) -> None:
            raise OSError(f"cannot load library 'libpango-1.0.so.0': {UNMAPPED}")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Unmapped()])
    with pytest.raises(MachineLacks, match="内存不足"):
        load_weasyprint.__wrapped__()


def test_a_temporary_folder_that_libraries_cannot_be_told_of_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is not UTF-8, which PDFium and Pango cannot take."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("names are Unicode there")
    odd = tmp_path / os.fsdecode("临时".encode("gbk"))
    odd.mkdir()
    monkeypatch.setenv("TMPDIR", str(odd))
    monkeypatch.setattr(tempfile, "tempdir", None)
    system_errors.settle_temporary_folder()
    assert system_errors.is_nameable(Path(tempfile.gettempdir()))
    assert not list(odd.iterdir())


# An application whose attachment cannot be worked on


def _never_opened(attachment: Path) -> None:
    """Give an attachment bytes that no cache knows."""
    attachment.write_bytes(attachment.read_bytes() + b"\n%")


def _with_workers_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, attachment: Path, code: str
) -> None:
    """Workers that do their job, but `code` for whatever has the content of `attachment`."""
    marked = sha256(attachment.read_bytes()).hexdigest()
    script = tmp_path / "worker.py"
    script.write_text(
        "import os, signal\n"
        "from hashlib import sha256\n"
        "from pathlib import Path\n"
        "from sjs_forms.intake import worker\n"
        "real = worker.opened_file\n"
        "def taken(request, *more):\n"
        "    given = Path(request['source']).read_bytes()\n"
        f"    if sha256(given).hexdigest() == {marked!r}:\n"
        f"        {code}\n"
        "    return real(request, *more)\n"
        "worker.opened_file = taken\n"
        "worker.run()\n",
        encoding="utf-8",
    )
    real = subprocess.Popen

    def start(command: list[str], **how: Any) -> Any:
        is_worker = any("sjs_forms.intake.worker" in part for part in command)
        return real([sys.executable, str(script)] if is_worker else command, **how)

    monkeypatch.setattr(worker_process.subprocess, "Popen", start)


@pytest.mark.above_intake
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("meets", "code", "exit_code"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "machine-killed", ExitCode.MACHINE),
        ("raise OSError(28, 'full')", "machine-disk-full", ExitCode.MACHINE),
        ("None + 1", "fault-attachment", ExitCode.FAULT),
    ],
)
@pytest.mark.parametrize("draft", [False, True])
def test_an_attachment_that_the_machine_kept_from_us_is_named_with_all_other_findings(
    minimal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meets: str,
    code: str,
    exit_code: ExitCode,
    draft: bool,
) -> None:
    """No draft takes it for a gap in the materials; the next run knows nothing of it."""
    shutil.rmtree(minimal / "attachments/4-营业执照")
    _never_opened(minimal / LEASE)
    with monkeypatch.context() as patch:
        _with_workers_that(patch, tmp_path, minimal / LEASE, meets)
        with pytest.raises(Refused) as refused:
            pipeline.build(minimal, tmp_path / "out", Options(draft=draft))
    found = {finding.code: finding for finding in refused.value.findings}
    assert found[code].where == LEASE and LEASE in found[code].message
    assert "material-missing" in found
    assert "损坏" not in found[code].message
    assert refused.value.exit_code == exit_code
    assert not (tmp_path / "out").exists()
    assert code not in codes(pipeline.check(minimal))


def test_what_stands_in_the_way_of_all_is_told_once(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "PAUSE", 0)

    def none(*_: Any, **__: Any) -> None:
        raise _says(errno.EAGAIN)

    with monkeypatch.context() as patch:
        patch.setattr(worker_process.subprocess, "Popen", none)
        findings = pipeline.check(minimal)
    (told,) = (found for found in findings if found.severity == "error")
    assert told.code == "machine-unstarted" and told.message.endswith("另有 6 份附件也是如此。")
    assert exit_code_for(pipeline.check(minimal)) == ExitCode.DONE


def test_without_any_thread_attachments_are_opened_by_whoever_waits(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(attachment_opening.ThreadPoolExecutor, "submit", none)
    assert exit_code_for(pipeline.check(minimal)) == ExitCode.DONE


@pytest.mark.above_intake
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_in_a_batch_it_is_the_outcome_of_its_own_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (Path(shutil.copytree(MINIMAL, tmp_path / name)) for name in "甲乙")
    contract = one / "attachments/2-场地租赁合同/租赁合同.pdf"
    contract = contract.rename(contract.with_name("x.pdf"))
    _never_opened(contract)
    _with_workers_that(monkeypatch, tmp_path, contract, "os.kill(os.getpid(), signal.SIGKILL)")
    outcomes = [
        task.carry_out(task.Task(read_folder(place), tmp_path / f"{place.name}册", Options()))
        for place in (one, other)
    ]
    assert [outcome.built for outcome in outcomes] == [False, True]
    assert "machine-killed" in codes(outcomes[0].findings)
    assert "x.pdf" in task.reasons(outcomes[0].findings)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ESTALE, errno.EIO])
def test_a_task_that_the_machine_brought_down_is_told_as_that(number: int) -> None:
    (finding,) = task.failed(_says(number)).findings
    assert finding.code == "batch-machine" and "内部错误" not in finding.message


# The disk of the output, and that of the temporary files


def test_which_disk_is_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call that meets with it knows no name."""
    free = {Path(tempfile.gettempdir()): 0, tmp_path: 10_000_000_000}
    monkeypatch.setattr(
        output_folder.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free[Path(folder)])
    )
    with (
        pytest.raises(MachineLacks, match="临时文件夹"),
        output_folder.work_folder(tmp_path / "out"),
    ):
        raise _says(errno.ENOSPC)
    free[tmp_path] = 0
    with (
        pytest.raises(OutputUnwritable, match="磁盘已满"),
        output_folder.work_folder(tmp_path / "out"),
    ):
        raise _says(errno.ENOSPC)
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fails_under_an_open_file_is_the_outputs(tmp_path: Path) -> None:
    """pikepdf gives the open file where others give its name."""
    with (
        pytest.raises(OutputUnwritable, match="磁盘读写出错"),
        output_folder.work_folder(tmp_path / "out") as folder,
        (folder / "x").open("wb") as file,
    ):
        raise OSError(errno.EIO, "Input/output error", file)


@pytest.mark.above_intake
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_process_of_the_zip_has_a_second_try(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing_process, "WORTH_IT", 0)
    monkeypatch.setattr(packing_process, "processors", lambda: 2)
    mark = tmp_path / "mark"
    once = (
        f"import os, signal\nif not os.path.exists({str(mark)!r}):\n"
        f"    open({str(mark)!r}, 'w').close(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    monkeypatch.setattr(packing_process, "START", once + packing_process.START)
    pipeline.build(minimal, tmp_path / "out")
    assert mark.exists() and json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))


@pytest.mark.above_intake
def test_a_zip_whose_process_cannot_be_started_is_packed_here(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing_process, "WORTH_IT", 0)
    monkeypatch.setattr(packing_process, "processors", lambda: 2)
    real, refused = subprocess.Popen, []

    def start(command: list[str], **how: Any) -> Any:
        if any(packing_process.START in part for part in command):
            refused.append(command)
            raise _says(errno.EAGAIN)
        return real(command, **how)

    monkeypatch.setattr(packing_process.subprocess, "Popen", start)
    pipeline.build(minimal, tmp_path / "out")
    assert refused and (tmp_path / "out/在线申报.zip").stat().st_size


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 200 kB, where this machine lets us have one."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if sys.platform != "linux" or shutil.which("mount") is None or os.geteuid():
        pytest.skip("no disk of our own to be had")
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk of our own to be had")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_really_full_disk_of_the_cache_harms_nothing(
    minimal: Path, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = pipeline.check(minimal, Options(cache=False))
    (minimal / "attachments/2-场地租赁合同/图.pdf").write_bytes(_large_pdf())
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    assert codes(pipeline.check(minimal)) == codes(wanted)
    pipeline.build(minimal, tmp_path / "out")


def test_a_really_full_temporary_disk_is_told_and_gone_when_there_is_room(
    minimal: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (minimal / "attachments/2-场地租赁合同/图.pdf").write_bytes(_large_pdf())
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(small_disk))
        told = [found for found in pipeline.check(minimal) if found.severity == "error"]
    assert codes(told) == ["machine-disk-full"]
    assert "图.pdf" in told[0].message
    assert exit_code_for(pipeline.check(minimal)) == ExitCode.DONE


@pytest.mark.parametrize("make", [make_sample, new_notice])
def test_a_new_folder_on_a_really_full_disk_is_told_and_nothing_is_left(
    small_disk: Path, make: Callable[[Path], object]
) -> None:
    (small_disk / "大").write_bytes(bytes(180_000))
    with pytest.raises(OutputUnwritable, match="磁盘已满"):
        make(small_disk / "new")
    assert [path.name for path in small_disk.iterdir()] == ["大"]


@pytest.mark.above_intake
def test_a_really_full_disk_of_the_output_is_told_and_nothing_is_left(
    minimal: Path, small_disk: Path
) -> None:
    with pytest.raises(OutputUnwritable, match="磁盘已满"):
        pipeline.build(minimal, small_disk / "out")
    assert not list(small_disk.iterdir())


def _large_pdf() -> bytes:
    from tests.intake.conftest import made, saved

    return saved(made(1, b"0 g 50 700 60 40 re f %" + os.urandom(400_000).hex().encode()))


def test_the_doctor_names_a_disk_that_is_full(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ill() -> list[str]:
        return [requirement.name for requirement in doctor.examine() if not requirement.ok]

    healthy = ill()
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    assert ill() == [*healthy, "附件缓存"]
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(small_disk))
        assert ill() == [*healthy, "附件缓存", "临时文件夹"]
    assert not list(small_disk.glob("**/work-*"))
