"""Pages are read once, in processes that end with their job and reach nothing but the page."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from sjs_forms.base.files.user_cache import cache_folder
from sjs_forms.base.processes.isolated_python import python_command, working_folder
from sjs_forms.base.progress import Cancelled
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import RunCache
from sjs_forms.reading.pages import ocr
from sjs_forms.reading.pages.page_words import ReadPage
from sjs_forms.reading.process import reading_process
from sjs_forms.reading.process.reading_process import PageReader
from tests.reading.small_pdfs import html_page
from tests.scanner import as_pdf, drawn_pages

TEXT = "".join(
    f"<p>第{n}条 承租人：北京样例数据研究有限公司，建筑面积1,080平方米。</p>" for n in range(1, 8)
)
needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra `read` is not installed")


@pytest.fixture(scope="module")
def limits() -> IntakeLimits:
    return load_programme().intake


@pytest.fixture(scope="module")
def text_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "text.pdf"
    path.write_bytes(html_page(TEXT))
    return path


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages of a scan: upright, and upside down."""
    (page,) = drawn_pages(html_page(TEXT), 150)
    return as_pdf(tmp_path_factory.mktemp("scan") / "scan.pdf", [page, page.rotate(180)], 150)


@pytest.fixture
def cache(tmp_path: Path) -> RunCache:
    return RunCache(tmp_path / "kept")


@pytest.fixture
def reader(cache: RunCache, limits: IntakeLimits) -> Iterator[PageReader]:
    with PageReader(cache, limits) as made:
        yield made


def text_of(page: ReadPage) -> str:
    return "".join(word.text for word in page.words)


def test_a_page_of_text_is_read_without_recognising_anything(
    reader: PageReader, text_pdf: Path
) -> None:
    (page,) = reader.read_pages(text_pdf, [1])
    assert (page.source, page.turned) == ("text", 0)
    assert "建筑面积1,080平方米" in text_of(page)


def test_what_was_read_is_kept_for_this_user_alone_and_not_read_again(
    cache: RunCache,
    limits: IntakeLimits,
    text_pdf: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with PageReader(cache, limits) as reader:
        before = reader.read_pages(text_pdf, [1])
    (kept,) = cache.folder.glob("??/*.json")
    assert os.name == "nt" or kept.stat().st_mode & 0o777 == 0o600
    monkeypatch.delattr(reading_process, "in_a_worker")
    with PageReader(cache, limits) as reader:
        assert reader.read_pages(text_pdf, [1]) == before


@pytest.mark.parametrize("harm", ["", "{}", '{"record": {"page": "x"}}', '{"record": []}'])
def test_a_harmed_record_is_read_again(
    cache: RunCache, reader: PageReader, text_pdf: Path, harm: str
) -> None:
    before = reader.read_pages(text_pdf, [1])
    (kept,) = cache.folder.glob("??/*.json")
    kept.write_text(harm, encoding="utf-8")
    assert reader.read_pages(text_pdf, [1]) == before


def test_a_page_that_cannot_be_read_is_an_unread_one_and_is_not_kept(
    cache: RunCache, reader: PageReader, text_pdf: Path
) -> None:
    (page,) = reader.read_pages(text_pdf, [99])
    assert (page.source, page.words) == ("none", ())
    assert not list(cache.folder.glob("??/*.json"))


def test_a_scan_is_left_unread_where_the_extra_is_missing(
    cache: RunCache, limits: IntakeLimits, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with PageReader(cache, limits) as reader:
        (page,) = reader.read_pages(scan, [1])
    assert (page.source, page.words, page.quality.blank) == ("none", (), False)


def test_a_cancelled_job_reads_nothing_more(
    cache: RunCache, limits: IntakeLimits, text_pdf: Path
) -> None:
    with PageReader(cache, limits, lambda: True) as reader, pytest.raises(Cancelled):
        reader.read_pages(text_pdf, [1])


@needs_ocr
def test_a_scan_is_recognised_with_no_network_in_reach_and_set_upright(
    reader: PageReader, scan: Path
) -> None:
    """The process may open no socket: models that were to be fetched would be missing."""
    upright, turned = reader.read_pages(scan, [1, 2])
    assert (upright.source, upright.turned, turned.turned) == ("ocr", 0, 2)
    for page in (upright, turned):
        assert "北京样例数据研究有限公司" in text_of(page)
        assert page.words[0].top < 100 < page.words[-1].bottom


@needs_ocr
def test_two_jobs_never_recognise_at_once(
    cache: RunCache, limits: IntakeLimits, scan: Path
) -> None:
    asked = iter([False] * 6)
    cache_folder().mkdir(parents=True, exist_ok=True)
    other = FileLock(cache_folder() / "recognition.lock")
    with (
        other,
        PageReader(cache, limits, lambda: next(asked, True)) as reader,
        pytest.raises(Cancelled),
    ):
        reader.read_pages(scan, [1])
    with PageReader(cache, limits) as reader:
        assert reader.read_pages(scan, [1])[0].source == "ocr"
    with other.acquire(timeout=0):
        pass


@needs_ocr
def test_no_library_of_the_recogniser_asks_the_network_for_anything() -> None:
    """From its start on, without the confinement that would refuse it. (One binds a socket on this
    machine, to see whether it knows IPv6.)"""
    code = (
        "def told(event, _):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
        "        sys.stdout.write(event + '\\n')\n"
        "sys.addaudithook(told)\n"
        "import os, threading\n"
        "from PIL import Image\n"
        "from sjs_forms.reading.pages import ocr\n"
        "ocr.prepare()\n"
        "sys.stdout.write(f'{len(os.listdir(\"/proc/self/task\"))} thread\\n')\n"
        "ocr.TextRecogniser().read(Image.new('RGB', (800, 600), 'white'), (595, 446))\n"
        "sys.stdout.write(os.environ['ORT_DISABLE_TELEMETRY'])\n"
    )
    if not sys.platform.startswith("linux"):
        pytest.skip("threads are counted as Linux shows them")
    ended = subprocess.run(
        python_command("exec(" + repr(code) + ")"),
        cwd=working_folder(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout.split("\n")) == (0, ["1 thread", "1"]), ended.stderr
