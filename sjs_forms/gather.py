"""Opens every offered attachment once; what cannot be used becomes a finding."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sjs_forms.findings import Finding, error
from sjs_forms.folder import Offered
from sjs_forms.intake import Shelf, Unusable, WorkShelf, open_shelf, take_in
from sjs_forms.programme import Programme
from sjs_forms.selection import BadSelection, select_pages
from sjs_forms.sources import Source

_AT_ONCE = 3
"""Attachments opened at a time, processors permitting: each takes some 100 MB."""

SHARE = "SJS_FORMS_PROCESSORS"
"""The variable that says how many processors are a process's own, where others build beside it."""

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how much of it is done, and how much there is."""


@contextmanager
def shelf_of_run(cache: bool) -> Iterator[Shelf]:
    """Where opened attachments lie: the user's cache, or a folder that goes with the run."""
    with TemporaryDirectory(prefix="sjs-forms-", ignore_cleanup_errors=True) as folder:
        yield open_shelf(Path(folder)) if cache else WorkShelf(Path(folder))


def gather_sources(
    programme: Programme, offered: Sequence[Offered], shelf: Shelf, progress: Progress
) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
    """A source for each offered attachment, and findings for those that cannot be used."""
    sources: list[Source] = []
    findings: list[Finding] = []
    for source, problem in _opened(programme, offered, shelf, progress):
        sources.append(source)
        if problem is not None:
            findings.append(problem)
    return tuple(sources), tuple(findings)


def _opened(
    programme: Programme, offered: Sequence[Offered], shelf: Shelf, progress: Progress
) -> Iterator[tuple[Source, Finding | None]]:
    """Several at a time, in the order in which they are offered."""
    from sjs_forms.intake.host import dismiss, interrupt

    pool = ThreadPoolExecutor(min(_AT_ONCE, processors()))
    try:
        waiting = [pool.submit(_open, programme, item, shelf) for item in offered]
        for done, result in enumerate(waiting):
            progress("读取附件", done, len(offered))
            yield result.result()
        progress("读取附件", len(offered), len(offered))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        interrupt()
        raise
    finally:
        pool.shutdown()
        dismiss(kept=1)


def processors() -> int:
    """How many processors this process may use."""
    share = os.environ.get(SHARE, "")
    if share.isdecimal():
        return max(1, int(share))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _open(programme: Programme, item: Offered, shelf: Shelf) -> tuple[Source, Finding | None]:
    if item.path is None:
        return Source(item, None), None
    try:
        facts = take_in(item.path, item.file, shelf, programme.intake, item.password)
        return Source(item, facts, select_pages(item.pages, len(facts.pages))), None
    except Unusable as problem:
        return Source(item, None), _finding(item, problem.code, problem.message, problem.remedy)
    except BadSelection as problem:
        return Source(item, None), _bad_pages(item, problem)


def _finding(item: Offered, code: str, message: str, remedy: str) -> Finding:
    return error(code, item.where, item.material.title, message, remedy)


def _bad_pages(item: Offered, problem: BadSelection) -> Finding:
    return error(
        "attachment-pages",
        f"{item.where}.pages",
        item.material.title,
        f"“{item.file}”的 pages“{item.pages}”有误：{problem}。",
        "请改正页码，如 1-3,7；要全部页的，删去 pages。",
    )
