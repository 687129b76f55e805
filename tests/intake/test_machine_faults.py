"""What the machine does is told as that, with the file's name, and forgotten by the next run."""

import errno
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sjs_forms import intake
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import original_file
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.intake.office.libreoffice import libreoffice_process
from sjs_forms.intake.process import worker_pool, worker_process
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from tests.intake.conftest import SHOWN, Take, made, saved
from tests.intake.images.test_images import encoded
from tests.intake.office.test_office import needs_office, word_document
from tests.intake.test_worker_pool import CHILD

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture(autouse=True)
def own_workers(pool: WorkerPool) -> Iterator[None]:
    """No worker of another test, nor one for the next, that a test has tampered with."""
    pool.dismiss()
    yield
    pool.dismiss()


def hindered(take: Callable[..., SourceFacts], *source: Any, **how: Any) -> intake.FileRefused:
    """What a file met with, which names it, tells of no damage, and is not remembered."""
    with pytest.raises(intake.FileRefused) as caught:
        take(*source, **how)
    found = caught.value
    assert found.code.startswith(("machine-", "fault-"))
    assert SHOWN in found.message and found.remedy
    assert "损坏" not in found.message
    assert found.passing
    return found


def _replace_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, times: int = 1000
) -> list[int]:
    """Put a program of the test's in the place of the first workers; gives how many were asked."""
    script = tmp_path / "fake.py"
    script.write_text(f"import json, os, signal, sys\n{code}", encoding="utf-8")
    real, asked = subprocess.Popen, []

    def start(command: list[str], **how: Any) -> Any:
        if any(CHILD in part for part in command):
            asked.append(1)
            if len(asked) <= times:
                command = [sys.executable, str(script)]
        return real(command, **how)

    monkeypatch.setattr(worker_process.subprocess, "Popen", start)
    return asked


def _dies_by(name: str, step: str = "qpdf") -> str:
    said = f"print(json.dumps({{'step': {step!r}}}), flush=True)\n" if step else ""
    return f"sys.stdin.readline()\n{said}os.kill(os.getpid(), signal.{name})\nsignal.pause()\n"


@posix
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP", "SIGBUS"])
@pytest.mark.parametrize("step", ["", "qpdf"])
def test_a_worker_ended_from_outside_costs_a_second_try(
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    step: str,
    pool: WorkerPool,
) -> None:
    """Without a word: the file comes out as if nothing had happened. SIGBUS is a lost disk."""
    undisturbed = take(saved(made(2)), name="同样.pdf", max_seconds=61)
    pool.dismiss()
    asked = _replace_workers(monkeypatch, tmp_path, _dies_by(name, step), times=1)
    assert _same(take(saved(made(2))), undisturbed)
    assert len(asked) == 2


def _same(one: SourceFacts, other: SourceFacts) -> bool:
    return (one.pages, one.remarks) == (other.pages, other.remarks)


@posix
@pytest.mark.parametrize("data", [saved(made()), encoded(Image.new("L", (90, 90)), "PNG")])
def test_a_worker_ended_twice_is_the_machines_and_gone_at_the_next_run(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes
) -> None:
    with monkeypatch.context() as patch:
        asked = _replace_workers(patch, tmp_path, _dies_by("SIGKILL"))
        assert hindered(take, data).code == "machine-killed"
        assert len(asked) == 2
    assert not take(data).remarks or data.startswith(b"\x89PNG")


@posix
def test_a_reader_that_crashes_gives_way_to_the_next(
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    pool: WorkerPool,
) -> None:
    """Also where it crashed while the pages were counted, before any reader had its turn."""
    for step in ("count", "qpdf"):
        with monkeypatch.context() as patch:
            asked = _replace_workers(patch, tmp_path, _dies_by("SIGSEGV", step), times=1)
            assert len(take(saved(made(3)), max_seconds=30 + len(step)).pages) == 3
            assert len(asked) == 2
        pool.dismiss()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@posix
