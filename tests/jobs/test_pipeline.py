"""What goes on at the same time in a build, and what does not begin."""

import gc
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sjs_forms.base.errors import Fault, Refused
from sjs_forms.base.findings.finding import blocking
from sjs_forms.cli.commands import main
from sjs_forms.intake import attachment_opening, take_in
from sjs_forms.jobs import pipeline
from sjs_forms.jobs.binding import volume_files
from sjs_forms.volume import layout
from tests.counting import HANGS
from tests.samples import MINIMAL, minimal_answers, write_application

pytestmark = [pytest.mark.opens, pytest.mark.processors(2)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An application with its attachments, in a folder of its own."""
    return shutil.copytree(MINIMAL, tmp_path / "单位")


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once the forms are laid out."""
    done, real = threading.Event(), layout.start_forms

    def start_forms(*given: Any) -> Any:
        forms = real(*given)
        for form in forms:
            form.laid_out()
        done.set()
        return forms

    monkeypatch.setattr(layout, "start_forms", start_forms)
    return done


def test_forms_are_laid_out_while_attachments_are_opened(
    place: Path, laid_out: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No attachment is opened here before the forms are there."""
    waited = []

    def patient(*given: Any) -> Any:
        waited.append(laid_out.wait(timeout=HANGS))
        return take_in(*given)

    monkeypatch.setattr(attachment_opening, "take_in", patient)
    plan, _ = pipeline.plan(place)
    assert waited and all(waited) and plan.sides


def test_where_an_answer_blocks_no_form_is_laid_out_and_all_is_said_at_once(
    place: Path, laid_out: threading.Event, tmp_path: Path
) -> None:
    answers = minimal_answers()
    answers["contact"]["email"] = "不是邮箱"
    write_application(place, answers)
    spoilt = next(place.glob("attachments/2-*/*.pdf"))
    spoilt.write_bytes(b"%PDF-1.7 and no more")
    with pytest.raises(Refused) as refused:
        pipeline.build(place, tmp_path / "成册")
    told = [found.message + found.where for found in blocking(refused.value.findings)]
    assert any("contact.email" in one for one in told)
    assert any(spoilt.name in one for one in told)
    assert not laid_out.is_set() and not (tmp_path / "成册").exists()


def test_a_fault_in_the_layout_opens_nothing_more_and_leaves_nothing(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    taken = []

    def watched(path: Path, *given: Any) -> Any:
        taken.append(path)
        begun.set()
        return take_in(path, *given)

    def faulty(*_: Any) -> Any:
        assert begun.wait(timeout=HANGS)
        raise Fault("排版时出现警告：试")

    monkeypatch.setattr(attachment_opening, "take_in", watched)
    monkeypatch.setattr(attachment_opening, "processors", lambda: 1)
    monkeypatch.setattr(layout, "start_forms", faulty)
    with pytest.raises(Fault, match="试"):
        pipeline.build(place, tmp_path / "成册")
    assert [path.name for path in tmp_path.iterdir()] == ["单位"]
    assert len(taken) < len([path for path in place.rglob("*") if path.suffix == ".pdf"])


@pytest.mark.parametrize("job", ["plan", "fill", "build"])
def test_no_garbage_is_collected_during_a_command(
    job: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collecting = []

    def noting(real: Any) -> Any:
        def method(*given: Any, **named: Any) -> Any:
            collecting.append(gc.isenabled())
            return real(*given, **named)

        return method

    monkeypatch.setattr(layout, "start_forms", noting(layout.start_forms))
    monkeypatch.setattr(volume_files, "assemble", noting(volume_files.assemble))
    target = [] if job == "plan" else ["-o", str(tmp_path / "成册")]
    assert CliRunner().invoke(main, [job, str(place), *target]).exit_code == 0
    assert collecting and not any(collecting)
    assert gc.isenabled()
