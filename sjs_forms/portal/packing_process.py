"""The zip for the portal packed in a process of its own, beside whatever else a build has to do.

qpdf keeps the interpreter to itself while it reads, so a thread would hold up the others. What is
packed in less time than a process takes to start is packed at once.
"""

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
from sjs_forms.base.findings import Finding
from sjs_forms.base.isolated_python import python_command, working_folder
from sjs_forms.base.output.followed_file import followed
from sjs_forms.base.processors import processors
from sjs_forms.base.progress import LOOK, Progress, Stage, quiet
from sjs_forms.base.system_errors import told
from sjs_forms.domain.sources import Source
from sjs_forms.intake.process.worker_process import end_group
from sjs_forms.portal.zip_file_names import PORTAL
from sjs_forms.portal.zip_writing import Submission, write_portal

WORTH_IT = 100_000_000
"""Bytes of attachments from which a process of its own saves more than its start takes."""
_START = "from sjs_forms.portal.packing_process import serve; serve()"


@dataclass(frozen=True, slots=True)
class Zip:
    """The zip as it lies there: what is to be known of it, and its SHA-256 in hexadecimal."""

    findings: tuple[Finding, ...]
    sha256: str


def pack(submission: Submission, folder: Path, progress: Progress = quiet) -> Zip:
    """Write the zip into `folder`. Raises what write_portal raises."""
    with followed(folder / PORTAL) as zipped:
        found = write_portal(submission, folder, zipped.final_to, progress)
        return Zip(found, zipped.sha256())


@contextmanager
def packing(
    submission: Submission, folder: Path, progress: Progress = quiet
) -> Iterator[Callable[[], Zip]]:
    """Pack while the caller goes on; what this gives waits for the zip, which is the same always.

    That raises what `pack` raises, and MachineLacks where the process died twice. Whoever leaves
    without waiting leaves nothing running.
    """
    progress(Stage.PACKING)
    if processors() < 2 or _size(submission.sources) < WORTH_IT:
        made = pack(submission, folder, progress)
        yield lambda: made
        return
    place = folder.parent  # on the output's own disk
    with tempfile.TemporaryFile(dir=place) as request, tempfile.TemporaryFile(dir=place) as answer:
        helper = _Helper(submission, folder, (request, answer), progress)
        try:
            yield helper.packed
        finally:
            helper.end()


class _Helper:
    """The process; what it is told and what it says lies in files."""

    def __init__(
        self,
        submission: Submission,
        folder: Path,
        files: tuple[IO[bytes], IO[bytes]],
        progress: Progress,
    ) -> None:
        self._submission, self._folder, self._progress = submission, folder, progress
        self._request, self._answer = files
        self._made: Zip | None = None
        unseen = replace(submission, sources=_unseen(submission.sources))
        pickle.dump((unseen, folder.absolute()), self._request)
        self._process = self._begun()

    def packed(self) -> Zip:
        """The zip, once it is there; where the process was ended from outside, by another."""
        if self._made is None:
            answer = self._ended()
            if not answer and self._process is not None:
                self._process = self._begun()
                answer = self._ended()
            here = self._process is None
            self._made = self._packed_here() if here else _received(answer)
            self._progress(Stage.PACKING, 1, 1)
        return self._made

    def _packed_here(self) -> Zip:
        return pack(self._submission, self._folder, self._progress)

    def end(self) -> None:
        """End the process, if it has not ended."""
        if self._process is not None and self._process.poll() is None:
            end_group(self._process)

    def _begun(self) -> "subprocess.Popen[bytes] | None":
        """The process; None where the machine lets none start, and the zip is packed here."""
        self._request.seek(0)
        self._answer.seek(0)
        self._answer.truncate()
        try:
            return subprocess.Popen(
                python_command(_START),
                cwd=working_folder(),
                stdin=self._request,
                stdout=self._answer,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return None

    def _ended(self) -> bytes:
        """What the process said, once it has ended. Raises Cancelled."""
        if self._process is None:
            return b""
        while True:
            try:
                self._process.wait(LOOK)
                break
            except subprocess.TimeoutExpired:
                self._progress.check()
        self._answer.seek(0)
        return self._answer.read()


def _size(sources: tuple[Source, ...]) -> int:
    return sum(source.facts.clean.stat().st_size for source in sources if source.facts)


def _unseen(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """The same without where the ink is: the zip asks for nothing of that, and it is long."""
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


def _received(answer: bytes) -> Zip:
    """What the process had to say. Raises what it met with."""
    made: Zip | Exception | tuple[Finding, ...]
    try:
        made = pickle.loads(answer)
    except (EOFError, pickle.UnpicklingError) as problem:  # it did not come to the end
        raise MachineLacks(
            "打包在线申报材料的进程意外结束了。", "请关闭占用内存较多的程序，再生成一次。"
        ) from problem
    if isinstance(made, tuple):
        raise Refused(made)
    if isinstance(made, Exception):
        raise made
    return made


def serve() -> None:
    """The process itself: a pickled submission and folder come in, what became of it goes out."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may look like an answer
    submission, folder = pickle.load(sys.stdin.buffer)
    made: Any
    try:
        made = pack(submission, folder)
    except Refused as problem:
        made = problem.findings
    except OSError as problem:  # whose it is depends on what the build was doing
        made = problem
    except Exception as problem:
        made = told(problem)
    with answers:
        pickle.dump(made, answers)
