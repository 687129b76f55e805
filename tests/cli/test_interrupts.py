"""What a signal does at which moment of a command."""

import os
import signal
import sys
import time

import pytest

from sjs_forms.cli.interrupts import answerable, interruptible, job_progress
from sjs_forms.cli.terminal import Terminal

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them"),
    pytest.mark.processors(2),
]


def _send(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0)  # the handler has run by now


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_cancels_the_job_and_the_second_interrupts_it(number: int) -> None:
    with job_progress(Terminal()) as progress:
        assert not progress.is_cancelled()
        _send(number)
        assert progress.is_cancelled()
        with pytest.raises(KeyboardInterrupt):
            _send(number)


def test_a_batch_is_asked_to_stop() -> None:
    with interruptible() as stopped:
        assert not stopped()
        _send(signal.SIGTERM)
        assert stopped()


def test_a_signal_at_a_question_ends_the_wait_for_an_answer() -> None:
    """Else the command would wait for a line from a user who wants to leave."""

    @answerable()
    def ask() -> None:
        _send(signal.SIGINT)

    with job_progress(Terminal()) as progress:
        with pytest.raises(KeyboardInterrupt):
            ask()
        assert not progress.is_cancelled()
        _send(signal.SIGINT)
        assert progress.is_cancelled()


def test_handlers_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with job_progress(Terminal()):
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
