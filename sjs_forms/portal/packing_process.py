"""Writes the zip for the portal in a process of its own, parallel to the rest of a build.

qpdf holds the interpreter lock while it reads, so a thread would block the others. A small zip,
written faster than a process starts, is written in this process.
"""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from sjs_forms.base.errors import MachineLacks, Refused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.log_lines import SILENT, level_for_children
from sjs_forms.base.output.followed_file import followed
from sjs_forms.base.processes.child_logs import Relay, log_to_stderr
from sjs_forms.base.processes.child_processes import end_group, start_child
from sjs_forms.base.processes.isolated_python import python_command, working_folder
from sjs_forms.base.processes.processors import processors
from sjs_forms.base.processes.work_bounds import bounded_process, past_bounds
from sjs_forms.base.progress import CHECK_INTERVAL, Progress, Stage, quiet
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.sources import Source
from sjs_forms.portal.zip_file_names import PORTAL
from sjs_forms.portal.zip_writing import Submission, write_portal

_log = logging.getLogger(__name__)

WORTH_IT = 100_000_000
"""Bytes of attachments from which a process of its own saves more than its start costs."""
START = "from sjs_forms.portal.packing_process import serve; serve(int(sys.argv[1]))"
"""The code that the process runs. Its one argument is the level from which it logs."""


@dataclass(frozen=True, slots=True)
class PackedZip:
    """A written zip: its findings and its SHA-256 in hexadecimal."""

    findings: tuple[Finding, ...]
    sha256: str


def pack(submission: Submission, folder: Path, progress: Progress = quiet) -> PackedZip:
    """Write the zip into `folder`. Raises what `write_portal` raises."""
    with followed(folder / PORTAL) as zipped:
        found = write_portal(submission, folder, zipped.final_to, progress)
        return PackedZip(found, zipped.sha256(progress))


@contextmanager
def packing(
    submission: Submission, folder: Path, progress: Progress = quiet
) -> Iterator[Callable[[], PackedZip]]:
    """Write the zip while the `with` body runs. Yields a function that waits for the result.

    The function raises what `pack` raises, and MachineLacks if the process died twice. The zip is
    the same either way. Leaving the context without waiting ends the process.
    """
    progress(Stage.PACKING)
    if processors() < 2 or _size(submission.sources) < WORTH_IT:
        made = pack(submission, folder, progress)
        yield lambda: made
        return
    place = folder.parent  # on the output's file system
    with tempfile.TemporaryFile(dir=place) as request, tempfile.TemporaryFile(dir=place) as answer:
        helper = _PackingProcess(submission, folder, (request, answer), progress)
        try:
            yield helper.packed
        finally:
            helper.end()


class _PackingProcess:
    """The packing process. Its input and its answer are files."""

    def __init__(
        self,
        submission: Submission,
        folder: Path,
        files: tuple[IO[bytes], IO[bytes]],
        progress: Progress,
    ) -> None:
        self._submission, self._folder, self._progress = submission, folder, progress
        self._request, self._answer = files
        self._made: PackedZip | None = None
        unseen = replace(submission, sources=_without_ink_maps(submission.sources))
        pickle.dump((unseen, folder.absolute()), self._request)
        self._process = self._begun()

    def packed(self) -> PackedZip:
        """Wait for the zip. If the process was killed from outside, it is started once more."""
        if self._made is None:
            answer = self._ended()
            if not answer and self._process is not None:
                code = self._process.returncode
                if past := past_bounds(code):
                    raise past
                _log.warning("the packing process died and left %s; another is started", code)
                self._process = self._begun()
                answer = self._ended()
            here = self._process is None
            self._made = self._packed_here() if here else _received(answer)
            self._progress(Stage.PACKING, 1, 1)
        return self._made

    def _packed_here(self) -> PackedZip:
        return pack(self._submission, self._folder, self._progress)

    def end(self) -> None:
        """Kill the process if it is running."""
        if self._process is not None and self._process.poll() is None:
            end_group(self._process)
            self._relay.end()

    def _begun(self) -> "subprocess.Popen[bytes] | None":
        """Start the process. Returns None if the system cannot; the zip is then written here."""
        self._request.seek(0)
        self._answer.seek(0)
        self._answer.truncate()
        command = [*python_command(START), str(level_for_children())]
        try:
            with Relay(__name__) as self._relay:
                return start_child(
                    command,
                    cwd=working_folder(),
                    stdin=self._request,
                    stdout=self._answer,
                    stderr=self._relay.stderr,
                )
        except OSError:
            _log.warning("the zip is packed in this process: no other starts", exc_info=True)
            return None

    def _ended(self) -> bytes:
        """Wait for the process to end and return its answer. Raises Cancelled."""
        if self._process is None:
            return b""
        while True:
            try:
                self._process.wait(CHECK_INTERVAL)
                break
            except subprocess.TimeoutExpired:
                self._progress.check()
        self._relay.end()
        self._answer.seek(0)
        return self._answer.read()


def _size(sources: tuple[Source, ...]) -> int:
    return sum(source.facts.clean.stat().st_size for source in sources if source.facts)


def _without_ink_maps(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources without their ink maps, which the zip does not need and which
    are large.
    """
    return tuple(
        replace(
            source,
            facts=replace(
                source.facts, pages=tuple(replace(page, ink=None) for page in source.facts.pages)
            ),
        )
        if source.facts
        else source
        for source in sources
    )


def _received(answer: bytes) -> PackedZip:
    """Return the zip from the process's answer. Raises the exception that it reported."""
    made: PackedZip | Exception | tuple[Finding, ...]
    try:
        made = pickle.loads(answer)
    except (EOFError, pickle.UnpicklingError) as problem:  # the answer is incomplete
        raise MachineLacks(
            "打包在线申报材料的进程意外结束了。", "请关闭占用内存较多的程序，再生成一次。"
        ) from problem
    if isinstance(made, tuple):
        raise Refused(made)
    if isinstance(made, Exception):
        raise made
    return made


def serve(level: int = SILENT) -> None:
    """The process's main function: reads a pickled submission and folder, writes the result.

    Logs to standard error from `level` on.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that no output of a library is read as the answer
    log_to_stderr(level)
    submission, folder = pickle.load(sys.stdin.buffer)
    made: Any
    try:
        with bounded_process() as progress:
            progress.expect(sum(len(source.pages) for source in submission.sources))
            made = pack(submission, folder, progress)
    except Refused as problem:
        made = problem.findings
    except OSError as problem:  # the caller knows which error it becomes
        made = problem
    except Exception as problem:
        made = as_own_error(problem)
    with answers:
        pickle.dump(made, answers)
