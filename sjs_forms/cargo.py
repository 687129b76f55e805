"""One application on its way to another machine, and what was built there on its way back.

No disk is shared: the files travel with the work.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sjs_forms.errors import Fault, MachineLacks
from sjs_forms.folder import ApplicationFolder
from sjs_forms.job import Options
from sjs_forms.ledger import tool_digest
from sjs_forms.programme import load_programme
from sjs_forms.publish import swap_folder, work_folder
from sjs_forms.work import Outcome, Task, carry_out, failed

_ONE_AT_A_TIME = threading.Lock()
"""The document libraries are not made for threads, and a worker may have many."""

_OUT = "out"


@dataclass(frozen=True, slots=True)
class Cargo:
    """A task without its paths: the application as read, and the bytes of each file it offers.

    `tool` is the digest of the tool that sends it: only the same tool builds the same bytes.
    """

    application: ApplicationFolder
    files: tuple[tuple[Path, bytes], ...]
    options: Options
    tool: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a cargo, and the files that were built, by their path in the output folder."""

    outcome: Outcome
    files: tuple[tuple[str, bytes], ...]


def pack(task: Task) -> Cargo:
    """Make a task ready to travel. Raises OSError where a file of it cannot be read."""
    paths = dict.fromkeys(item.path for item in task.application.offered if item.path)
    files = tuple((path, path.read_bytes()) for path in paths)
    return Cargo(task.application, files, task.options, tool_digest())


def carry_out_cargo(cargo: Cargo) -> Delivery:
    """Build a cargo on this machine, in a folder that is gone afterwards."""
    if cargo.tool != tool_digest():
        problem = MachineLacks(
            "工作机上的 sjs-forms 与本机的版本不同。",
            "请在所有机器上安装同一版本的 sjs-forms，重新启动工作进程后再运行。",
        )
        return Delivery(failed(problem), ())
    with (
        _ONE_AT_A_TIME,
        TemporaryDirectory(prefix="sjs-forms-cargo-", ignore_cleanup_errors=True) as place,
    ):
        return _build(cargo, Path(place))


def unload(delivery: Delivery, out: Path) -> None:
    """Put what was built into its place, whole or not at all. Raises OutputUnwritable."""
    with work_folder(out) as work:
        for name, data in delivery.files:
            path = work.joinpath(*_steps(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        swap_folder(work, out)


def _build(cargo: Cargo, place: Path) -> Delivery:
    try:
        task = Task(_unpacked(cargo, place), place / _OUT, cargo.options)
    except Exception as problem:
        return Delivery(failed(problem), ())
    outcome = carry_out(task)
    return Delivery(outcome, tuple(_files(task.out)) if outcome.built else ())


def _unpacked(cargo: Cargo, place: Path) -> ApplicationFolder:
    """The application with its files on this machine, and this machine's own templates."""
    here: dict[Path | None, Path] = {}
    for number, (path, data) in enumerate(cargo.files):
        here[path] = place / str(number) / path.name
        here[path].parent.mkdir()
        here[path].write_bytes(data)
    programme = cargo.application.programme
    return replace(
        cargo.application,
        folder=place,
        programme=programme and load_programme(programme.id),
        offered=tuple(
            replace(item, path=here.get(item.path)) for item in cargo.application.offered
        ),
    )


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _steps(name: str) -> tuple[str, ...]:
    steps = PurePosixPath(name).parts
    if not steps or ".." in steps or name.startswith("/"):
        raise Fault(f"工作机送回的文件名不对：{name}。")
    return steps
