"""Batches with real processes, on this machine and on a cluster; some of them are killed."""

import gc
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sjs_forms.base.errors import ExitCode, MachineLacks, UsageFault
from sjs_forms.base.processes.work_bounds import SECONDS
from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.batch.batch_run import Batch, BatchOptions, batch, executor_at
from sjs_forms.batch.execution.cluster import Certificates, Cluster, ClusterExecutor
from sjs_forms.batch.execution.executors import LocalExecutor, carry_out_all
from sjs_forms.batch.execution.task import Task
from sjs_forms.batch.sources.batch_source import SourceRow, read_rows
from sjs_forms.jobs.options import Options
from tests.certificates import make_certificates
from tests.counting import HANGS
from tests.endless_notice import make_endless_notice, make_for_it
from tests.samples import FIXTURES, minimal_answers, write_application

ROOT = FIXTURES.parent
DRAFT = Options(draft=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two applications without materials, which a draft carries as placeholders."""
    for number in (1, 2):
        answers = {**minimal_answers(), "applicant": {"name": f"样例单位{number}"}}
        answers["attachments"] = []
        write_application(tmp_path / f"各单位/{number}", answers)
    return tmp_path / "各单位"


def run(source: Path, out: Path, executor: LocalExecutor | ClusterExecutor) -> Batch:
    return batch(source, out, BatchOptions(DRAFT, executor), lambda *_: None, lambda: False)


def read(source: Path) -> tuple[SourceRow, ...]:
    """The applications of a source."""
    return read_rows(source, source / "成册")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".batch" not in path.parts and not path.name.startswith("report.")
    }


@contextmanager
def meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Do something in a thread beside the batch."""
    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join()


def wait_for(happened: Callable[[], object], seconds: float = 240) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


def at_work_on(out: Path, folder: str) -> bool:
    """Whether a build into that folder has begun and is not yet done."""
    return bool(work_folders(out, folder))


def work_folders(out: Path, folder: str) -> list[Path]:
    """Where builds into that folder are at work."""
    marks = [mark for mark in out.glob(".sjs-forms-*/owner.json") if mark.is_file()]
    return [mark.parent for mark in marks if folder in _text(mark)]


def _text(mark: Path) -> str:
    with suppress(OSError, ValueError):
        return str(json.loads(mark.read_text(encoding="utf-8"))["note"]["target"])
    return ""


def workers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_costs_its_application_one_more_try(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "成册"

    def kill_once() -> None:
        wait_for(lambda: at_work_on(out, "001_样例单位1"))
        for pid in workers():
            os.kill(pid, signal.SIGKILL)

    with meanwhile(kill_once):
        done = run(source, out, LocalExecutor(1))
    assert [verdict.status for verdict in done.verdicts] == ["built"] * 2
    assert not list(out.glob(".sjs-forms-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_process_killed_every_time_fails_its_application_alone(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "成册"
    over = threading.Event()

    def kill_always() -> None:
        while not over.is_set():
            if at_work_on(out, "001_样例单位1"):
                for pid in workers():
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                for left in work_folders(out, "001_样例单位1"):
                    left.rename(left.with_name(f".x{left.name}"))
            time.sleep(0.01)

    with meanwhile(kill_always):
        done = run(source, out, LocalExecutor(1))
        over.set()
    assert [verdict.status for verdict in done.verdicts] == ["failed", "built"]
    assert done.failed[0].findings[0].code == "batch-worker-died"


def servers() -> list[int]:
    """The process that starts the others, where there is one."""
    from multiprocessing import forkserver

    found = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return [found] if found else []


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize(("times", "processes"), [(1, 2), (2, 1)])
def test_the_end_of_every_process_at_once_costs_no_application_anything(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, processes: int
) -> None:
    """The one that starts the others included: then the pool as a whole is broken."""
    monkeypatch.setattr("sjs_forms.batch.execution.executors.QUIET", 10)
    out = tmp_path / "成册"

    def kill_all() -> None:
        for number in range(1, times + 1):
            wait_for(lambda folder=f"00{number}_样例单位{number}": at_work_on(out, folder))
            for pid in (*servers(), *workers()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    with meanwhile(kill_all):
        done = run(source, out, LocalExecutor(processes))
    assert [verdict.status for verdict in done.verdicts] == ["built"] * 2
    again = run(source, out, LocalExecutor(1))
    assert [verdict.status for verdict in again.verdicts] == ["unchanged"] * 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_an_idle_process_may_be_ended_too(source: Path, tmp_path: Path) -> None:
    tasks = [Task(row.application, tmp_path / row.folder_name, DRAFT) for row in read(source)]
    with LocalExecutor(2) as executor:
        for task in (*tasks, tasks[0]):
            ((_, outcome),) = carry_out_all([task], executor, lambda: False)
            assert outcome.built
            for pid in workers():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def test_where_no_process_can_be_had_that_is_told_and_what_is_done_stays(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pebble import ProcessPool

    really, count = ProcessPool.schedule, 0

    def broken(self: ProcessPool, *given: object, **named: object) -> object:
        nonlocal count
        count += 1
        if count > 1:
            raise RuntimeError("Unexpected error within the Pool")
        return really(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("sjs_forms.batch.execution.executors.PAUSE", 0)
    monkeypatch.setattr(ProcessPool, "schedule", broken)
    executor = LocalExecutor(1)
    executor.room = 1
    with pytest.raises(MachineLacks, match="启动不了"):
        run(source, tmp_path / "成册", executor)
    assert (tmp_path / "成册/001_样例单位1/装订版.pdf").is_file()
    assert rows_in(tmp_path / "成册")
    monkeypatch.undo()
    again = run(source, tmp_path / "成册", LocalExecutor(1))
    assert [verdict.status for verdict in again.verdicts] == ["unchanged", "built"]


def test_a_task_that_was_lost_on_its_way_is_handed_in_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import Future

    monkeypatch.setattr("sjs_forms.batch.execution.executors.QUIET", 0.5)
    tasks = [Task(row.application, tmp_path / row.folder_name, DRAFT) for row in read(source)]
    with LocalExecutor(1) as executor:
        really, lost = executor.submit, []

        def submit(task: Task) -> object:
            if not lost:
                lost.append(task)
                return Future()
            monkeypatch.setattr("sjs_forms.batch.execution.executors.QUIET", 120)
            return really(task)

        monkeypatch.setattr(executor, "submit", submit)
        ((_, outcome),) = carry_out_all(tasks[:1], executor, lambda: False)
    assert outcome.built


def test_a_temporary_folder_whose_path_is_long_is_no_hindrance(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket of the process that starts the others would not fit."""
    long = tmp_path / ("长" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    monkeypatch.setenv("TMPDIR", str(long))
    shutil.rmtree(source / "2")
    done = run(source, tmp_path / "成册", LocalExecutor(1))
    assert [verdict.status for verdict in done.verdicts] == ["built"]


@pytest.mark.parametrize(("memory", "processes"), [(None, 8), (10**9, 1), (5 * 10**9, 4)])
def test_no_more_applications_at_a_time_than_there_is_memory_for(
    memory: int | None, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.base.processes.memory.machine_memory", lambda: memory)
    assert LocalExecutor(8).room == 2 * processes


def command(source: Path, out: Path) -> list[str]:
    """One process, so that the second application begins when the first is done."""
    module = [sys.executable, "-m", "sjs_forms"]
    return [*module, "batch", str(source), "-o", str(out), "--draft", "-j", "1"]


@contextmanager
def begun(source: Path, out: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """A batch that has done its first application and is at the second."""
    process = subprocess.Popen(
        command(source, out), cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    )
    wait_for(lambda: (out / "report.json").exists() and rows_in(out))
    yield process
    process.communicate(timeout=HANGS)


def told_next(source: Path, out: Path) -> str:
    """What the next run says."""
    process = subprocess.run(command(source, out), cwd=ROOT, capture_output=True, timeout=HANGS)
    assert process.returncode == 0
    return process.stderr.decode()


def rows_in(out: Path) -> list[tuple[int, str]]:
    """What the report says of which row."""
    written = (out / "report.json").read_text(encoding="utf-8")
    report = json.loads(written or "[]")  # it is being written anew
    return [(row["number"], row["status"]) for row in report]


def test_an_application_that_would_take_for_ever_fails_and_the_next_is_built(
    source: Path, tmp_path: Path
) -> None:
    notices = make_endless_notice(tmp_path / "notices", "样例单位1")
    for place in source.iterdir():
        make_for_it(place)
    bounds = {NOTICES_VARIABLE: str(notices), SECONDS: "4"}
    out = tmp_path / "成册"
    done = subprocess.run(
        command(source, out),
        cwd=ROOT,
        env={**os.environ, **bounds},
        capture_output=True,
        timeout=HANGS,
        check=False,
    )
    assert done.returncode == ExitCode.BATCH
    assert rows_in(out) == [(1, "failed"), (2, "built")]
    assert "处理器时间" in done.stderr.decode() and not list(out.glob(".sjs-forms-*"))


posix = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")


@pytest.mark.skipif(sys.platform == "win32", reason="needs killpg")
@posix
def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "成册"
    with begun(source, out) as process:
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate(timeout=HANGS)[1].decode()
    assert process.returncode == 130
    assert "Traceback" not in told
    assert "已中断" in told
    assert not list(out.glob(".sjs-forms-*"))
    assert (out / "001_样例单位1/manifest.json").is_file()
    assert "未变动 1" in told_next(source, out)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@posix
def test_a_batch_that_is_killed_leaves_a_truthful_report(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "成册"
    with begun(source, out) as process:
        os.kill(process.pid, signal.SIGKILL)
    assert rows_in(out) == [(1, "built")]
    assert "未变动 1" in told_next(source, out)
    assert not list(out.glob(".sjs-forms-*"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def dask(*arguments: str, place: Path | None = None) -> "subprocess.Popen[bytes]":
    """One of Dask's own commands; what it makes for a while lies at `place`."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=ROOT,
        env={**os.environ, **({"TMPDIR": str(place)} if place else {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A scheduler of its own on loopback."""
    port = free_port()
    process = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    yield f"tcp://127.0.0.1:{port}"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def worker(address: str, place: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker as the README starts one, but without a nanny: killed, it stays away."""
    place.mkdir()
    process = dask(
        *("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", *options),
        place=place,
    )
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL, killpg")
def test_a_cluster_builds_the_same_bytes_though_a_worker_vanishes(
    source: Path, tmp_path: Path, scheduler: str
) -> None:
    here, there = tmp_path / "本机", tmp_path / "集群"
    run(source, here, LocalExecutor(1))
    with worker(scheduler, tmp_path / "1") as first, worker(scheduler, tmp_path / "2"):

        def kill_one_at_work() -> None:
            wait_for(lambda: list((tmp_path / "1").rglob("sjs-forms-*")))
            os.killpg(first.pid, signal.SIGKILL)

        with meanwhile(kill_one_at_work):
            done = run(source, there, ClusterExecutor(Cluster(scheduler)))
    assert [verdict.status for verdict in done.verdicts] == ["built"] * 2
    assert bytes_of(there) == bytes_of(here)


@pytest.mark.parametrize(
    "address",
    ["tcp://192.168.1.5:8786", "10.0.0.1:8786", "tcp://scheduler:8786", "tcp://[fe80::1]:8786"],
)
def test_an_open_connection_beyond_this_machine_is_refused(address: str) -> None:
    with pytest.raises(UsageFault, match="没有加密") as caught:
        ClusterExecutor(Cluster(address))
    assert "--tls-ca" in caught.value.remedy and "--insecure" in caught.value.remedy


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "127.0.0.2:1", "localhost:1", "tcp://[::1]:1"]
)
def test_an_open_connection_within_this_machine_is_allowed(address: str) -> None:
    ClusterExecutor(Cluster(address))


def test_certificates_and_address_must_agree(tmp_path: Path) -> None:
    pems = Certificates(tmp_path / "ca", tmp_path / "cert", tmp_path / "key")
    with pytest.raises(UsageFault, match="不是加密的"):
        ClusterExecutor(Cluster("tcp://192.168.1.5:8786", pems))
    with pytest.raises(UsageFault, match="需要证书"):
        ClusterExecutor(Cluster("tls://192.168.1.5:8786", insecure=True))
    with (
        pytest.raises(UsageFault, match="证书用不了"),
        ClusterExecutor(Cluster("192.168.1.5:8786", pems)),
    ):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL, killpg")
def test_a_cluster_is_reached_by_its_certificates_alone(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.batch.execution.cluster.PATIENCE", 10)
    pems = make_certificates(tmp_path / "pem")
    options = tuple(
        part
        for name, path in (("ca-file", pems.ca), ("cert", pems.cert), ("key", pems.key))
        for part in (f"--tls-{name}", str(path))
    )
    port = free_port()
    address = f"tls://127.0.0.1:{port}"
    process = dask(
        *("scheduler", "--host", address.rpartition(":")[0], "--port", str(port)),
        *("--no-dashboard", *options),
    )
    try:
        with worker(address, tmp_path / "1", *options):
            done = run(source, tmp_path / "集群", ClusterExecutor(Cluster(address, pems)))
            unknown_folders = make_certificates(tmp_path / "别人的")
            monkeypatch.setattr("sjs_forms.batch.execution.cluster.PATIENCE", 2)
            with (
                pytest.raises(UsageFault, match="连不上"),
                ClusterExecutor(Cluster(address, unknown_folders)),
            ):
                pass
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert [verdict.status for verdict in done.verdicts] == ["built"] * 2


def test_a_cluster_without_workers_is_named(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.batch.execution.cluster.PATIENCE", 5)
    with pytest.raises(MachineLacks, match="没有工作机"), ClusterExecutor(Cluster(scheduler)):
        pass


def test_an_address_where_nobody_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sjs_forms.batch.execution.cluster.PATIENCE", 1)
    executor = ClusterExecutor(Cluster(f"tcp://127.0.0.1:{free_port()}"))
    with pytest.raises(UsageFault, match="连不上"), executor:
        pass


@pytest.mark.parametrize("address", ["随便", "http://", "", "tcp://", ":::"])
def test_an_address_that_is_none_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sjs_forms.batch.execution.cluster.PATIENCE", 1)
    with (
        pytest.raises(UsageFault, match="连不上"),
        ClusterExecutor(Cluster(address, insecure=True)),
    ):
        pass


def test_a_client_that_failed_leaves_nothing_to_be_closed_at_a_bad_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Collected while another starts, it would wait for a lock that nobody lets go of."""
    from distributed import Client

    monkeypatch.setattr("sjs_forms.batch.execution.cluster.PATIENCE", 1)
    gc.disable()
    try:
        with (
            pytest.raises(UsageFault, match="连不上"),
            ClusterExecutor(Cluster(f"tcp://127.0.0.1:{free_port()}")),
        ):
            pass
        assert not [thing for thing in gc.get_objects() if isinstance(thing, Client)]
    finally:
        gc.enable()


def test_here_and_there_at_once_is_refused() -> None:
    with pytest.raises(UsageFault, match="-j"):
        executor_at(Cluster("tcp://127.0.0.1:1"), 2)
