"""Single pages as pictures while an application is worked on."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sjs_forms.base.errors import UsageFault
from sjs_forms.domain.source_facts import PageFacts, SourceFacts
from sjs_forms.intake import RunCache
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.intake.process.worker_pool import WorkerPool
from sjs_forms.jobs.previews import Outdated, Previews
from sjs_forms.typesetting.typesetter import FilledTemplate, LaidOut, LocalTypesetter
from sjs_forms.typesetting.typesetting_process import typesetter_in_a_process
from tests.counting import HANGS
from tests.samples import Application, minimal_answers, sample_answers, the_programme, write_pdf


class Counted(LocalTypesetter):
    """Typesetting that counts what is laid out, and can be made to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.laid_out = 0
        self.begun, self.free = threading.Event(), threading.Event()
        self.free.set()

    def lay_out(self, page: FilledTemplate) -> "Future[LaidOut]":
        self.laid_out += 1
        self.begun.set()
        assert self.free.wait(timeout=HANGS)
        return super().lay_out(page)


def application(answers: dict[str, Any], **others: Any) -> Application:
    return Application.model_validate({**answers, **others, "attachments": None})


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDrawing]:
    """What draws pages, with a worker for all tests of this file."""
    with WorkerPool() as pool:
        yield PageDrawing(RunCache(tmp_path_factory.mktemp("cache")), pool)


def ink(png: bytes) -> int:
    """How many dark dots a picture has."""
    with Image.open(BytesIO(png)) as image:
        return sum(image.convert("L").histogram()[:128])


FORM = the_programme().forms[0].id


def test_a_page_of_a_form_shows_the_answers_as_they_are_now(drawing: PageDrawing) -> None:
    previews = Previews(Counted(), drawing)
    empty = previews.form_page(the_programme(), Application(), FORM, 1, 50)
    filled = previews.form_page(the_programme(), application(sample_answers()), FORM, 1, 50)
    assert empty.page == filled.page == 1 and filled.pages >= empty.pages > 1
    assert ink(filled.png) > ink(empty.png) > 0
    with Image.open(BytesIO(filled.png)) as image:
        assert (
            image.format == "PNG" and abs(image.width - 413) <= 2 and abs(image.height - 585) <= 2
        )


def test_turning_pages_lays_nothing_out_again_and_another_answer_does(drawing: PageDrawing) -> None:
    typesetter = Counted()
    previews, answers = Previews(typesetter, drawing), application(minimal_answers())
    for page in (1, 2, 1):
        assert previews.form_page(the_programme(), answers, FORM, page, 30).page == page
    assert typesetter.laid_out == 1
    changed = application(minimal_answers(), remarks="另有说明")
    previews.form_page(the_programme(), changed, FORM, 1, 30)
    assert typesetter.laid_out == 2


def test_what_cannot_be_printed_is_marked_and_does_not_stop_the_page(drawing: PageDrawing) -> None:
    previews = Previews(Counted(), drawing)
    odd = application(minimal_answers(), remarks="𠀋\x00\u202e龘")
    assert previews.form_page(the_programme(), odd, FORM, 1, 30).png


def test_a_request_that_a_newer_one_has_overtaken_is_dropped(drawing: PageDrawing) -> None:
    typesetter = Counted()
    previews = Previews(typesetter, drawing)
    told: dict[str, Any] = {}

    def ask(remarks: str) -> None:
        answers = application(minimal_answers(), remarks=remarks)
        try:
            told[remarks] = previews.form_page(the_programme(), answers, FORM, 1, 30)
        except Outdated:
            told[remarks] = None

    typesetter.free.clear()
    threads = [threading.Thread(target=ask, args=(name,)) for name in ("甲", "乙", "丙")]
    threads[0].start()
    assert typesetter.begun.wait(timeout=HANGS)
    for number, thread in enumerate(threads[1:], 2):
        thread.start()
        while previews.waiting < number - 1:
            thread.join(0.01)
    typesetter.free.set()
    for thread in threads:
        thread.join()
    assert told["甲"] and told["丙"] and told["乙"] is None
    assert typesetter.laid_out == 2


def test_pages_are_set_in_a_process_of_their_own_as_here(drawing: PageDrawing) -> None:
    answers = application(minimal_answers())
    here = Previews(LocalTypesetter(), drawing).form_page(the_programme(), answers, FORM, 1, 30)
    with typesetter_in_a_process() as typesetter:
        assert (
            Previews(typesetter, drawing).form_page(the_programme(), answers, FORM, 1, 30) == here
        )


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there_is_a_fault_of_the_caller(
    drawing: PageDrawing, tmp_path: Path, page: int
) -> None:
    previews = Previews(LocalTypesetter(), drawing)
    pdf = write_pdf(tmp_path / "x.pdf", pages=3)
    with pytest.raises(UsageFault):
        previews.volume_side(the_programme(), pdf, page, 50)
    with pytest.raises(UsageFault):
        previews.volume_side(the_programme(), tmp_path / "没有.pdf", 1, 50)
    with pytest.raises(UsageFault):
        previews.form_page(the_programme(), Application(), "x", 1, 50)


def test_an_attachment_is_drawn_page_by_page_however_large_it_is(
    drawing: PageDrawing, tmp_path: Path
) -> None:
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 200))
        pdf.add_blank_page(page_size=(14400, 14400))
        pdf.save(tmp_path / "x.pdf")
    sizes = [PageFacts(300, 200), PageFacts(14400, 14400)]
    facts = SourceFacts("x", tmp_path / "x.pdf", tuple(sizes))
    previews = Previews(LocalTypesetter(), drawing)
    drawn = [previews.attachment_page(the_programme(), facts, page, 72).png for page in (1, 2)]
    small, large = (Image.open(BytesIO(png)).size for png in drawn)
    assert small == (300, 200)
    assert large[0] == large[1] and large[0] * large[1] <= 16_100_000
