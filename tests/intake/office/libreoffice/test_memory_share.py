"""LibreOffice within a batch's share of memory: what passes it is too large, not damaged."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sjs_forms import intake
from sjs_forms.base.processes.memory import MEMORY_SHARE
from sjs_forms.base.processes.process_memory import tree_memory
from sjs_forms.intake.office.libreoffice import libreoffice_process
from tests.intake.conftest import SHOWN, Take
from tests.intake.office.test_office import needs_office, word_document

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="not to be known")

TAKES = "held = bytearray(b'x') * 300_000_000; print('ready', flush=True); input()"
"""A program that takes 300 MB, says so and waits."""
STARTS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TAKES!r}])"


@pytest.fixture
def grandparent() -> Iterator["subprocess.Popen[bytes]"]:
    """A process whose child has taken 300 MB."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.communicate(b"\n")


def test_memory_is_that_of_all_descendants(grandparent: "subprocess.Popen[bytes]") -> None:
    assert 300_000_000 < tree_memory(grandparent.pid) < 400_000_000
    assert tree_memory(os.getpid()) > 300_000_000


def test_a_process_that_has_ended_takes_none() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert tree_memory(process.pid) == 0


@needs_office
def test_a_document_that_takes_more_than_the_share_is_told_too_large_for_the_machine(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In so many words, with what to do, and not remembered: the next run may have more."""

    def greedy(*_: Any) -> list[str]:
        return [sys.executable, "-c", STARTS.replace("input()", "import time; time.sleep(600)")]

    document = word_document("一")
    with monkeypatch.context() as patch:
        patch.setattr(libreoffice_process, "confined", greedy)
        patch.setattr(libreoffice_process, "own_share", lambda: 200_000_000)
        with pytest.raises(intake.FileRefused) as caught:
            take(document, name="合同.docx")
    found = caught.value
    assert found.code == "machine-too-large" and found.passing
    assert SHOWN in found.message and "200 MB" in found.message
    assert "太大" in found.message and "损坏" not in found.message
    assert "-j 1" in found.remedy
    assert len(take(document, name="合同.docx").pages) == 1


@needs_office
def test_an_ordinary_document_keeps_within_the_least_share(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_SHARE, "1000000000")
    assert len(take(word_document("二"), name="合同.docx").pages) == 1
