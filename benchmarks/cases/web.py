"""What a person in front of the browser waits for, as far as the server is what takes the time."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.applications import copy_sample
from benchmarks.bench import Bench, clear, sjs_forms
from benchmarks.measuring import time_commands
from benchmarks.results import Case, Grid, Target
from benchmarks.scans import DENSE, scan_file
from benchmarks.web_client import WebServer, serving

_PAGES = 40
"""Of a stack that a scanner leaves at its finest: 91 MB."""
_LOOK = 0.02


def measure(bench: Bench) -> Case:
    """Over HTTP, without a browser: the sample, and one scan of 40 pages and 91 MB."""
    cache, folder = bench.scratch / "web-cache", copy_sample(bench.scratch / "web" / "样例")
    clear(cache)
    with serving(folder, cache) as (server, started):
        server.until(_is_open)
        form = _first_form(server)
        keys = [_seconds(lambda n=n: _typed(server, n)) for n in range(_count(bench))]
        pages = [_seconds(lambda n=n: _previewed(server, form, n)) for n in range(_count(bench))]
        first, following = _thumbnails(bench, server)
        taken, shown, peak = _large(bench, server)
        cancelled = _cancelled(server)
        built = _seconds(lambda: _built(server))
        idle, every = _idle(server)
    command = _by_command(bench, folder, cache)
    targets = (
        Target("start to form shown", started, 2.0, "s"),
        Target("key to finding, p95", _p95(keys), 0.1, "s"),
        Target("change to preview, p95", _p95(pages), 0.7, "s"),
        Target("dropped scan to thumbnail, the first", first, 1.0, "s"),
        Target("dropped scan to thumbnail, the next", following, 0.3, "s"),
        Target("91 MB in 40 pages taken in", taken, 5.0, "s"),
        Target("cancel to the job's end", cancelled, 1.0, "s"),
        Target("build, of the command's time", built / command, 1.15, "×"),
        Target("memory of all processes with nothing running", every, 300.0, "MB"),
    )
    grid = Grid(
        "Seconds, and megabytes of the server's own process",
        ("",),
        (
            ("91 MB sent and opened", (taken,)),
            ("its first page shown after that", (shown,)),
            ("the server's memory at most meanwhile", (peak,)),
            ("the server's memory at the end", (idle,)),
            ("build on the page", (built,)),
            ("build by the command", (command,)),
        ),
    )
    return Case("web", targets=targets, grids=(grid,))


def _count(bench: Bench) -> int:
    return max(20, bench.sizes.runs * 5)


def _is_open(state: Any) -> bool:
    return all(each["is_open"] for each in state["files"])


def _first_form(server: WebServer) -> str:
    """The form of the picture beside the questions."""
    page = server.get("/form").decode()
    return page.split('<select id="which"><option value="')[1].split('"')[0]


def _typed(server: WebServer, number: int) -> None:
    """One answer, judged; the page of the form comes with it."""
    edit = {"path": "remarks", "typed": f"第 {number} 次", "seen": None}
    edit["seen"] = server.state()["application"].get("remarks")
    server.post("/api/answers", {"edits": [edit]})


def _previewed(server: WebServer, form: str, number: int) -> None:
    _typed(server, 1000 + number)
    server.get(f"/pictures/form/{form}/1.png?dpi=96")


def _thumbnails(bench: Bench, server: WebServer) -> tuple[float, float]:
    """Seconds from a dropped scan of one page to its thumbnail, of the first and of others."""
    folder = bench.fresh("web-dropped")
    found = []
    for number in range(6):
        path = scan_file(folder / f"一页{number}.pdf", 1, 100 + number)
        found.append(_seconds(lambda path=path: _dropped(server, path)))
    return found[0], _p95(found[1:])


def _dropped(server: WebServer, path: Path) -> None:
    state = server.upload("evidence", path)
    file = next(each["id"] for each in state["files"] if each["file"].endswith(path.name))
    server.get(f"/pictures/file/{file}/1.png?dpi=28")


def _large(bench: Bench, server: WebServer) -> tuple[float, float, float]:
    """Seconds to take in the large scan and to show its first page, and the server's memory."""
    path = scan_file(bench.scratch / "web-dense.pdf", _PAGES, 200, DENSE)
    with _Peak(server) as peak:
        began = time.perf_counter()
        state = server.upload("lease", path)
        taken = time.perf_counter() - began
        file = next(each for each in state["files"] if each["file"].endswith(path.name))
        shown = _seconds(lambda: server.get(f"/pictures/file/{file['id']}/1.png?dpi=28"))
    server.post(f"/api/files/{file['id']}", {"action": "remove"})
    return taken, shown, peak.megabytes


class _Peak:
    """The most memory that the server's own process has while the `with` body runs."""

    def __init__(self, server: WebServer) -> None:
        self._server, self.megabytes = server, 0.0

    def __enter__(self) -> "_Peak":
        import threading

        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK):
            self.megabytes = max(self.megabytes, self._server.own_megabytes())


def _cancelled(server: WebServer) -> float:
    """Seconds from the click to the end of a build that was binding."""
    job = server.post("/api/jobs", {"kind": "build", "draft": True})["job"]
    began = 0.0
    for said in server.events(job):
        if said.get("stage") and not began and said["stage"] != "启动":
            began = time.perf_counter()
            server.post(f"/api/jobs/{job}/cancel", {})
    return time.perf_counter() - began


def _built(server: WebServer) -> None:
    job = server.post("/api/jobs", {"kind": "build", "draft": True})["job"]
    for _ in server.events(job):
        pass


def _by_command(bench: Bench, folder: Path, cache: Path) -> float:
    out = bench.scratch / "web-out"
    clear(out)
    command = sjs_forms("build", folder, "--draft", "-o", out, cache=cache)
    return time_commands([command]).wall


def _idle(server: WebServer) -> tuple[float, float]:
    time.sleep(1)
    return server.megabytes()


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _p95(found: Sequence[float]) -> float:
    return sorted(found)[min(len(found) - 1, round(0.95 * len(found)))]
