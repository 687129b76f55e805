"""Loads openpyxl without numpy, which it imports only to recognise numpy's numbers."""

import importlib
import sys
from typing import Any

from sjs_forms.base.libraries.partial_imports import absent


def load_openpyxl() -> Any:
    """Return the library. Call it before anything is imported from it.

    numpy comes with the extra `read` and takes longer to load than openpyxl itself; nothing here
    writes its numbers.
    """
    if "openpyxl" not in sys.modules:
        with absent("numpy"):
            importlib.import_module("openpyxl")
    return sys.modules["openpyxl"]
