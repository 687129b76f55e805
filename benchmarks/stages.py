"""Where the time of a build goes, by stage, without a word about it in the build itself.

A clock interrupts the main thread every millisecond; the time since the last interruption is put
to the stage that the interrupted code belongs to, found by module and function on its stack. Code
that runs in a library is interrupted when it returns, so none of its time is lost.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EVERY = 0.001
"""Seconds between interruptions."""

IMPORTS = "imports"
REST = "the rest"

STAGES = (
    (
        "reading and judging",
        (
            "domain.folder.application_folder",
            "domain.json_text",
            "domain.installed_notices",
            "domain.checks",
        ),
    ),
    ("intake", ("intake.attachment_opening", "intake")),
    ("forms: layout", ("volume.layout.start_forms",)),
    ("forms: Word", ("typesetting.word_filling",)),
    (
        "cover, contents, dividers: layout",
        ("volume.layout.start_volumes", "volume.layout.laid_out"),
    ),
    ("forms, cover, contents, dividers: painting", ("typesetting.html_pages.paint",)),
    ("assembling", ("volume.assemble",)),
    ("zip for the portal", ("portal",)),
    (
        "verifying, digests",
        (
            "volume.verify",
            "jobs.binding.volume_files._examination",
            "printing.sheet_files",
            "volume.side_digests",
        ),
    ),
    ("wrap and job sheet", ("printing.wrap_and_job_sheet",)),
    (
        "checksums and manifest",
        (
            "jobs.binding.volume_files._write_manifest",
            "jobs.binding.volume_files.files_in",
            "base.manifest",
            "base.files.hashing",
        ),
    ),
    ("publishing", ("base.output.output_folder",)),
)
"""Each stage with the packages, modules or functions of sjs_forms that it begins with."""

ORDER = (IMPORTS, *(name for name, _ in STAGES), REST)

_STAGE_OF = {place: stage for stage, places in STAGES for place in places}
_PACKAGE = "sjs_forms."


def stage_of(frame: FrameType | None) -> str:
    """The stage of interrupted code: the outermost one on its stack, but imports before all."""
    found = REST
    while frame is not None:
        module = frame.f_globals.get("__name__") or ""
        if module == "importlib._bootstrap":
            return IMPORTS
        if module.startswith(_PACKAGE):
            name = module.removeprefix(_PACKAGE)
            found = _stage_named(f"{name}.{frame.f_code.co_name}") or found
        frame = frame.f_back
    return found


def _stage_named(place: str) -> str | None:
    """The stage of a function, else that of the nearest module or package around it."""
    while place and place not in _STAGE_OF:
        place = place.rpartition(".")[0]
    return _STAGE_OF.get(place)


@contextmanager
def seconds_by_stage() -> Iterator[dict[str, float]]:
    """Seconds of what runs inside, by stage, known at its end. Main thread only; not on Windows."""
    spent = dict.fromkeys(ORDER, 0.0)
    last = time.perf_counter()

    def interrupted(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.perf_counter()
        spent[stage_of(frame)] += now - last
        last = now

    before = signal.signal(signal.SIGALRM, interrupted)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield spent
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        spent[REST] += time.perf_counter() - last
