"""Typesetting beside a job: the same pages as inside it, whatever becomes of the process."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.base.errors import Fault
from sjs_forms.base.processes.memory import MEMORY_SHARE
from sjs_forms.base.processes.process_memory import own_memory
from sjs_forms.base.processes.work_bounds import SECONDS, PastBounds
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import Boxes
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.pipeline import build
from sjs_forms.typesetting import typesetting_process
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.typesetter import (
    FilledTemplate,
    LaidOut,
    LocalTypesetter,
    Typesetter,
    typeset,
)
from sjs_forms.typesetting.typesetting_process import (
    typesetter_in_a_process,
    typesetter_of_job,
)
from tests.endless_notice import BOXES
from tests.samples import Application, minimal_answers, write_application

PROGRAMME = load_programme(installed_programmes()[0])
FORM = "forms/commitment.html"
CONTEXT = form_context(PROGRAMME, Application.model_validate(minimal_answers()))
PAGE = FilledTemplate(PROGRAMME.templates, FORM, CONTEXT)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes that were started."""
    found: list[Any] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return found


def _made(typesetter: Typesetter) -> tuple[LaidOut, bytes]:
    laid_out = typesetter.lay_out(PAGE).result()
    return laid_out, typesetter.paint(laid_out, Boxes(1, 2)).result()


def test_a_process_makes_the_same_as_is_made_inside(started: list[Any]) -> None:
    with typesetter_in_a_process() as typesetter:
        there = _made(typesetter), typeset(typesetter, PAGE)
    here = LocalTypesetter()
    assert there == (_made(here), typeset(here, PAGE))
    assert started[0].poll() is not None


def test_orders_may_be_placed_before_the_results_are_asked_for() -> None:
    with typesetter_in_a_process() as typesetter:
        ordered = [typesetter.lay_out(PAGE) for _ in range(3)]
        painted = [typesetter.paint(one.result()) for one in reversed(ordered)]
        assert len({one.result() for one in painted}) == 1


def test_what_is_wrong_with_a_template_is_raised_where_its_result_is_asked_for() -> None:
    with typesetter_in_a_process() as typesetter:
        bad = typesetter.lay_out(FilledTemplate(PROGRAMME.templates, FORM, {}))
        good = typesetter.lay_out(PAGE)
        with pytest.raises(Fault):
            bad.result()
        assert good.result().pages == 1


@pytest.mark.skipif(os.name == "nt", reason="no signals")
@pytest.mark.parametrize("moment", ["at once", "laid out"])
def test_a_process_that_dies_costs_nothing_but_time(started: list[Any], moment: str) -> None:
    wanted = _made(LocalTypesetter())
    with typesetter_in_a_process() as typesetter:
        if moment == "at once":
            started[0].send_signal(signal.SIGKILL)
            made = _made(typesetter)[1]
        else:
            laid_out = typesetter.lay_out(PAGE).result()
            started[0].send_signal(signal.SIGKILL)
            made = typesetter.paint(laid_out, Boxes(1, 2)).result()
        again = typesetter.lay_out(PAGE).result()
    assert made == wanted[1] and again.pages == 1


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_documents_are_not_mistaken_for_each_other_when_the_process_dies(
    started: list[Any],
) -> None:
    """One laid out there, another here: both are the first that their typesetter made."""
    other = FilledTemplate(PROGRAMME.templates, "forms/application-form.html", CONTEXT)
    wanted = typeset(LocalTypesetter(), PAGE)
    with typesetter_in_a_process() as typesetter:
        there = typesetter.lay_out(PAGE).result()
        started[0].send_signal(signal.SIGKILL)
        here = typesetter.lay_out(other).result()
        assert typesetter.paint(there).result() == wanted
        assert typesetter.paint(here).result() == typeset(LocalTypesetter(), other)


def with_template(folder: Path, html: str) -> Programme:
    """The notice with another commitment, in a folder of its own."""
    shutil.copytree(PROGRAMME.folder, folder)
    (folder / FORM).write_text(html, encoding="utf-8")
    return PROGRAMME.model_copy(update={"folder": folder})


def test_a_form_that_takes_for_ever_costs_no_other_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who works on an application for hours has its pages set by the same object."""
    monkeypatch.setenv(SECONDS, "2")
    page = f"<html><head><title>x</title></head><body>{BOXES}</body></html>"
    endless = with_template(tmp_path / "notice", page)
    wanted = _made(LocalTypesetter())[1]
    with typesetter_in_a_process() as typesetter:
        before = typesetter.lay_out(PAGE).result()
        with pytest.raises(PastBounds, match="处理器时间"):
            typesetter.lay_out(FilledTemplate(endless.templates, FORM, {})).result()
        after = typesetter.lay_out(PAGE).result()
        boxes = Boxes(1, 2)
        assert typesetter.paint(after, boxes).result() == wanted
        assert typesetter.paint(before, boxes).result() == wanted


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is not measured here")
def test_a_form_that_takes_too_much_memory_does_not_take_it_here_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_SHARE, "300000000")
    loops = "{% for n in range(10**5) %}" * 2
    page = f"{loops}<p>{{{{ 'x' * 9999 }}}}{'{% endfor %}' * 2}"
    large = with_template(tmp_path / "notice", page)
    before = own_memory()
    with typesetter_in_a_process() as typesetter, pytest.raises(PastBounds, match="内存"):
        typesetter.lay_out(FilledTemplate(large.templates, FORM, {})).result()
    assert own_memory() < before + 100_000_000


def test_two_jobs_at_a_time_do_not_touch_each_other(started: list[Any]) -> None:
    with typesetter_in_a_process() as first:
        with typesetter_in_a_process() as second:
            assert _made(second)[1] == _made(first)[1]
        assert [process.poll() is None for process in started] == [True, False]
        assert _made(first)[0].pages == 1


def test_nothing_is_left_of_a_job_that_is_broken_off(
    started: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copies of fonts that the library makes lie where the job clears up."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt), typesetter_in_a_process() as typesetter:
        _made(typesetter)
        assert any(tmp_path.iterdir())
        typesetter.lay_out(PAGE)
        raise KeyboardInterrupt
    assert started[0].poll() is not None
    assert list(tmp_path.iterdir()) == []


def test_where_no_process_can_be_started_typesetting_happens_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: Any, **__: Any) -> Any:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", none)
    with typesetter_in_a_process() as typesetter:
        assert isinstance(typesetter, LocalTypesetter)
        assert _made(typesetter)[0].pages == 1


@pytest.mark.parametrize(("processors", "processes"), [(1, 0), (2, 1)])
def test_a_build_uses_a_second_processor_where_there_is_one(
    started: list[Any],
    processors: int,
    processes: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typesetting_process, "processors", lambda: processors)
    place = write_application(tmp_path / "单位", minimal_answers())
    assert read_folder(place).programme
    with pytest.raises(Exception, match="改正"):
        build(place, tmp_path / "成册", typesetting=typesetter_of_job)
    assert len(started) == processes
    assert all(process.poll() is not None for process in started)
