"""Sends an application to another machine, and receives what was built there.

No disk is shared: files are sent with the task. The answer is checked as untrusted input.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath

from sjs_forms.base.errors import Fault, MachineLacks, UsageFault
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.log_lines import SILENT, level_for_children
from sjs_forms.base.manifest import MANIFEST, Manifest
from sjs_forms.base.output.output_folder import swap_folder, work_folder
from sjs_forms.base.output.temporary_folders import sweep, temporary_folder
from sjs_forms.base.processes.child_logs import LONGEST_LINE, log_lines
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.base.processes.memory import work_share
from sjs_forms.base.processes.work_bounds import PastBounds, WorkBounds, bounded
from sjs_forms.base.progress import quiet
from sjs_forms.batch.execution.task import Outcome, Task, carry_out, failed
from sjs_forms.batch.ledger import tool_digest
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.jobs.options import Options
from sjs_forms.volume.built_folder import volumes_of

_ONE_AT_A_TIME = threading.Lock()
"""The document libraries are not thread-safe, and a worker may have many threads."""

_OUT, _EARLIER = "out", "earlier"

_COPIES = 4
"""Copies of a payload that may be in a process's memory at once; Dask copies it while sending."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A task without its paths: the application as read, and the bytes of its files.

    `tool` is the digest of the sending program: only the same program builds the same bytes.
    `earlier` are the manifests of the build to compare with, by path in its folder. The worker logs
    from `log_level` on.
    """

    application: ApplicationFolder
    files: tuple[tuple[Path, bytes], ...]
    options: Options
    tool: str
    log_level: int = SILENT
    earlier: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of a payload, and the files built, by path in the output folder.

    `log` has the lines that the worker logged.
    """

    outcome: Outcome
    files: tuple[tuple[str, bytes], ...]
    log: tuple[bytes, ...] = ()


def pack(task: Task) -> Payload:
    """Pack a task for sending.

    Raises OSError if a file cannot be read, MachineLacks if they are too large together, UsageFault
    if the build to compare with is gone.
    """
    offered = (item.path for item in task.application.offered if item.path)
    beside = (path for path in task.application.word_beside if os.access(path, os.R_OK))
    paths = dict.fromkeys((*offered, *beside))
    _check_size(paths)
    files = tuple((path, path.read_bytes()) for path in paths)
    earlier = tuple(_manifests(task.options.since)) if task.options.since else ()
    return Payload(
        task.application, files, task.options, tool_digest(), level_for_children(), earlier
    )


