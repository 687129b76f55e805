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
from typing import Any

from sjs_forms.digests import digest
from sjs_forms.errors import Fault, MachineLacks, Refused, SjsFormsError
from sjs_forms.findings import Finding
from sjs_forms.gather import processors
from sjs_forms.intake.host import dismiss, end_group
from sjs_forms.isolated_python import python_command, working_folder
from sjs_forms.portal.archive import Submission, write_portal
from sjs_forms.portal.contents import PORTAL
from sjs_forms.sources import Source

WORTH_IT = 100_000_000
"""Bytes of attachments from which a process of its own saves more than its start takes."""
_START = "from sjs_forms.portal.beside import serve; serve()"


@dataclass(frozen=True, slots=True)
class Zip:
    """The zip as it lies there: what is to be known of it, and its SHA-256 in hexadecimal."""

    findings: tuple[Finding, ...]
    sha256: str


def pack(submission: Submission, folder: Path) -> Zip:
    """Write the zip into `folder`. Raises what write_portal raises."""
    return Zip(write_portal(submission, folder), digest(folder / PORTAL))


@contextmanager
def packing(submission: Submission, folder: Path) -> Iterator[Callable[[], Zip]]:
    """Pack while the caller goes on; what this gives waits for the zip, which is the same always.

    That raises what `pack` raises, and MachineLacks where the process died. Whoever leaves without
    waiting leaves nothing running.
    """
    if processors() < 2 or _size(submission.sources) < WORTH_IT:
        made = pack(submission, folder)
        yield lambda: made
        return
    dismiss()  # intake's last worker would take its memory beside this one
    with tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as answer:
        unseen = replace(submission, sources=_unseen(submission.sources))
        pickle.dump((unseen, folder.absolute()), request)
        request.seek(0)
        process = subprocess.Popen(
            python_command(_START),
            cwd=working_folder(),
            stdin=request,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        known: list[Zip] = []

        def packed() -> Zip:
            if not known:
                process.wait()
                answer.seek(0)
                known.append(_received(answer.read()))
            return known[0]

        try:
            yield packed
        finally:
            if process.poll() is None:
                end_group(process)


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
    if not answer:
        raise MachineLacks(
            "打包在线申报材料的进程意外结束了。", "请关闭占用内存较多的程序，再生成一次。"
        )
    made: Zip | Exception | tuple[Finding, ...] = pickle.loads(answer)
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
    except (OSError, SjsFormsError) as problem:
        made = problem
    except Exception as problem:
        made = Fault(f"内部错误：{type(problem).__name__}: {problem}")
    with answers:
        pickle.dump(made, answers)
