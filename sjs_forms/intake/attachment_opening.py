"""Opens every offered attachment once. What cannot be used becomes a finding."""

import logging
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Self

from sjs_forms.base.findings import file_refusal
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import PlainAction, ReplaceFile
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.processes.processors import processors
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.base.system_errors import no_thread
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.page_selection import BadSelection, select_pages
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.domain.sources import Source
from sjs_forms.intake import FactsCache, FileRefused, RunCache, machine_faults, open_cache, take_in
from sjs_forms.intake.photographs.straightened_pages import PROGRAM, Photographer
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers

_log = logging.getLogger(__name__)

_AT_ONCE = 3
"""Limit on attachments opened at once, if there are as many processors: each takes about 100 MB."""

_WORTH = 8_000_000
"""Bytes of attachments that justify another process: opening them takes as long as its start."""

_MANY = 6
"""Number of small attachments that justify another process while the job waits for them."""

_QUICK = frozenset((".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp"))
"""Suffixes of files whose opening time depends on their size; others always take long."""

_OFD = ".ofd"
"""Opened in a fraction of a second, whatever the size; two of them justify another process."""

_Result = Future[tuple[Source, Finding | None]]


@contextmanager
def cache_of_run(cache: bool) -> Iterator[FactsCache]:
    """Yield the cache for opened attachments: the user's, or a folder removed after the run."""
    with temporary_folder() as folder:
        yield open_cache(folder) if cache else RunCache(folder)


