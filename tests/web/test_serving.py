"""The command: its link, its end, what it says where it cannot start."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from sjs_forms.base.manifest import MANIFEST, File, Manifest, Tool, VolumeEntry
from sjs_forms.typesetting.typesetting_process import local_typesetter
from sjs_forms.web.access.running_servers import ServerRecord, find
from sjs_forms.web.workspace.jobs import Jobs, build_order
from sjs_forms.web.workspace.results import finished_folder, results_of
from sjs_forms.web.workspace.workspace import Workspace
from tests.samples import the_programme, write_pdf
from tests.web.conftest import Face, start, stop

pytestmark = [pytest.mark.opens, pytest.mark.processors(2)]


def run(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "sjs_forms", "web", *map(str, words), "--no-browser"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("sjs-forms-")]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("signalled", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_leaves_nothing(minimal: Path, tmp_path: Path, signalled: int) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    server = start(minimal, TMPDIR=str(place))
    assert server.link.startswith("http://127.0.0.1:")
    assert left_in(place)
    server.process.send_signal(signalled)
    assert server.process.wait(timeout=30) in (0, 130)
    assert server.process.stdout is not None
    server.process.stdout.close()
    assert left_in(place) == []


def test_a_port_that_is_taken_and_a_folder_that_is_none_are_told(
    minimal: Path, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run(minimal, "--port", taken.getsockname()[1])
    assert told.returncode == 2 and "已被别的程序占用" in told.stderr
    told = run(tmp_path / "没有")
    assert told.returncode == 2 and "Traceback" not in told.stderr


def test_only_this_machine_is_listened_to_and_a_host_name_is_answered(minimal: Path) -> None:
    server = start(minimal, "--host-name", "forms.test")
    try:
        assert server.base.startswith("http://forms.test:")
        port = int(server.base.rpartition(":")[2])
        for name, status in (("forms.test", 403), ("127.0.0.1", 403), ("other.test", 421)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/", headers={"Host": f"{name}:{port}"})
            assert connection.getresponse().status == status
            connection.close()
    finally:
        stop(server)


def test_ending_while_a_page_follows_a_job_shows_nothing_of_the_inside(minimal: Path) -> None:
    command = [sys.executable, "-m", "sjs_forms", "web", str(minimal), "--no-browser"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout and process.stderr
        link = process.stdout.readline().strip()
        base = link.partition("/open")[0]
        with httpx2.Client(base_url=base, follow_redirects=True, timeout=60) as client:
            client.get(link)
            own = {"Origin": base, "X-SJS-Forms": "1"}
            job = client.post("/api/jobs", json={"kind": "draft"}, headers=own).json()["job"]
            with client.stream("GET", f"/api/jobs/{job}/events") as log:
                for number, _ in enumerate(log.iter_raw()):
                    if number == 0:
                        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert "Traceback" not in said and "Exception" not in said


def test_a_second_start_finds_the_server_by_what_is_open_in_it_now(
    minimal: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(minimal, tmp_path / "另一份"))
    record = ServerRecord("127.0.0.1", 8765, "s")
    work = tmp_path / "work"
    work.mkdir()
    workspace = Workspace(work, lambda: None, local_typesetter, changed=record.move)
    try:
        workspace.open(minimal)
        assert (found := find(minimal.resolve())) and found.port == 8765
        workspace.open(other)
        assert find(minimal.resolve()) is None and find(other.resolve())
        workspace.leave()
        assert find(other.resolve()) is None and find(None)
    finally:
        record.end()
        workspace.close()
    assert find(None) is None


def test_nothing_that_is_being_built_is_lost_by_leaving(face: Face) -> None:
    job = face.post("/api/jobs", {"kind": "build"}).json()["job"]
    for path in ("/api/leave", "/api/end"):
        answer = face.post(path)
        assert answer.status_code == 409 and "停止" in answer.json()["message"]
    assert face.post(f"/api/jobs/{job}/cancel").status_code == 200
    wait_for_end(face.workspace.jobs, job)
    assert face.post("/api/end").status_code == 200


def test_the_end_on_the_page_ends_the_server(face: Face) -> None:
    assert face.post("/api/end").status_code == 200
    assert face.ended == [True]


def wait_for_end(jobs: Jobs, job: str) -> dict[str, object]:
    found = jobs.get(job)
    assert found is not None
    while found.is_running:
        found.lines(len(found.log), 5.0)
    assert found.end is not None
    return dict(found.end)


def test_a_job_tells_its_log_to_whoever_asks_from_wherever_he_was(minimal: Path) -> None:
    jobs, out = Jobs(), finished_folder(minimal)
    try:
        job = jobs.start("build", build_order(minimal / "application.json", out, {}), "r")
        assert wait_for_end(jobs, job.id)["end"] == "done"
        assert job.lines(0, 0) == job.log and job.lines(2, 0) == job.log[2:]
        assert [line["stage"] for line in job.log if "stage" in line][-1] == "done"
    finally:
        jobs.close()
    made = results_of(out, minimal / "application.json")
    assert made is not None and made.is_current
    assert made.files[0].name == "装订版.pdf"
    write_pdf(next(minimal.glob("attachments/4-*")) / "后来.pdf")
    again = results_of(out, minimal / "application.json")
    assert again is not None and not again.is_current


def test_files_of_several_volumes_are_listed_in_the_order_of_the_volumes(tmp_path: Path) -> None:
    volumes = "第一册", "第二册", "第三册"
    names = [f"{volume}/{file}" for volume in volumes for file in ("印制单.pdf", "装订版.pdf")]
    for name in names:
        write_pdf(tmp_path / name)
    made = Manifest(
        tool=Tool(name="x"),
        files=tuple(File(file=name, sha256="x", bytes=1) for name in sorted(names)),
        volumes=tuple(VolumeEntry(folder=volume) for volume in volumes),
        parts=(),
        sides=(),
    )
    (tmp_path / MANIFEST).write_bytes(made.as_bytes())
    found = results_of(tmp_path, tmp_path / "application.json")
    assert found is not None
    assert [each.name for each in found.files][:6] == [
        *(f"{volume}/装订版.pdf" for volume in volumes),
        *(f"{volume}/印制单.pdf" for volume in volumes),
    ]


def test_late_papers_are_compared_with_what_was_built_before(minimal: Path) -> None:
    jobs, out = Jobs(), finished_folder(minimal)
    try:
        place = minimal / "application.json"
        first = jobs.start("build", build_order(place, out, {}), "r")
        assert wait_for_end(jobs, first.id)["end"] == "done"
        write_pdf(next(minimal.glob("attachments/3-*")) / "补.pdf", mark="补")
        second = jobs.start("build", build_order(place, out, {"since": str(out)}), "r")
        assert wait_for_end(jobs, second.id)["end"] == "done"
    finally:
        jobs.close()
    assert (out / "补印单.csv").is_file()


def test_a_job_whose_server_is_gone_ends(minimal: Path) -> None:
    jobs = Jobs()
    order = build_order(minimal / "application.json", finished_folder(minimal), {})
    job = jobs.start("build", order, "r")
    stream = job._process.stdin  # as the operating system closes it when the server dies
    assert stream is not None
    stream.close()
    assert job._process.wait(timeout=20) is not None
    assert not finished_folder(minimal).exists()
    jobs.close()


def test_an_application_is_opened_by_its_folder_or_its_file(minimal: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    workspace = Workspace(work, lambda: None, local_typesetter)
    try:
        first = workspace.open(minimal)
        assert (first.folder, first.file.name) == (minimal.resolve(), "application.json")
        other = minimal / "另一份.json"
        shutil.copy(minimal / "application.json", other)
        again = workspace.open(other)
        assert (again.folder, again.file) == (minimal.resolve(), other.resolve())
        assert again.view().is_read
    finally:
        workspace.close()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="what a process has loaded is in /proc")
def test_the_server_itself_never_loads_what_draws_strangers_files(minimal: Path) -> None:
    started = start(minimal)
    try:
        with httpx2.Client(base_url=started.base) as client:
            client.get(started.link)
            files = _opened(client)
            pages = [f"/pictures/file/{file}/1.png" for file in files]
            form = the_programme().forms[0].id
            pages.append(f"/pictures/form/{form}/1.png")
            for page in pages:
                answer = client.get(page)
                assert answer.content.startswith(b"\x89PNG"), page
            assert client.get("/api/form-places").json()
        maps = Path(f"/proc/{started.process.pid}/maps").read_text(encoding="utf-8")
        assert not re.search("pdfium|qpdf", maps)
    finally:
        stop(started)


def _opened(client: httpx2.Client) -> list[str]:
    """The ids of the files, once all are open."""
    for _ in range(200):
        files = client.get("/api/state").json()["files"]
        if all(each["is_open"] for each in files):
            return [each["id"] for each in files if each["page_count"]]
        time.sleep(0.1)
    raise AssertionError("the files do not open")