def test_a_real_worker_killed_in_its_work_does_no_harm(
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "大扫描.png"
    Image.effect_noise((4000, 5000), 90).save(path, compress_level=1)
    taken: list[SourceFacts] = []
    asked: list[worker_process.WorkerProcess] = []
    real = worker_process.WorkerProcess.ask

    def noting(worker: worker_process.WorkerProcess, *request: Any) -> Any:
        asked.append(worker)
        return real(worker, *request)

    monkeypatch.setattr(worker_process.WorkerProcess, "ask", noting)
    thread = threading.Thread(
        target=lambda: taken.append(intake.take_in(path, SHOWN, facts_cache, limits))
    )
    thread.start()
    while not asked:
        time.sleep(0.005)
    time.sleep(0.2)
    os.kill(asked[0].process.pid, signal.SIGKILL)
    thread.join(60)
    assert len(asked) == 2
    assert [len(facts.pages) for facts in taken] == [1]


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM, errno.ENOENT, errno.EMFILE])
def test_a_worker_that_cannot_be_started_is_the_machines(
    take: Take, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(worker_pool, "PAUSE", 0)

    def none(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(worker_process.subprocess, "Popen", none)
        assert hindered(take, saved(made())).code == "machine-unstarted"
    assert len(take(saved(made())).pages) == 1


def test_no_thread_to_be_had_is_the_machines(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "PAUSE", 0)

    def none(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none)
        assert hindered(take, saved(made())).code == "machine-unstarted"
    assert len(take(saved(made())).pages) == 1


def test_a_worker_that_ends_at_once_is_the_machines(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A library that does not load, or no memory to begin with."""
    _replace_workers(monkeypatch, tmp_path, "sys.exit(1)")
    found = hindered(take, saved(made()))
    assert found.code == "machine-unstarted" and "退出码 1" in found.message


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@posix
def test_half_an_answer_is_no_answer(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = (
        "sys.stdin.readline()\nos.write(1, b'{\"plain\": {')\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    _replace_workers(monkeypatch, tmp_path, code, times=1)
    assert len(take(saved(made(2))).pages) == 2


# What the worker meets with


def _stumbling(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, patch: str) -> None:
    """Have the workers run with a patch of the test's."""
    _replace_workers(
        monkeypatch,
        tmp_path,
        (
            "from sjs_forms.intake import worker; from sjs_forms.intake.clean import "
            "document, repair as pdfs; from sjs_forms.intake.images import picture_file as "
            f"images\n{patch}\nworker.run()\n"
        ),
    )


@pytest.mark.parametrize("data", [saved(made()), encoded(Image.new("L", (90, 90)), "PNG")])
@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("OSError(28, 'No space left on device')", "machine-disk-full"),
        ("OSError(122, 'Disk quota exceeded')", "machine-disk-full"),
        ("OSError(5, 'Input/output error')", "machine-temporary"),
        ("OSError(116, 'Stale file handle')", "machine-temporary"),
        ("PermissionError(13, 'Permission denied')", "machine-temporary"),
        ("ModuleNotFoundError('x', name='x')", "machine-library"),
        ("ZeroDivisionError('x')", "fault-attachment"),
        ("TypeError('x')", "fault-attachment"),
        ("AssertionError('x')", "fault-attachment"),
    ],
)
def test_what_is_not_in_the_bytes_is_not_told_of_them(
    tmp_path: Path,
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    monkeypatch: pytest.MonkeyPatch,
    stumblers: tuple[WorkerPool, Path],
    data: bytes,
    problem: str,
    code: str,
) -> None:
    """Whatever kind of file it is, and gone at the next run."""
    pool, told = stumblers
    path, patch = tmp_path / "材料.pdf", _STUMBLE.format(told=str(told))
    path.write_bytes(data)
    _stumbling(monkeypatch, tmp_path, patch)

    def take() -> SourceFacts:
        return intake.take_in(path, SHOWN, facts_cache, limits, None, Workers(pool))

    told.write_text(problem, encoding="utf-8")
    found = hindered(take)
    assert found.code == code
    if code.startswith("fault-"):
        assert "内部错误" in found.remedy
    told.write_text("", encoding="utf-8")
    assert len(take().pages) == 1


_STUMBLE = """
from pathlib import Path
save = document.save
def stumble(*given, **more):
    problem = Path({told!r}).read_text(encoding="utf-8")
    if problem:
        raise eval(problem)
    return save(*given, **more)
document.save = stumble
"""
"""Workers that stumble over what a file says."""


@pytest.fixture(scope="module")
def stumblers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WorkerPool, Path]]:
    """Such a worker, which goes on, and its file, where it may read."""
    workshop = intake.RunCache(tmp_path_factory.mktemp("stumbling")).workshop
    with WorkerPool() as pool:
        with pool.workplace(workshop) as place:
            told = place.folder / "problem"
        yield pool, told


