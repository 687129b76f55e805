"""Importing a library without some of its parts."""

import sys

import pytest

from sjs_forms.base.libraries.partial_imports import absent, deferred


def test_an_absent_module_cannot_be_imported_and_can_again_afterwards() -> None:
    sys.modules.pop("colorsys", None)
    with absent("colorsys"), pytest.raises(ImportError):
        import colorsys
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_a_module_that_is_loaded_already_is_neither_absent_nor_deferred() -> None:
    import json

    with absent("json"), deferred("json"):
        import json as again
    assert again is json


def test_a_function_of_a_deferred_module_loads_it_when_called() -> None:
    sys.modules.pop("colorsys", None)
    with deferred("colorsys"):
        from colorsys import rgb_to_hsv
    assert "colorsys" not in sys.modules
    assert rgb_to_hsv(1, 1, 1) == (0, 0, 1)
    assert "colorsys" in sys.modules