class Opening:
    """Opens attachments in a thread pool while the `with` body runs.

    Small ones are opened one by one until `sources` is called. If the body ends early or raises,
    no further ones are opened, and running ones are abandoned.
    """

    def __init__(
        self,
        programme: Programme,
        offered: Sequence[Offered],
        cache: FactsCache,
        pool: WorkerPool | None = None,
    ) -> None:
        """Processes of `pool` open the files, by default of a pool that ends with this object."""
        self._programme, self._cache = programme, cache
        self._closing = ExitStack()
        self._pool = pool or self._closing.enter_context(WorkerPool())
        self._photo_pool = self._closing.enter_context(WorkerPool(PROGRAM))
        self._given_up = Event()
        self._workers = Workers(self._pool, self._given_up.is_set)
        self._all = [(item, _Result()) for item in offered]
        self._left = deque(self._all)
        self._most = min(_AT_ONCE, processors())
        self._until = time.monotonic() + programme.intake.max_total_seconds
        self._threads = ThreadPoolExecutor(self._most)
        self._running = 0
        self._start_threads(_worth(offered))

    def __enter__(self) -> Self:
        """Start opening; return self."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes that opened files, except one for the next files."""
        self._left.clear()
        if kind is not None:
            self._given_up.set()
        self._threads.shutdown()
        self._pool.dismiss(kept=1)
        self._closing.close()

    def sources(self, progress: Progress) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
        """Wait for all. Returns a source for each in order, and findings on the unusable ones.

        Raises Cancelled.
        """
        progress(Stage.OPENING, 0, len(self._all))
        self._start_threads(1 + len(self._left) // _MANY)
        if not self._running:
            self._workers = Workers(self._pool, progress.is_cancelled)
            self._open_all()
        results = []
        for done, (_, result) in enumerate(self._all, start=1):
            results.append(progress.result(result))
            progress(Stage.OPENING, done, len(self._all))
        sources = tuple(source for source, _ in results)
        progress.expect(sum(len(source.pages) for source in sources))
        return sources, _each_once([problem for _, problem in results if problem is not None])

    def _start_threads(self, wanted: int) -> None:
        """Open up to `wanted` attachments at a time, as far as allowed."""
        while self._running < min(wanted, self._most):
            try:
                self._threads.submit(self._open_all)
            except RuntimeError as problem:
                if no_thread(problem):
                    _log.warning("no thread to open attachments in could be started")
                    return  # the existing threads open all, or the thread that waits does
                raise
            self._running += 1

    def _open_all(self) -> None:
        """Open one attachment after the other while any is left."""
        while self._left:
            try:
                item, result = self._left.popleft()
            except IndexError:  # another thread has taken the last one
                return
            try:
                result.set_result(self._opened(item))
            except BaseException as problem:
                result.set_exception(problem)

    def _opened(self, item: Offered) -> tuple[Source, Finding | None]:
        """Return the attachment, unless earlier ones took all the time of the application."""
        if time.monotonic() > self._until:
            _log.warning("no time is left to open %s", item.file)
            return Source(item, None), _too_late(self._programme, item)
        photo_workers = Workers(self._photo_pool, self._workers.is_cancelled)
        return _open(self._programme, item, self._cache, self._workers, photo_workers)


def _each_once(problems: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with faults common to all files only once, for the first file."""
    kept: dict[str, Finding] = {}
    more: Counter[str] = Counter()
    for number, problem in enumerate(problems):
        key = problem.code if problem.has(Trait.ONCE) else str(number)
        more[key] += key in kept
        kept.setdefault(key, problem)
    return tuple(
        found.with_template(f"{found.template}另有 {more[key]} 份附件也是如此。")
        if more[key]
        else found
        for key, found in kept.items()
    )


def _worth(offered: Sequence[Offered]) -> int:
    """Return how many parallel processes the attachments justify."""
    return 1 + sum(_size(item.path) for item in offered if item.path is not None) // _WORTH


def _size(path: Path) -> int:
    """Return the bytes of a file, or the equivalent for its kind."""
    suffix = path.suffix.lower()
    if suffix not in _QUICK:
        return _WORTH // 2 if suffix == _OFD else _WORTH
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reported when it is opened


def _open(
    programme: Programme,
    item: Offered,
    cache: FactsCache,
    workers: Workers,
    photo_workers: Workers,
) -> tuple[Source, Finding | None]:
    if item.path is None:
        return Source(item, None), None
    _log.debug("%s is opened", item.file)
    try:
        limits = programme.intake
        facts = take_in(item.path, item.file, cache, limits, item.password, workers)
    except FileRefused as problem:
        _log.info("%s cannot be used: %s", item.file, problem.code)
        return Source(item, None), _refused(item, problem)
    source, unknown_pages = source_of(item, facts)
    if item.straighten and source.facts is not None:
        return straightened(source, Photographer(cache, limits, photo_workers))
    return source, unknown_pages


def source_of(item: Offered, facts: SourceFacts) -> tuple[Source, Finding | None]:
    """Return the selected pages of an opened attachment, or a finding if they do not exist."""
    try:
        chosen = select_pages(item.pages, facts.given)
        return Source(item, facts, tuple(p for page in chosen for p in facts.parts_of(page))), None
    except BadSelection as problem:
        return Source(item, None), _bad_pages(item, problem)


def straightened(source: Source, photographer: Photographer) -> tuple[Source, Finding | None]:
    """Return an opened attachment with its chosen photographs straightened.

    Returns a finding instead for a fault of the system or this software. Raises Cancelled.
    """
    assert source.facts is not None
    item = source.offered
    try:
        facts = photographer.straightened(source.facts, source.pages)
    except FileRefused as refusal:
        return Source(item, None), _refused(item, refusal.named(item.file))
    except Exception as problem:
        fault = machine_faults.of(problem, source.facts.clean.parent)
        return Source(item, None), _refused(item, fault.named(item.file))
    remarks = tuple(file_refusal.named(remark, item.file) for remark in facts.remarks)
    return replace(source, facts=replace(facts, remarks=remarks)), None


def _refused(item: Offered, problem: FileRefused) -> Finding:
    found = problem.finding.at(item.place, item.material.title)
    if isinstance(found.action, ReplaceFile):
        is_listed = isinstance(item.place, AnswerPlace)
        return replace(found, action=replace(found.action, is_listed=is_listed))
    return found


def _too_late(programme: Programme, item: Offered) -> Finding:
    minutes = programme.intake.max_total_seconds / 60
    return error(
        "attachment-total-time",
        item.place,
        item.material.title,
        f"读取附件已用 {minutes:g} 分钟，是一份申报的上限，“{FILE}”没有读取。",
        "请把处理得慢的附件（页数很多、图形很复杂，或要转换的 Office 文件）另存为 PDF、拆小后再试；"
        "已读取的不必再等。",
        item.file,
    )


def _bad_pages(item: Offered, problem: BadSelection) -> Finding:
    assert isinstance(item.place, AnswerPlace), "only a list asks for pages"
    steps = (*item.place.steps, "pages")
    return error(
        "attachment-pages",
        AnswerPlace(steps),
        item.material.title,
        f"“{FILE}”只取的页码“{item.pages}”有误：{problem}。",
        PlainAction.CORRECT_PAGES,
        item.file,
    )