def test_less_memory_than_is_due_is_the_machines(
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    pool: WorkerPool,
) -> None:
    """A bound that somebody set before us; past our own, it is the file's."""
    body = "def stumble(*_): raise MemoryError\ndocument.save = stumble\n"
    with monkeypatch.context() as patch:
        _stumbling(
            patch, tmp_path, f"{body}worker.memory_is_due = pdfs.memory_is_due = lambda *_: False"
        )
        assert hindered(take, saved(made())).code == "machine-memory"
    pool.dismiss()
    with monkeypatch.context() as patch:
        _stumbling(patch, tmp_path, body)
        with pytest.raises(intake.FileRefused) as caught:
            take(saved(made()))
        assert caught.value.code == "attachment-too-large" and caught.value.passing
    pool.dismiss()
    assert len(take(saved(made())).pages) == 1


@posix
def test_a_bound_of_the_system_on_files_is_a_full_disk(tmp_path: Path) -> None:
    """`ulimit -f`, say; what the worker may write itself is far more."""
    (tmp_path / "a.pdf").write_bytes(saved(made(1, os.urandom(200_000))))
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "from pathlib import Path\n"
        "from sjs_forms import intake\n"
        "from sjs_forms.domain.installed_notices import load_programme\n"
        "try:\n"
        "    intake.take_in(Path('a.pdf'), 'a', intake.RunCache(Path('facts_cache')),\n"
        "                   load_programme().intake)\n"
        "except intake.FileRefused as problem:\n"
        "    print(problem.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "machine-disk-full\n"


# The attachment's own disk


_LOST = [errno.EIO, errno.ESTALE, errno.EACCES, errno.ENOTCONN, errno.EBUSY]


@pytest.mark.parametrize("number", _LOST)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_an_attachment_that_cannot_be_read_on_is_told_so(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, at: int
) -> None:
    """A network folder that goes away, while the file is hashed or while it is copied."""
    path = tmp_path / "合同.pdf"
    path.write_bytes(saved(made()))
    reads = []

    class Lost(FileIO):
        def readinto(self, block: Any) -> int | None:
            reads.append(1)
            if len(reads) > at:
                raise OSError(number, os.strerror(number))
            return super().readinto(block)

    with monkeypatch.context() as patch:
        patch.setattr(original_file, "FileIO", Lost)
        if at == 2:
            assert len(take(path).pages) == 1  # read twice: all of it
        else:
            assert hindered(take, path).code == "machine-unread"
    assert len(take(path).pages) == 1