def _manifests(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the manifests of a build and of its volumes: all that a comparison reads.

    Those that are gone are left out; the build then says that it could not be compared.
    """
    with suppress(OSError, UsageFault):
        paths = (folder / MANIFEST, *(volume / MANIFEST for volume in volumes_of(folder)))
        for path in dict.fromkeys(paths):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def carry_out_payload(payload: Payload) -> Delivery:
    """Build a payload on this machine in a temporary folder."""
    if payload.tool != tool_digest():
        problem = MachineLacks(
            "工作机上的 sjs-forms 与本机的版本不同，或装的申报通知不同。",
            "请在所有机器上安装同一版本的 sjs-forms；另有申报通知的，把它的文件夹复制到每台机器，"
            "用环境变量 SJS_FORMS_NOTICES 写明；重新启动工作进程后再运行。",
        )
        return Delivery(failed(problem), ())
    sweep()  # otherwise a command does this, but none is started on this machine
    with (
        _ONE_AT_A_TIME,
        collection_paused(),
        log_lines(payload.log_level) as lines,
        temporary_folder() as place,
    ):
        delivery = _build(payload, place)
    return replace(delivery, log=tuple(lines))


def sent_digests(payload: Payload) -> dict[str, str]:
    """Return the SHA-256 of each file sent, by its path as the user wrote it."""
    digests = {path: sha256(data).hexdigest() for path, data in payload.files}
    return {
        item.file: digests[item.path]
        for item in payload.application.offered
        if item.path is not None and item.path in digests
    }


def unload(delivery: Delivery, out: Path) -> None:
    """Write what was built to its place, as a whole or not at all. Raises OutputUnwritable."""
    with work_folder(out) as work:
        for name, data in delivery.files:
            path = work.joinpath(*PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        swap_folder(work, out)


def checked(answer: object, sent: Mapping[str, str]) -> Delivery:
    """Validate a worker's answer for files with these digests.

    Its files must be those in its own manifest, with their sizes and digests, and names that stay
    inside the folder on every system. Raises Fault otherwise.
    """
    try:
        delivery = _plain(answer)
        if delivery.outcome.built:
            _check_files(dict(delivery.files), len(delivery.files))
        if any(sent.get(name) != found for name, found in delivery.outcome.digests):
            raise ValueError("digests of the input")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise Fault(f"工作机送回的结果不可信，没有采用（{problem}）。") from problem
    return delivery


def _plain(answer: object) -> Delivery:
    """Rebuild the delivery from plain values. Raises ValueError, TypeError, AttributeError."""
    if not isinstance(answer, Delivery):
        raise ValueError(f"{type(answer).__name__}")
    outcome = answer.outcome
    findings = tuple(finding_of(record_of(found)) for found in outcome.findings)
    pages = None if outcome.pages is None else int(outcome.pages)
    digests = tuple((str(name), str(digest)) for name, digest in outcome.digests)
    files = tuple((str(name), bytes(data)) for name, data in answer.files)
    log = tuple(bytes(line)[:LONGEST_LINE] for line in answer.log)
    seconds, compared = float(outcome.seconds), bool(outcome.compared)
    return Delivery(Outcome(findings, seconds, pages, digests, compared), files, log)


def _check_files(files: Mapping[str, bytes], count: int) -> None:
    """Raise ValueError if the files are not those in the manifest, or have unsafe names."""
    for name in files:
        steps = PurePosixPath(name).parts
        outside = not steps or name != "/".join(steps) or not set(steps).isdisjoint({".", ".."})
        if (
            outside
            or PureWindowsPath(name).anchor
            or any(c < " " or c in '\\:*?"<>|' for c in name)
        ):
            raise ValueError(f"name {name!r}")
    if len({name.casefold() for name in files}) != count:
        raise ValueError("two files of one name")
    listed = {
        entry.file: (entry.bytes, entry.sha256) for entry in Manifest.parse(files[MANIFEST]).files
    }
    there = {
        name: (len(data), sha256(data).hexdigest())
        for name, data in files.items()
        if name != MANIFEST
    }
    if listed != there:
        raise ValueError(f"files other than in {MANIFEST}")


def _build(payload: Payload, place: Path) -> Delivery:
    try:
        options = replace(payload.options, since=_unpacked_earlier(payload, place / _EARLIER))
        task = Task(_unpacked(payload, place), place / _OUT, options)
    except Exception as problem:
        return Delivery(failed(problem), ())
    try:
        with bounded(quiet, WorkBounds(interrupts=False)) as work:
            outcome = carry_out(task, work)
    except PastBounds as past:
        outcome = failed(past)
    if not outcome.built:
        return Delivery(outcome, ())
    try:
        return Delivery(outcome, tuple(_files(task.out)))
    except MachineLacks as problem:
        return Delivery(failed(problem), ())


def _unpacked(payload: Payload, place: Path) -> ApplicationFolder:
    """Return the application with its files on this machine, and this machine's templates."""
    here: dict[Path | None, Path] = {}
    for number, (path, data) in enumerate(payload.files):
        here[path] = place / str(number) / path.name
        here[path].parent.mkdir()
        here[path].write_bytes(data)
    programme = payload.application.programme
    return replace(
        payload.application,
        folder=place,
        programme=programme and load_programme(programme.id),
        offered=tuple(
            replace(item, path=here.get(item.path)) for item in payload.application.offered
        ),
        word_beside=tuple(here.get(path, path) for path in payload.application.word_beside),
    )


def _unpacked_earlier(payload: Payload, folder: Path) -> Path | None:
    """Write the manifests to compare with, and return their folder; None if none was asked for.

    It has the name of the earlier build, which messages show.
    """
    if payload.options.since is None:
        return None
    folder = folder / payload.options.since.name
    for name, data in payload.earlier:
        path = folder.joinpath(*PurePosixPath(name).parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    _check_size(paths)
    for path in paths:
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def _check_size(paths: Iterable[Path]) -> None:
    """Raise MachineLacks if files are too large together to be sent, OSError if one is missing.

    The whole payload is held in memory on every machine that it passes.
    """
    share = work_share()
    size = sum(path.stat().st_size for path in paths)
    if share is not None and size > share // _COPIES:
        raise MachineLacks(
            f"这份申报的文件共 {size / 1e6:,.0f} MB，超过了这台机器一次能经集群传送的"
            f" {share / _COPIES / 1e6:,.0f} MB。",
            "请把附件拆小，或不经集群（不写 --scheduler）生成这一份。",
        )
