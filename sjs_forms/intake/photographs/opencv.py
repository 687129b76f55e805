"""Loads OpenCV, of the extra `read`, into a process that is to be confined."""

import os
from importlib.util import find_spec

LIBRARY = "cv2"
PACKAGE = "opencv-python-headless"

_VARIABLES = {"OPENBLAS_MAIN_FREE": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment variables that NumPy reads. It else sets the first itself, which a confined process
may not; threads are not needed here.
"""


def is_installed() -> bool:
    """Return whether the library is there; does not load it."""
    return find_spec(LIBRARY) is not None


def load_opencv() -> None:
    """Load OpenCV, which sets an environment variable of its own. Raises ImportError.

    To be called before a process is confined; starts no thread, which would not be confined with
    it. It computes in one thread.
    """
    set_variables(_VARIABLES)
    import cv2

    cv2.setNumThreads(1)


def set_variables(values: dict[str, str]) -> None:
    """Set environment variables that do not have these values yet."""
    for name, value in values.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
