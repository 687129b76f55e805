"""Caches, the child process, and what they survive."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream

from sjs_forms import intake
from sjs_forms.base.files.hashing import stream_digest
from sjs_forms.base.progress import Cancelled
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import cache as caches
from sjs_forms.intake.process import worker_pool, worker_process
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from sjs_forms.pdf.damage import Damaged
from tests.intake.conftest import SHOWN, Take, made, refused, saved

CHILD = "sjs_forms.intake.worker"


def test_importing_is_light() -> None:
    """`check` without attachments must not wait for PDF libraries."""
    heavy = "{'pypdf', 'pikepdf', 'pypdfium2', 'PIL', 'img2pdf'}"
    code = f"import sys, sjs_forms.intake; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_same_file_is_opened_once(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time, under whatever name, the facts_cache answers."""
    data = saved(made(2))
    first = take(data)
    monkeypatch.setattr(worker_pool, "in_a_worker", None)
    assert take(data, name="另一个.pdf") == first


def test_refusals_are_remembered_in_the_users_words(
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same rubbish under another name is refused by that name, without a new look."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 rubbish")
    for shown in ("a.pdf", "乙.pdf"):
        with pytest.raises(intake.FileRefused, match=shown):
            intake.take_in(path, shown, facts_cache, limits)
        monkeypatch.setattr(worker_pool, "in_a_worker", None)


@pytest.mark.parametrize(
    "damage",
    ["pdf-cut", "pdf-other", "pdf-gone", "json-cut", "json-odd", "digest-odd", "digests-odd"],
)
def test_damaged_entries_are_redone(take: Take, damage: str) -> None:
    """A full disk or a cleaning program may leave half an entry."""
    data = saved(made(2))
    facts = take(data)
    kept, known = facts.clean.read_bytes(), facts.clean.with_suffix(".json")
    match damage:
        case "pdf-cut":
            facts.clean.write_bytes(kept[:100])
        case "pdf-other":
            facts.clean.write_bytes(kept[:-50] + bytes(50))
        case "pdf-gone":
            facts.clean.unlink()
        case "json-cut":
            known.write_text(known.read_text(encoding="utf-8")[:40], encoding="utf-8")
        case "digest-odd":
            _with_streams(known, {"3": "no digest"})
        case "digests-odd":
            _with_streams(known, [1, 2])
        case _:
            known.write_text(json.dumps({"facts": {"sha256": 1}, "clean": 0}), encoding="utf-8")
    again = take(data)
    assert again == facts
    assert again.clean.read_bytes() == kept


def _with_streams(entry: Path, streams: object) -> None:
    known = json.loads(entry.read_text(encoding="utf-8"))
    known["facts"]["streams"] = streams
    entry.write_text(json.dumps(known), encoding="utf-8")


def test_the_digests_of_large_streams_are_kept_with_the_facts(take: Take) -> None:
    """So that no build has to read a picture for it."""
    pdf = made(3)
    noise = Random(1).randbytes(100_000)
    for page in list(pdf.pages)[:2]:
        picture = Stream(pdf, noise, Type=Name.XObject, Subtype=Name.Image, Width=100, Height=1000)
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        page.Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(picture)))
    data = saved(pdf)  # once: the id of a PDF tells when it was saved
    facts = take(data)
    assert take(data) == facts
    with pikepdf.open(facts.clean) as clean:
        found = {
            thing.objgen[0]: stream_digest(thing.read_raw_bytes()).hex()
            for thing in clean.objects
            if isinstance(thing, Stream) and thing.get("/Subtype") == "/Image"
        }
    assert facts.streams == found and len(found) == 2


def test_pages_that_lie_alike_share_what_places_them(take: Take) -> None:
    with pikepdf.open(take(saved(made(3))).clean) as clean:
        assert len({page.obj.Contents.objgen for page in clean.pages}) == 1
        assert len({page.Resources.XObject.P0.objgen for page in clean.pages}) == 3


def test_a_password_is_part_of_the_key(take: Take) -> None:
    """What one password opened must not lie open to all."""
    import pikepdf

    data = saved(made(), encryption=pikepdf.Encryption(owner="x", user="8888"))
    take(data, password="8888")
    assert refused(take, data).code == "attachment-encrypted"


def test_many_at_once(limits: IntakeLimits, tmp_path: Path) -> None:
    """Several processes and threads may use one facts_cache."""
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(made(4)))
    outcomes: list[int] = []

    def work() -> None:
        facts_cache = intake.UserCache(tmp_path / "cache")
        outcomes.append(len(intake.take_in(path, SHOWN, facts_cache, limits).pages))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [4] * 6


def test_the_cache_lies_where_caches_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_CACHE_HOME is honoured; a folder that cannot be written is not insisted on."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    found = intake.open_cache(tmp_path / "work")
    assert found.folder == tmp_path / "c" / "sjs-forms" / "intake"
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert intake.open_cache(tmp_path / "work").folder == tmp_path / "work"


