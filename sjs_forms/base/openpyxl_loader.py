"""Loads openpyxl without numpy, which it imports only to recognise numpy's numbers."""

import importlib
import sys
from typing import Any


def load_openpyxl() -> Any:
    """Return the library. Call it before anything is imported from it.

    numpy comes with the extra `read` and takes longer to load than openpyxl itself; nothing here
    writes its numbers.
    """
    if "openpyxl" not in sys.modules and "numpy" not in sys.modules:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # so that importing it fails
        try:
            importlib.import_module("openpyxl")
        finally:
            del sys.modules["numpy"]
    return importlib.import_module("openpyxl")
