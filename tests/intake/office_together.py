"""Office documents of many tests, converted a few at a time.

To start LibreOffice takes longer than to convert a document of a test. Here documents are taken in
as ever, each with a worker of its own, but they wait for each other where LibreOffice is to convert
them: it is started once for all that wait.
"""

import inspect
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sjs_forms import intake
from sjs_forms.base.progress import never_cancelled
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import office
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers

SHOWN = "attachments/2-场地租赁合同/租赁合同.pdf"
"""How the applicant calls each file."""
Papers = Mapping[str, SourceFacts]
"""What was taken in, by the name of the document."""
Make = Callable[..., Mapping[str, bytes]]
"""Makes documents by name, from those parameters of the test, and a `Converter`, that it names."""

_AT_A_TIME = 16
"""Documents taken in at a time, each with a worker."""
_FINAL = "pdf"


def papers_of(make: Make) -> pytest.MarkDecorator:
    """Name the documents that a test looks at in its fixture `papers`."""
    return pytest.mark.papers.with_args(make)


class Converter:
    """Converts documents to other formats as they are, without any treatment."""

    def __init__(self, folder: Path) -> None:
        """What it makes for a while lies in `folder`."""
        self._folder = folder

    def __call__(self, data: bytes, suffix: str, kind: str) -> bytes:
        """The document in the format `kind`."""
        source = Path(tempfile.mkdtemp(dir=self._folder)) / f"made{suffix}"
        source.write_bytes(data)
        made: Path = office.convert([source], source.parent, load_programme().intake, kind)[0]
        return made.read_bytes()


def prepare(items: Iterable[pytest.Item], folder: Path) -> None:
    """Make and take in the documents of these tests; what is known of them is kept in `folder`."""
    work = folder / "work"
    work.mkdir(parents=True)
    making: dict[str, Callable[[], Mapping[str, bytes]]] = {}
    for item in items:
        mark = item.get_closest_marker("papers")
        if mark is not None:
            making[item.nodeid] = _bound(item, mark.args[0], Converter(work))
    for test, made in together(making).items():
        for name, data in made.result().items():
            path = _place(folder, test) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    paths = sorted(folder.glob("papers/*/*"), key=lambda path: path.suffix)
    with WorkerPool() as pool:
        for at in range(0, len(paths), _AT_A_TIME):
            some = paths[at : at + _AT_A_TIME]
            together({str(path): _taking(path, folder, pool) for path in some})
    shutil.rmtree(work)


class PapersOfTest(Papers):
    """What is known of the documents of a test."""

    def __init__(self, folder: Path, test: str) -> None:
        """`folder` is prepared."""
        self._folder, self._place = folder, _place(folder, test)

    def __getitem__(self, name: str) -> SourceFacts:
        """What was taken in. Raises FileRefused as it did before."""
        with WorkerPool() as pool:
            return _taking(self._place / name, self._folder, pool)()

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(sorted(path.name for path in self._place.iterdir()))

    def __len__(self) -> int:
        """How many."""
        return len(list(self._place.iterdir()))


def _place(folder: Path, test: str) -> Path:
    return folder / "papers" / sha256(test.encode()).hexdigest()[:16]


def _bound(item: pytest.Item, make: Make, convert: Converter) -> Callable[[], Mapping[str, bytes]]:
    """The documents of a test, with its own parameters."""
    given: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    given = {**given, "convert": convert}
    named = {name: given[name] for name in inspect.signature(make).parameters}
    return lambda: make(**named)


def _taking(path: Path, folder: Path, pool: WorkerPool) -> Callable[[], SourceFacts]:
    cache, limits = intake.RunCache(folder / "facts"), load_programme().intake
    return lambda: intake.take_in(path, SHOWN, cache, limits, None, Workers(pool))


@dataclass(slots=True)
class _Order:
    """What a document waits for."""

    paths: Sequence[Path]
    scratch: Path
    limits: IntakeLimits
    kind: str
    made: "Future[list[Path]]"


def together(work: Mapping[str, Callable[[], Any]]) -> dict[str, "Future[Any]"]:
    """Do all of the work at the same time; LibreOffice is started when nothing else goes on."""
    done: dict[str, Future[Any]] = {name: Future() for name in work}
    real, gathering = office.convert, _Gathering(len(work))

    def run(name: str) -> None:
        try:
            done[name].set_result(work[name]())
        except Exception as problem:  # for the test that asks for it
            done[name].set_exception(problem)
        finally:
            gathering.one_less()

    threads = [threading.Thread(target=run, args=(name,)) for name in work]
    gathering.real = real
    office.convert = gathering.convert
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        office.convert = real
    return done


class _Gathering:
    """Stands in for `office.convert` of so many threads."""

    def __init__(self, threads: int) -> None:
        self.real = office.convert
        self._at_work, self._waiting = threads, list[_Order]()
        self._lock = threading.Lock()

    def convert(
        self,
        paths: Sequence[Path],
        scratch: Path,
        limits: IntakeLimits,
        kind: str,
        is_cancelled: Callable[[], bool] = never_cancelled,
    ) -> list[Path]:
        """Wait until all threads wait or have ended; the last one starts LibreOffice."""
        order = _Order(paths, scratch, limits, kind, Future())
        with self._lock:
            self._waiting.append(order)
        self.one_less()
        return order.made.result()

    def one_less(self) -> None:
        """Note that a thread waits or has ended."""
        with self._lock:
            self._at_work -= 1
            if self._at_work or not self._waiting:
                return
            kinds = {order.kind for order in self._waiting}
            chosen = kinds - {_FINAL} or kinds  # what is opened first waits for the others there
            orders = [order for order in self._waiting if order.kind in chosen]
            self._waiting = [order for order in self._waiting if order.kind not in chosen]
            self._at_work = len(orders)
        for kind in sorted(chosen):
            self._carry_out([order for order in orders if order.kind == kind])

    def _carry_out(self, orders: Sequence[_Order]) -> None:
        paths = [path for order in orders for path in order.paths]
        try:
            made = iter(self.real(paths, orders[0].scratch, orders[0].limits, orders[0].kind))
        except Exception as problem:
            if len(orders) == 1:
                orders[0].made.set_exception(problem)
                return
            for order in orders:  # one of them must not harm the others
                self._carry_out([order])
            return
        for order in orders:
            own = Path(tempfile.mkdtemp(dir=order.scratch))
            moved = [Path(shutil.move(next(made), own)) for _ in order.paths]
            order.made.set_result(moved)