def test_the_cache_is_bounded(
    take: Take, limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest entries go, but none of those in use."""
    cache = intake.UserCache(tmp_path / "cache")
    path = tmp_path / "a.pdf"
    cleans = []
    for count in (1, 2, 3):
        path.write_bytes(saved(made(count)))
        cleans.append(intake.take_in(path, SHOWN, cache, limits).clean)
    past = time.time() - 10 * 24 * 3600
    os.utime(cleans[0], (past, past))
    monkeypatch.setattr(caches, "LARGEST", 10)
    cache.trim()
    assert [clean.exists() for clean in cleans] == [False, True, True]


def test_a_new_entry_does_not_have_the_whole_cache_looked_through(
    limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the thousandth application of a batch takes longer than the first."""
    looked: list[Path] = []
    monkeypatch.setattr(
        intake.UserCache, "trim", lambda facts_cache: looked.append(facts_cache.folder)
    )
    path = tmp_path / "a.pdf"
    for count in (1, 2, 3):
        path.write_bytes(saved(made(count)))
        intake.take_in(path, SHOWN, intake.UserCache(tmp_path / "cache"), limits)
    assert len(looked) == 1
    past = time.time() - 2 * caches.TIDY_EVERY
    os.utime(tmp_path / "cache" / "tidied", (past, past))
    path.write_bytes(saved(made(4)))
    intake.take_in(path, SHOWN, intake.UserCache(tmp_path / "cache"), limits)
    assert len(looked) == 2


def _fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, pool: WorkerPool) -> None:
    """Put a program of the test's in the worker's place."""
    pool.dismiss()
    script = tmp_path / "fake.py"
    script.write_text("import json, os, sys, time\n" + code, encoding="utf-8")
    real = subprocess.Popen

    def start(command: list[str], **how: Any) -> Any:
        is_worker = any(CHILD in part for part in command)
        return real([sys.executable, str(script)] if is_worker else command, **how)

    monkeypatch.setattr(worker_process.subprocess, "Popen", start)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_hangs_end_at_their_limit(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pool: WorkerPool
) -> None:
    """A reader that never comes back is killed, with the children it started."""
    mark = tmp_path / "child"
    _fake(
        monkeypatch,
        tmp_path,
        f"if not os.fork():\n    time.sleep(3)\n    open({str(mark)!r}, 'w')\ntime.sleep(60)",
        pool,
    )
    begun = time.monotonic()
    refusal = refused(take, saved(made()), max_seconds=0.7)
    assert refusal.code == "attachment-timeout"
    assert time.monotonic() - begun < 3
    time.sleep(3)
    assert not mark.exists()


def test_crashes_go_on_to_the_next_reader(
    take: Take, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pool: WorkerPool
) -> None:
    """Where one reader takes its process down, the next reader gets a new one."""
    log = tmp_path / "log"
    _fake(
        monkeypatch,
        tmp_path,
        "request = json.loads(sys.stdin.readline())\n"
        "after = ''.join(request['after'][-1:])\n"
        f"open({str(log)!r}, 'a').write(after + ',')\n"
        "step = {'': 'qpdf', 'qpdf': 'pypdf', 'pypdf': 'pdfium', 'pdfium': 'drawn'}\n"
        "print(json.dumps({'step': step[after]}), flush=True)\n"
        "os.abort()",
        pool,
    )
    assert refused(take, saved(made())).code == "attachment-unreadable"
    assert log.read_text(encoding="utf-8") == ",qpdf,pypdf,pdfium,"


def test_later_readers_do_as_well(limits: IntakeLimits, tmp_path: Path) -> None:
    """Each step of the chain by itself yields all pages."""
    from sjs_forms.intake.clean.repair import COUNT, STEPS, RepairJob, take_in_pdf

    source = tmp_path / "a.pdf"
    source.write_bytes(saved(made(3)))
    for after in STEPS[:-1]:
        steps: list[str] = []
        job = RepairJob(source, tmp_path / "clean.pdf", None, limits)
        plain = take_in_pdf(job, steps.append, [COUNT, after])
        assert len(plain.pages) == 3
        assert steps == [STEPS[STEPS.index(after) + 1]]
    assert plain.remarks[0].code == "attachment-rasterised"


@pytest.mark.parametrize("crashed", [(), ("qpdf",), ("qpdf", "pypdf")])
def test_a_reader_that_shows_too_few_pages_is_told_also_after_a_crash(
    limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crashed: tuple[str, ...]
) -> None:
    """Neither pypdf nor PDFium shows the last page; without it the volume would look complete."""
    from sjs_forms.intake.clean import readers, repair

    def loses(source: Path, target: Path, _password: str | None) -> None:
        with pikepdf.open(source) as pdf:
            del pdf.pages[-1]
            pdf.save(target)

    def fails(*_: object) -> None:
        raise Damaged("as if it could not read")

    monkeypatch.setattr(readers, "rewrite_by_pypdf", loses)
    monkeypatch.setattr(readers, "rewrite_by_pdfium", loses)
    monkeypatch.setattr(readers, "read_all", lambda pdf: fails() if len(pdf.pages) == 3 else None)
    monkeypatch.setattr(readers, "open_pdfium", fails)
    job = repair.RepairJob(tmp_path / "a.pdf", tmp_path / "clean.pdf", None, limits)
    job.source.write_bytes(saved(made(3)))
    plain = repair.take_in_pdf(job, lambda _: None, crashed)
    assert len(plain.pages) == 2
    assert "attachment-pages-lost" in [remark.code for remark in plain.remarks]


