"""An attachment is read once: what is written to it meanwhile is never half of what is bound."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from sjs_forms import intake
from sjs_forms.base.errors import Refused
from sjs_forms.base.output.temporary_folders import sweep
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import original_file
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.intake.original_file import Original
from sjs_forms.intake.process import worker_pool
from sjs_forms.jobs import judgement, pipeline
from sjs_forms.jobs.options import Options
from sjs_forms.portal import PORTAL, zip_writing
from sjs_forms.typesetting import word_filling
from tests.intake.conftest import SHOWN, Take, made, saved
from tests.samples import MINIMAL, codes

FIRST, SECOND = saved(made(1)), saved(made(2))
Change = Callable[[Path], None]


def overwritten(path: Path) -> None:
    """Other bytes in the same file (in a comment), as many as there were; its times put back."""
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(10)
        file.write(b"\xfe")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replaced(path: Path) -> None:
    """Another file in its place, by rename, as sync clients do it."""
    fresh = path.with_name("fresh")
    fresh.write_bytes(SECOND)
    fresh.replace(path)


def rewritten(path: Path) -> None:
    """Another content in the same file."""
    path.write_bytes(SECOND)


def grown(path: Path) -> None:
    """More at its end."""
    with path.open("ab") as file:
        file.write(b"\n% more")


def cut(path: Path) -> None:
    """Less than there was."""
    os.truncate(path, 100)


def gone(path: Path) -> None:
    """Nothing in its place."""
    path.unlink()


def linked(path: Path) -> None:
    """A link to another file in its place."""
    other = path.with_name("other")
    other.write_bytes(SECOND)
    path.unlink()
    path.symlink_to(other)


def piped(path: Path) -> None:
    """A FIFO that nobody writes to in its place."""
    path.unlink()
    os.mkfifo(path)


CHANGES = [overwritten, replaced, rewritten, grown, cut, gone, linked, piped]
if os.name == "nt":
    CHANGES = [rewritten, grown]


def _first_call(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, what: Any) -> None:
    """Do something before a function is called for the first time."""
    real, called = getattr(where, name), []

    def before(*given: Any, **more: Any) -> Any:
        if not called:
            called.append(1)
            what()
        return real(*given, **more)

    monkeypatch.setattr(where, name, before)


STEPS = [
    (Original, "digest"),
    (file_kinds, "may_be_office"),
    (intake.FactsCache, "find"),
    (worker_pool.WorkerPool, "workplace"),
    (Original, "copy"),
    (file_kinds, "kind_of"),
    (worker_pool, "in_a_worker"),
    (intake.FactsCache, "put"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("where", "name"), STEPS)
def test_whatever_becomes_of_it_meanwhile_one_state_of_it_is_taken_in(
    where: Any,
    name: str,
    change: Change,
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pool: worker_pool.WorkerPool,
) -> None:
    """Or else it is told that it was changed; never that it was damaged, nor is that kept."""
    path, workers = tmp_path / "合同.pdf", worker_pool.Workers(pool)
    path.write_bytes(FIRST)
    with monkeypatch.context() as patch:
        _first_call(patch, where, name, lambda: change(path))
        try:
            facts = intake.take_in(path, SHOWN, facts_cache, limits, None, workers)
        except intake.FileRefused as problem:
            assert problem.code in ("machine-changed", "machine-unread"), problem
            assert SHOWN in problem.message and problem.passing
        else:
            other = FIRST[:10] + b"\xfe" + FIRST[11:]
            assert facts.sha256 in {sha256(state).hexdigest() for state in (FIRST, other)}
            assert _pages(facts.clean) == 1
    path.unlink(missing_ok=True)
    path.write_bytes(SECOND)
    assert len(intake.take_in(path, SHOWN, facts_cache, limits, None, workers).pages) == 2


def _pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def test_while_the_worker_reads_the_file_may_go(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "合同.pdf"
    path.write_bytes(FIRST)
    _first_call(monkeypatch, worker_pool, "in_a_worker", path.unlink)
    assert take(path).sha256 == sha256(FIRST).hexdigest()


def test_a_file_that_never_stops_growing_ends_the_run_by_name(take: Take, tmp_path: Path) -> None:
    """A log, say; what it had when it was opened is all that is read of it."""
    path, stopped = tmp_path / "合同.pdf", threading.Event()
    path.write_bytes(FIRST + bytes(40_000_000))

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not stopped.is_set():
                file.write(b"\n" * 1000)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        with pytest.raises(intake.FileRefused) as caught:
            take(path)
    finally:
        stopped.set()
        thread.join()
    assert caught.value.code == "machine-changed"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_what_is_no_regular_file_is_told_missing_at_once(take: Take, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.pdf")
    for path in (tmp_path / "管道.pdf", tmp_path, Path("/dev/zero")):
        with pytest.raises(intake.FileRefused) as caught:
            take(path)
        assert caught.value.code == "attachment-unreadable"


def test_no_copy_stays(
    take: Take, facts_cache: intake.FactsCache, pool: worker_pool.WorkerPool
) -> None:
    """Not where it was taken in, nor where it was refused."""
    take(FIRST)
    with pytest.raises(intake.FileRefused):
        take(b"%PDF-1.7 rubbish")
    (place,) = [place for place in pool.idle if place.parent == facts_cache.workshop]
    assert list(place.given.iterdir()) == list(place.made.iterdir()) == []
    pool.dismiss()
    assert not place.folder.exists()


def test_what_a_killed_run_left_is_gone_at_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from sjs_forms.intake.process.worker_pool import WorkerPool\n"
        "with WorkerPool() as pool, pool.workplace(Path(sys.argv[1])) as place:\n"
        "    (place.given / 'source.pdf').write_text('秘密')\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert len(list(tmp_path.rglob("source.pdf"))) == 1
    with worker_pool.WorkerPool() as pool, pool.workplace(tmp_path) as living:
        sweep()
        assert [path.parent for path in tmp_path.rglob("given")] == [living.folder]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_process_that_was_forked_leaves_its_parents_workplaces_alone(tmp_path: Path) -> None:
    code = (
        "import gc, os, sys; from pathlib import Path\n"
        "from sjs_forms.intake.process.worker_pool import WorkerPool\n"
        "pool = WorkerPool()\n"
        "with pool.workplace(Path(sys.argv[1])) as place: pass\n"
        "if not os.fork():\n"
        "    with pool.workplace(Path(sys.argv[1])) as other: assert other is not place\n"
        "    pool.close(); del place, other; gc.collect()\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "assert place.given.is_dir() and len(list(Path(sys.argv[1]).iterdir())) == 1\n"
        "pool.close()\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(tmp_path)], check=True)
    assert list(tmp_path.iterdir()) == []


# To the output


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """An application that lacks nothing."""
    return shutil.copytree(MINIMAL, tmp_path / "单位")


LICENCE = "attachments/4-营业执照/营业执照.pdf"
LATER = [
    (judgement, "check_application"),
    (word_filling, "fill_word"),
    (zip_writing, "files_by_material"),
    (zip_writing, "merged"),
    (pipeline, "swap_folder"),
]


@pytest.mark.above_intake
@pytest.mark.parametrize(
    ("change", "cached"),
    [(overwritten, False), (overwritten, True), (replaced, False), (gone, False)],
)
@pytest.mark.parametrize(("where", "name"), LATER)
def test_what_is_bound_named_and_packed_are_the_same_bytes_or_nothing_is_written(
    where: Any,
    name: str,
    change: Change,
    cached: bool,
    application: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, out = application / LICENCE, tmp_path / "成册"
    before = sha256(path.read_bytes()).hexdigest()
    if cached:
        pipeline.check(application, Options(cache=True))
    _first_call(monkeypatch, where, name, lambda: change(path))
    try:
        pipeline.build(application, out, Options(cache=cached))
    except Refused as refused:
        (found,) = [found for found in refused.findings if found.severity == "error"]
        assert LICENCE in found.message and found.remedy
        assert found.code in ("machine-changed", "machine-unread", "attachment-unreadable")
        assert not out.exists()
        return
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (named,) = [item["sha256"] for item in manifest["inputs"] if item["file"] == LICENCE]
    with zipfile.ZipFile(out / PORTAL) as packed:
        inside = {sha256(packed.read(name)).hexdigest() for name in packed.namelist()}
    assert named in inside
    assert named == before or name in ("check_application", "fill_word")  # not read by then


@pytest.mark.above_intake
def test_a_changed_attachment_is_told_by_name(
    application: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first_call(
        monkeypatch, zip_writing, "files_by_material", lambda: replaced(application / LICENCE)
    )
    with pytest.raises(Refused) as refused:
        pipeline.build(application, tmp_path / "成册")
    assert codes(refused.value.findings) == ["machine-changed"]
    assert "被改动过" in refused.value.findings[0].message
    assert "再生成一次" in refused.value.findings[0].remedy


def test_the_blocks_are_those_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(original_file, "BLOCK", 7)
    for size in (0, 1, 7, 8, 100):
        path, copy = tmp_path / "a", tmp_path / "b"
        path.write_bytes(os.urandom(size))
        expected = sha256(path.read_bytes()).hexdigest()
        with Original(path) as original, copy.open("wb") as target:
            assert (original.size, original.digest()) == (size, expected)
            assert original.head(4) == path.read_bytes()[:4]
            assert original.copy(target) == expected
        assert copy.read_bytes() == path.read_bytes()
