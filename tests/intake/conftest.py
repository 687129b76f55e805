"""What the tests of intake share: limits, caches, and files made on the spot."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from filelock import FileLock
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from sjs_forms import intake
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from tests.intake.office_together import SHOWN, Papers, PapersOfTest, prepare

Take = Callable[..., SourceFacts]


@pytest.fixture(scope="session")
def limits() -> IntakeLimits:
    """The limits of the installed notice."""
    return load_programme().intake


@pytest.fixture
def facts_cache(tmp_path: Path) -> intake.FactsCache:
    """A facts_cache of this test's own."""
    return intake.RunCache(tmp_path / "facts_cache")


@pytest.fixture(scope="session")
def pool() -> Iterator[WorkerPool]:
    """The workers of all tests: to start one for each would be felt."""
    with WorkerPool() as made:
        yield made


@pytest.fixture
def take(
    tmp_path: Path, facts_cache: intake.FactsCache, limits: IntakeLimits, pool: WorkerPool
) -> Take:
    """Take in bytes (or a file) as SHOWN; `name` is what the file is called."""

    def take_it(
        source: bytes | Path, *, name: str = "材料.pdf", password: str | None = None, **bounds: Any
    ) -> SourceFacts:
        path = source if isinstance(source, Path) else tmp_path / name
        if isinstance(source, bytes):
            path.write_bytes(source)
        allowed = replace(limits, **bounds)
        return intake.take_in(path, SHOWN, facts_cache, allowed, password, Workers(pool))

    return take_it


@pytest.fixture(scope="session")
def papers_of_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is known of all documents that the tests name with `papers_of`, which are
    taken in together: once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "papers"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            making = folder.with_name("papers-making")
            prepare(request.session.items, making)
            making.rename(folder)
    return folder


@pytest.fixture
def papers(request: pytest.FixtureRequest, papers_of_run: Path) -> Papers:
    """What was taken in of the documents that a test names with `papers_of`."""
    return PapersOfTest(papers_of_run, request.node.nodeid)


def refused(take: Take, source: bytes | Path, **how: Any) -> intake.FileRefused:
    """The refusal of a file, which names it as the user does and says what to do."""
    with pytest.raises(intake.FileRefused) as caught:
        take(source, **how)
    assert SHOWN in caught.value.message
    assert caught.value.remedy
    assert caught.value.code.startswith("attachment-")
    return caught.value


def saved(pdf: Pdf, **how: Any) -> bytes:
    """The PDF as bytes."""
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def made(count: int = 1, content: bytes | None = None) -> Pdf:
    """A PDF of so many A4 pages; each bears a black bar of its own length, or `content`."""
    pdf = Pdf.new()
    for number in range(count):
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        bar = f"0 g 50 700 {60 * (number + 1)} 40 re f".encode()
        page.Contents = Stream(pdf, content or bar)
    return pdf


def square(pdf: Pdf, colour: str = "1 0 0 rg") -> Stream:
    """An appearance of 10 by 10 units filled with a colour."""
    form = Stream(pdf, f"{colour} 0 0 10 10 re f".encode())
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, 10, 10])
    form.Resources = Dictionary()
    return form


def annotate(pdf: Pdf, **entries: Any) -> Dictionary:
    """Add an annotation with a red square for an appearance to the first page."""
    annotation = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Stamp,
        Rect=Array([100, 100, 200, 200]),
        AP=Dictionary(N=square(pdf)),
    )
    for name, value in entries.items():
        annotation[f"/{name}"] = value
    page = pdf.pages[0].obj
    if "/Annots" not in page:
        page.Annots = Array()
    kept = pdf.make_indirect(annotation)
    page.Annots.append(kept)
    return kept


def seen(path: Path, page: int = 0, scale: float = 1.0) -> Image.Image:
    """The page as pdfium shows it, form fields and annotations too, in RGB."""
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        picture: Image.Image = document[page].render(scale=scale).to_pil()
        return picture.convert("RGB")


def colour_at(path: Path, x: float, y: float) -> tuple[int, ...]:
    """The colour at a point (in points from the top left) of the first page."""
    found = seen(path).getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def assert_plain(facts: SourceFacts) -> None:
    """Everything that facts.py promises of a clean PDF."""
    with pikepdf.open(facts.clean) as pdf:
        assert len(pdf.pages) == len(facts.pages)
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages"}
        for page, known in zip(pdf.pages, facts.pages, strict=True):
            box = [float(value) for value in page.obj.MediaBox]
            assert box[:2] == [0, 0]
            assert box[2:] == pytest.approx([known.width, known.height], abs=0.01)
            kept = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/Group"}
            assert set(page.obj.keys()) <= kept | {"/Annots"}
            for link in page.obj.get("/Annots", Array()):
                assert link.Subtype == Name.Link
                if "/Dest" in link:
                    assert link.Dest[0].Type == Name.Page
                    assert link.Dest[1] == Name.XYZ
                else:
                    assert link.A.S == Name.URI
        for found in pdf.objects:
            if isinstance(found, (Dictionary, Stream)):
                for key in ("/JS", "/AA", "/EF", "/OpenAction", "/AF"):
                    assert key not in found
                assert found.get("/S") not in (Name.Launch, Name.JavaScript, Name.SubmitForm)
