"""A round red seal is seen by colour and shape; what only is red, or only round, is none."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import img2pdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary
from PIL import Image, ImageFilter

from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake import RunCache, take_in
from sjs_forms.intake.ink_detection import bands_of, colour_spreads
from sjs_forms.intake.seal_detection import has_red_seal, seal_look
from tests.samples import write_pdf
from tests.scanner import as_jpeg
from tests.seal_scans import (
    PAPERS,
    RED,
    UNSEALED,
    Dice,
    letterhead,
    on_paper,
    seal,
    stamped,
    text_page,
    worn,
)

LIMITS = load_programme().intake
SMALL = (420, 594)


def small(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.BoxBlur(1)).resize(SMALL, Image.Resampling.BOX)


def imprint(dice: Dice, colour: Any = RED) -> Image.Image:
    return seal(dice, 42, 42, colour)


SEALED: dict[str, Callable[[Dice], Image.Image]] = {
    "clear": lambda dice: stamped(text_page(dice), imprint(dice), (140, 200)),
    "oval": lambda dice: stamped(text_page(dice), seal(dice, 45, 30), (140, 200)),
    "pale": lambda dice: stamped(text_page(dice), worn(imprint(dice), dice, 1, 0.4), (90, 100)),
    "dry": lambda dice: stamped(text_page(dice), worn(imprint(dice), dice, 0.6, 0.9), (90, 100)),
    "crimson": lambda dice: stamped(text_page(dice), imprint(dice, (180, 25, 60)), (140, 200)),
    "orange": lambda dice: stamped(text_page(dice), imprint(dice, (230, 80, 45)), (140, 200)),
    "letterhead": lambda dice: letterhead(
        stamped(text_page(dice), imprint(dice), (140, 200)), dice
    ),
    "at the edge of another": lambda dice: stamped(
        stamped(text_page(dice), imprint(dice), (140, 200)), imprint(dice), (114, 206)
    ),
    **{
        f"on {name}": lambda dice, paper=paper: on_paper(
            stamped(text_page(dice), imprint(dice), (140, 200)), paper
        )
        for name, paper in PAPERS.items()
    },
}


@pytest.mark.parametrize("kind", SEALED)
def test_a_seal_is_seen(kind: str) -> None:
    page = small(SEALED[kind](random.Random(kind)))
    assert has_red_seal(page)
    assert has_red_seal(page.rotate(90, expand=True))


@pytest.mark.parametrize("kind", UNSEALED)
def test_what_is_no_seal_is_none(kind: str) -> None:
    assert not has_red_seal(small(UNSEALED[kind](random.Random(kind))))


@settings(max_examples=40, deadline=None)
@given(
    share=st.floats(0.0, 0.3),
    scale=st.sampled_from([0.5, 0.93, 1.0, 1.37, 2.0, 3.3]),
    number=st.integers(0, 3),
)
def test_a_page_is_never_passed_over_that_would_be_searched(
    share: float, scale: float, number: int
) -> None:
    """Most scans have so little colour that the search for cells of red can be left out."""
    page = small(SEALED["clear"](random.Random(number)))
    page = page.resize([round(side * scale) for side in page.size], Image.Resampling.BILINEAR)
    faint = Image.blend(Image.new("RGB", page.size, (236, 236, 236)), page, share)
    look = seal_look(faint, colour_spreads(bands_of(faint)), Dictionary(), scanned=True)
    assert (look == "red") == has_red_seal(faint)


def test_a_seal_on_a_page_twice_as_large_is_seen_as_it_will_stand_on_paper() -> None:
    page = SEALED["clear"](random.Random(1))
    assert has_red_seal(page.resize((840, 1188), Image.Resampling.BOX))


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (40, 40)])
def test_pages_of_any_shape_are_looked_at(size: tuple[int, int]) -> None:
    assert not has_red_seal(Image.new("RGB", size, RED))


def looks(path: Path, facts_cache: RunCache) -> list[str]:
    take_in(path, path.name, facts_cache, LIMITS)
    return [page.seal for page in take_in(path, path.name, facts_cache, LIMITS).pages]


def test_intake_says_of_every_page_what_is_seen_and_keeps_it(tmp_path: Path) -> None:
    sealed = SEALED["clear"](random.Random(1))
    plain = UNSEALED["coloured paper"](random.Random(1))
    grey = text_page(random.Random(1))
    pages = [sealed, plain, grey, sealed.convert("L")]
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(img2pdf.convert([as_jpeg(page, 150) for page in pages]))
    facts_cache = RunCache(tmp_path / "facts_cache")
    assert looks(scan, facts_cache) == ["red", "none", "colourless", "grey"]


@pytest.mark.parametrize(
    ("mode", "name", "look"),
    [("L", "灰.png", "grey"), ("1", "黑白.tif", "grey"), ("RGB", "彩.png", "red")],
)
def test_a_picture_that_knows_no_colour_is_grey(
    tmp_path: Path, mode: str, name: str, look: str
) -> None:
    SEALED["clear"](random.Random(1)).convert(mode).save(tmp_path / name, dpi=(150, 150))
    assert looks(tmp_path / name, RunCache(tmp_path / "facts_cache")) == [look]


def test_a_document_that_was_never_scanned_is_not_called_grey(tmp_path: Path) -> None:
    write_pdf(tmp_path / "文件.pdf", 1, "文件")
    assert looks(tmp_path / "文件.pdf", RunCache(tmp_path / "facts_cache")) == ["colourless"]
