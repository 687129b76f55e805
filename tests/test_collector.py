"""The garbage collector rests only for as long as it is told to."""

import gc

import pytest

from sjs_forms.collector import collector_at_rest


def test_the_collector_rests_within_and_works_again_afterwards() -> None:
    with collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_within_does_not_leave_it_at_rest() -> None:
    with pytest.raises(ValueError, match="broken"), collector_at_rest():
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_at_rest(), collector_at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