def test_what_a_reader_has_seen_counts_where_the_file_states_nothing(
    limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sjs_forms.intake.clean import repair
    from sjs_forms.intake.clean.page_tree import StatedPages

    monkeypatch.setattr(repair, "expected_pages", lambda _: (3, StatedPages()))
    job = repair.RepairJob(tmp_path / "a.pdf", tmp_path / "clean.pdf", None, limits)
    job.source.write_bytes(saved(made(2)))
    plain = repair.take_in_pdf(job, lambda _: None)
    assert "attachment-pages-lost" in [remark.code for remark in plain.remarks]


def test_what_is_cancelled_ends_at_once(
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    pool: WorkerPool,
) -> None:
    """Nor is it remembered that the file could not be read."""
    path, cancelled = tmp_path / "a.pdf", threading.Event()
    path.write_bytes(saved(made(1)))
    _fake(monkeypatch, tmp_path, f"open({str(tmp_path / 'asked')!r}, 'w')\ntime.sleep(600)\n", pool)
    outcomes: list[BaseException] = []

    def work() -> None:
        try:
            workers = Workers(pool, cancelled.is_set)
            intake.take_in(path, SHOWN, facts_cache, limits, None, workers)
        except BaseException as problem:
            outcomes.append(problem)

    thread = threading.Thread(target=work)
    thread.start()
    while not (tmp_path / "asked").exists():
        time.sleep(0.01)
    cancelled.set()
    thread.join(20)
    assert [type(outcome) for outcome in outcomes] == [Cancelled]
    monkeypatch.undo()
    assert len(intake.take_in(path, SHOWN, facts_cache, limits).pages) == 1


def test_a_pool_that_ends_leaves_the_workers_of_another_at_work(tmp_path: Path) -> None:
    with WorkerPool() as one, one.workplace(tmp_path) as kept:
        with WorkerPool() as other:
            with other.workplace(tmp_path) as place:
                place.worker = worker_process.WorkerProcess(place.folder, place.made)
            kept.worker = worker_process.WorkerProcess(kept.folder, kept.made)
            assert other.idle == (place,)
        assert not place.folder.exists() and not place.worker
        assert kept.worker.lives and kept.folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_workplace_lent_while_its_pool_ends_goes_when_it_is_given_back(tmp_path: Path) -> None:
    pool = WorkerPool()
    with pool.workplace(tmp_path) as place:
        place.worker = worker = worker_process.WorkerProcess(place.folder, place.made)
        pool.close()
        assert worker.lives
    assert not worker.lives and list(tmp_path.iterdir()) == []


def test_threads_of_one_run_open_the_same_file_once(
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Whatever it is called."""
    for name in "abcd":
        (tmp_path / name).write_bytes(saved(made(3)))
    asked = []
    real = worker_pool.in_a_worker

    def counting(*request: Any) -> dict[str, Any]:
        asked.append(request)
        return real(*request)

    monkeypatch.setattr(worker_pool, "in_a_worker", counting)
    with ThreadPoolExecutor(4) as pool:
        taken = list(
            pool.map(
                lambda name: intake.take_in(tmp_path / name, name, facts_cache, limits), "abcd"
            )
        )
    assert len(asked) == 1
    assert [len(facts.pages) for facts in taken] == [3] * 4


def test_the_worker_serves_many_files(
    take: Take, monkeypatch: pytest.MonkeyPatch, pool: WorkerPool
) -> None:
    """Starting a process for each file would be felt."""
    pool.dismiss()
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(
        worker_process.subprocess,
        "Popen",
        lambda *args, **how: started.append(1) or real(*args, **how),
    )
    for count in range(1, 6):
        take(saved(made(count)))
    assert len(started) == 1


def test_two_processes_share_one_cache(limits: IntakeLimits, tmp_path: Path) -> None:
    """Two builds at once, each with its own worker: both end well, nothing half-made stays."""
    for count in range(1, 7):
        (tmp_path / f"{count}.pdf").write_bytes(saved(made(count)))
    code = (
        "import sys; from pathlib import Path\n"
        "from sjs_forms import intake\n"
        "from sjs_forms.domain.installed_notices import load_programme\n"
        "facts_cache = intake.UserCache(Path(sys.argv[1]))\n"
        "for round in range(3):\n"
        "    for count in range(1, 7):\n"
        "        path = Path(sys.argv[2]) / f'{count}.pdf'\n"
        "        facts = intake.take_in(path, path.name, facts_cache, load_programme().intake)\n"
        "        assert len(facts.pages) == count and facts.clean.is_file()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "cache"), str(tmp_path)]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    names = [path for path in (tmp_path / "cache").glob("*/*") if path.is_file()]
    assert len(names) == 2 * 6
    assert {path.suffix for path in names} == {".json", ".pdf"}
