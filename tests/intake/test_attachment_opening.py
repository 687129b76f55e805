"""Attachments are opened several at a time, and nobody can tell by what comes out."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.base.findings.finding_places import AnswerPlace, FilePlace
from sjs_forms.base.progress import Progress, Stage, Step, quiet
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.source_facts import PageFacts, SourceFacts
from sjs_forms.intake import RunCache, attachment_opening, refusals

PROGRAMME = load_programme()
COUNT = 9


def _offered() -> list[Offered]:
    """Office documents: each is worth a process for itself."""
    material = PROGRAMME.materials[1]
    return [
        Offered(AnswerPlace(("attachments", n)), material, f"{n}.docx", Path(f"{n}.docx"), f"{n}")
        for n in range(COUNT)
    ]


def _facts(name: str) -> SourceFacts:
    return SourceFacts(name, Path(name), (PageFacts(595, 842),))


def test_sources_and_findings_come_in_the_order_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the first takes longest."""

    def take_in(path: Path, shown: str, *_: Any) -> SourceFacts:
        number = int(path.stem)
        time.sleep((COUNT - number) * 0.01)
        if number % 3 == 1:
            raise refusals.empty().named(shown)
        return _facts(shown)

    monkeypatch.setattr(attachment_opening, "take_in", take_in)
    monkeypatch.setattr(attachment_opening, "processors", lambda: 4)
    told: list[Step] = []
    with attachment_opening.Opening(PROGRAMME, _offered(), RunCache(tmp_path)) as opening:
        sources, findings = opening.sources(Progress(told.append))
    assert [source.offered.title for source in sources] == [str(n) for n in range(COUNT)]
    assert [source.facts is None for source in sources] == [n % 3 == 1 for n in range(COUNT)]
    assert [found.where for found in findings] == [f"attachments[{n}]" for n in (1, 4, 7)]
    assert told == [Step(Stage.OPENING, done, COUNT) for done in range(COUNT + 1)]


def _most_at_once(
    folder: Path, sizes: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, int]:
    """How many of files of these sizes were open at a time, before and after anybody waited."""
    open_now, most, lock = 0, 0, threading.Lock()

    def take_in(path: Path, shown: str, *_: Any) -> SourceFacts:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        time.sleep(0.05)
        with lock:
            open_now -= 1
        return _facts(shown)

    offered = []
    for name, size in sizes.items():
        with (folder / name).open("wb") as file:
            file.truncate(size)
        offered.append(Offered(FilePlace(name), PROGRAMME.materials[1], name, folder / name, name))
    monkeypatch.setattr(attachment_opening, "take_in", take_in)
    monkeypatch.setattr(attachment_opening, "processors", lambda: 8)
    with attachment_opening.Opening(PROGRAMME, offered, RunCache(folder)) as opening:
        time.sleep(0.2)
        before = most
        opening.sources(quiet)
    return before, most


@pytest.mark.parametrize(
    ("count", "each", "ending", "most"),
    [
        (20, 50_000, ".pdf", (1, 3)),
        (5, 50_000, ".pdf", (1, 1)),
        (20, 20_000_000, ".pdf", (3, 3)),
        (20, 500, ".docx", (3, 3)),
    ],
)
def test_small_files_are_opened_one_by_one_until_somebody_waits_for_many(
    count: int,
    each: int,
    ending: str,
    most: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process more takes longer to start than a few small files take to open."""
    sizes = {f"{number}{ending}": each for number in range(count)}
    assert _most_at_once(tmp_path, sizes, monkeypatch) == most


def test_one_processor_opens_one_file_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now, most = 0, 0

    def take_in(path: Path, shown: str, *_: Any) -> SourceFacts:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        time.sleep(0.005)
        open_now -= 1
        return _facts(shown)

    monkeypatch.setattr(attachment_opening, "take_in", take_in)
    monkeypatch.setattr(attachment_opening, "processors", lambda: 1)
    with attachment_opening.Opening(PROGRAMME, _offered(), RunCache(tmp_path)) as opening:
        opening.sources(quiet)
    assert most == 1


def test_an_interruption_opens_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def take_in(path: Path, shown: str, *_: Any) -> SourceFacts:
        taken.append(shown)
        time.sleep(0.05)
        return _facts(shown)

    def interrupted(step: Step) -> None:
        if step.done == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(attachment_opening, "take_in", take_in)
    monkeypatch.setattr(attachment_opening, "processors", lambda: 2)
    many = [replace(item, file=f"{n}") for n in range(8) for item in _offered()]
    with (
        pytest.raises(KeyboardInterrupt),
        attachment_opening.Opening(PROGRAMME, many, RunCache(tmp_path)) as opening,
    ):
        opening.sources(Progress(interrupted))
    assert len(taken) < 8
