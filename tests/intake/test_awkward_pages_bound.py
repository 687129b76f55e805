"""Awkward pages through to the volume: each side shows the page it was made of."""

import sys
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from sjs_forms import intake
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from tests.intake.conftest import SHOWN, annotate, made, saved

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from bound import SOURCE, bind, faults

MARKED = b"0 g 50 700 200 40 re f 1 0 0 rg 400 100 60 160 re f 0 0 1 rg 20 20 30 30 re f"
A4 = [0, 0, 595, 842]


def awkward_pages() -> Pdf:
    """One page for each way in which a page may be awkward."""
    pages: list[dict[str, Any]] = [
        {},
        {"Rotate": 90},  # a scanner's landscape
        {"Rotate": 270, "CropBox": [500, 800, 40, 60]},  # cropped, corners the wrong way round
        {"Rotate": 180, "MediaBox": [0, 0, 842, 595]},  # landscape upside down
        {"MediaBox": [-100, -50, 495, 792]},  # an origin of its own
        {"MediaBox": [0, 0, 842, 1191]},  # A3
        {"MediaBox": [0, 0, 2384, 1684]},  # a plan, A1
        {"MediaBox": [0, 0, 683, 396]},  # an invoice of 241 by 140 mm
        {"MediaBox": [0, 0, 612, 792]},  # letter
        {"MediaBox": [0, 0, 200, 120]},  # a ticket
        {"MediaBox": [20, 20, 50, 50]},  # a stamp
        {"UserUnit": 2.0},
        {"CropBox": [2000, 2000, 3000, 3000]},  # nonsense
        {"MediaBox": [0, 0, 200, 5000]},  # a roll
    ]
    pdf = made(len(pages), MARKED)
    for page, entries in zip(pdf.pages, pages, strict=True):
        for name, value in entries.items():
            page.obj[f"/{name}"] = Array(value) if isinstance(value, list) else value
    return pdf


@pytest.fixture(scope="module")
def taken(
    tmp_path_factory: pytest.TempPathFactory, limits: IntakeLimits
) -> tuple[Path, SourceFacts]:
    """The awkward pages, with a stamp on the first, and what intake made of them."""
    pdf = awkward_pages()
    annotate(pdf)
    folder = tmp_path_factory.mktemp("taken")
    path = folder / "a.pdf"
    path.write_bytes(saved(pdf))
    return path, intake.take_in(path, SHOWN, intake.RunCache(folder / "facts"), limits)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_every_side_shows_its_page(
    taken: tuple[Path, SourceFacts], tmp_path: Path, rotate: int
) -> None:
    """Turned and shrunk as the plan says, nothing missing and nothing beside it."""
    path, facts = taken
    plan, volume = bind(load_programme(), facts, tmp_path, rotate)
    pages = [side.source_page for side in plan.sides if side.pdf == SOURCE]
    assert sorted(set(pages)) == list(range(1, 15))
    assert len(pages) > 14  # the roll is cut
    assert list(faults(plan, volume, {SOURCE: path})) == []


def test_a_missing_element_would_show(taken: tuple[Path, SourceFacts], tmp_path: Path) -> None:
    """The comparison itself can tell: a small mark lost, one added."""
    _, facts = taken
    plan, volume = bind(load_programme(), facts, tmp_path)
    for change in (b" 0 g 300 400 12 6 re f", b" 1 g 20 20 30 30 re f"):
        pdf = awkward_pages()
        first = pdf.pages[4].obj
        first.Contents = Stream(pdf, first.Contents.read_bytes() + change)
        annotate(pdf)
        (tmp_path / "b.pdf").write_bytes(saved(pdf))
        (fault,) = faults(plan, volume, {SOURCE: tmp_path / "b.pdf"})
        assert "page 5" in fault and "different" in fault


def test_shared_objects_come_once(
    tmp_path: Path, facts_cache: intake.FactsCache, limits: IntakeLimits
) -> None:
    """A letterhead that all pages share must not be copied into the volume for each of them."""
    pdf = made(12, b"/Fx Do 0 g 50 700 200 40 re f")
    noise = bytes(range(256)) * 400
    picture = Stream(pdf, noise)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height = 320, 320
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
    form = Stream(pdf, b"q 100 0 0 100 300 300 cm /Im Do Q")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array(A4)
    kept = pdf.make_indirect(form)
    kept.Resources = Dictionary(XObject=Dictionary(Im=picture, Self=kept))  # and a cycle
    for page in pdf.pages:
        page.obj.Resources = Dictionary(XObject=Dictionary(Fx=kept))
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(pdf))
    facts = intake.take_in(path, SHOWN, facts_cache, limits)
    plan, volume = bind(load_programme(), facts, tmp_path)
    assert list(faults(plan, volume, {SOURCE: path})) == []
    assert volume.stat().st_size < 2 * len(noise)