@pytest.mark.parametrize("number", _LOST)
def test_an_attachment_that_cannot_be_opened_is_told_so(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    path = tmp_path / "合同.pdf"
    path.write_bytes(saved(made()))

    def lost(*_: Any) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(original_file.os, "open", lost)
        assert hindered(take, path).code == "machine-unread"
    assert len(take(path).pages) == 1


def test_a_zip_that_cannot_be_read_on_is_not_taken_for_another_type(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def lost(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "合同.docx"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    monkeypatch.setattr(file_kinds.zipfile, "ZipFile", lost)
    with pytest.raises(OSError, match="Input/output"):
        file_kinds.kind_of(path)


def test_a_file_lost_while_it_was_read_is_not_told_damaged(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A reader that meets with the loss may take it for damage."""
    path = tmp_path / "合同.pdf"
    path.write_bytes(saved(made()))

    def losing(*_: Any) -> None:
        path.unlink()
        raise intake.refusals.unreadable("各种阅读器都打不开")

    with monkeypatch.context() as patch:
        patch.setattr(worker_pool, "in_a_worker", losing)
        assert hindered(take, path).code == "machine-unread"


def test_a_file_that_is_still_being_copied_is_told_so(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Half of it was read: that is no damage."""
    path = tmp_path / "合同.pdf"
    path.write_bytes(saved(made(1)))

    def writing(*_: Any) -> Any:
        path.write_bytes(saved(made(3)))
        raise intake.refusals.unreadable("各种阅读器都打不开")

    with monkeypatch.context() as patch:
        patch.setattr(worker_pool, "in_a_worker", writing)
        assert hindered(take, path).code == "machine-changed"
    assert len(take(path).pages) == 3


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_name_that_is_not_utf8_is_no_damage(take: Take, tmp_path: Path) -> None:
    """Names from archives made on Chinese Windows; PDFium cannot be told of them."""
    path = tmp_path / os.fsdecode("合同.pdf".encode("gbk"))
    path.write_bytes(saved(made(2)))
    facts = take(path)
    assert len(facts.pages) == 2 and not facts.remarks


# The disk of the cache


def _full(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have every file that is moved into `folder` meet with a full disk."""
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).is_relative_to(folder) and self.suffix == ".pdf":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


def test_a_full_cache_is_passed_over(
    limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It only saves time: the run goes on in its own folder, and tries the cache no more."""
    path = tmp_path / "a.pdf"
    facts_cache = intake.UserCache(tmp_path / "cache", spare=tmp_path / "work")
    asked: list[Any] = []
    real = worker_pool.in_a_worker
    monkeypatch.setattr(worker_pool, "in_a_worker", lambda *r: (asked.append(r), real(*r))[1])
    with monkeypatch.context() as patch:
        _full(patch, tmp_path / "cache")
        two = saved(made(2))  # once: the id of a PDF tells when it was saved
        for count, data in ((1, saved(made(1))), (2, two), (2, two)):
            path.write_bytes(data)
            facts = intake.take_in(path, SHOWN, facts_cache, limits)
            assert len(facts.pages) == count
            assert facts.clean.is_relative_to(tmp_path / "work")
    assert len(asked) == 3  # the first one twice, the last one known
    again = intake.UserCache(tmp_path / "cache")
    assert len(intake.take_in(path, SHOWN, again, limits).pages) == 2


def test_a_cache_and_a_temporary_folder_that_are_full_are_told_and_forgotten(
    limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(made()))
    with monkeypatch.context() as patch:
        _full(patch, tmp_path)
        facts_cache = intake.UserCache(tmp_path / "cache", spare=tmp_path / "work")
        with pytest.raises(intake.FileRefused, match="磁盘已满") as caught:
            intake.take_in(path, SHOWN, facts_cache, limits)
        assert caught.value.code == "machine-disk-full" and SHOWN in caught.value.message
    facts_cache = intake.UserCache(tmp_path / "cache")
    assert len(intake.take_in(path, SHOWN, facts_cache, limits).pages) == 1


def test_facts_that_cannot_be_written_cost_only_the_next_run_its_time(
    take: Take, facts_cache: intake.FactsCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    data = saved(made(2))
    with monkeypatch.context() as patch:
        patch.setattr("sjs_forms.intake.cache.tempfile.mkstemp", full)
        facts = take(data)
    assert take(data) == facts


def test_an_entry_that_cannot_be_touched_is_still_read(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that is read-only now."""
    data = saved(made(2))
    facts = take(data)

    def readonly(*_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "utime", readonly)
    monkeypatch.setattr(worker_pool, "in_a_worker", None)
    assert take(data) == facts


# LibreOffice


@needs_office
@posix
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (-9, "machine-killed"),
        (137, "machine-killed"),
        (255, "machine-killed"),
        (0, "attachment-unreadable"),
        (1, "attachment-unreadable"),
        (134, "attachment-unreadable"),
    ],
)
def test_libreoffice_ended_from_outside_is_not_told_of_the_document(
    take: Take, monkeypatch: pytest.MonkeyPatch, code: int, expected: str
) -> None:
    """And what it cannot convert is not remembered: another version of it may."""
    tries = []
    with monkeypatch.context() as patch:
        ends = f"exit {code}" if code >= 0 else f"kill {code} $$"
        patch.setattr(
            libreoffice_process, "confined", lambda *_: tries.append(1) or ["/bin/sh", "-c", ends]
        )
        document, each_time = word_document("一"), 2 if expected == "machine-killed" else 1
        for run in (1, 2):
            with pytest.raises(intake.FileRefused) as caught:
                take(document, name="合同.docx")
            assert caught.value.code == expected and SHOWN in caught.value.message
            assert len(tries) == run * each_time


@needs_office
@posix
def test_libreoffice_that_is_really_killed_has_a_second_try(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, started = libreoffice_process.confined, []

    def once(*given: Any) -> list[str]:
        started.append(given)
        return real(*given) if len(started) > 1 else ["/bin/sh", "-c", "kill -9 $$"]

    monkeypatch.setattr(libreoffice_process, "confined", once)
    assert len(take(word_document("一"), name="合同.docx").pages) == 1
    assert len(started) == 2


@needs_office
def test_a_pdf_that_libreoffice_did_not_write_to_its_end_is_never_bound(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its disk ran full it tells nobody: pages would be missing without a word."""
    real = libreoffice_process.confined
    shorten = 'for made in out/*; do truncate -s -1500 "$made"; done'

    def cut(*given: Any) -> list[str]:
        return ["/bin/sh", "-c", f'"$@"; code=$?; {shorten}; exit $code', "sh", *real(*given)]

    class Usage:
        free = 1_000_000

    with monkeypatch.context() as patch:
        patch.setattr(libreoffice_process, "confined", cut)
        patch.setattr(libreoffice_process.shutil, "disk_usage", lambda _: Usage)
        assert hindered(take, word_document("一"), name="合同.docx").code == "machine-disk-full"
    assert len(take(word_document("一"), name="合同.docx").pages) == 1


@needs_office
def test_libreoffice_that_cannot_be_started_is_the_machines(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: Any, **__: Any) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(libreoffice_process.subprocess, "Popen", none)
    assert hindered(take, word_document("一"), name="合同.docx").code == "machine-unstarted"


def test_refusals_remembered_are_of_the_bytes(take: Take, facts_cache: intake.FactsCache) -> None:
    with pytest.raises(intake.FileRefused):
        take(b"%PDF-1.7 rubbish")
    (entry,) = facts_cache.folder.glob("*/*.json")
    assert (
        json.loads(entry.read_text(encoding="utf-8"))["refusal"]["code"] == "attachment-unreadable"
    )


@needs_office
@pytest.mark.parametrize("suffix", [".docx", ".doc"])
def test_a_document_that_could_not_be_treated_for_the_disk_is_not_printed_untreated(
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    suffix: str,
    pool: WorkerPool,
) -> None:
    """Its fields would be reckoned anew, and tracked changes printed, without a word."""
    document = tmp_path / f"合同{suffix}"
    document.write_bytes(word_document("一"))
    if suffix == ".doc":
        given = document.rename(tmp_path / "a.docx")
        document = libreoffice_process.convert([given], tmp_path, load_programme().intake, "doc")[0]
    with monkeypatch.context() as patch:
        stumble = "def stumble(*_): raise OSError(28, 'No space left on device')"
        _stumbling(
            patch,
            tmp_path,
            "from sjs_forms.intake.office import treatment\n"
            f"{stumble}\n"
            "treatment.OfficePackage = treatment.freeze_word97 = stumble",
        )
        assert hindered(take, document).code == "machine-disk-full"
    pool.dismiss()
    assert len(take(document).pages) == 1


def test_a_document_with_tables_cut_short_is_no_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be treated is for LibreOffice to judge."""
    from sjs_forms.intake.office import office_formats, treatment
    from sjs_forms.intake.office.treatment_request import TreatmentRequest

    source, target = tmp_path / "a.doc", tmp_path / "b.doc"
    source.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    def cut(*_: Any) -> bool:
        raise struct.error("unpack_from requires a buffer of at least 12 bytes")

    monkeypatch.setattr(treatment, "freeze_word97", cut)
    monkeypatch.setattr(office_formats, "format_of", lambda _: office_formats.WORD97)
    assert not treatment.treat(source, target, TreatmentRequest(True, "a.doc", True)).changed
    assert target.read_bytes() == source.read_bytes()
