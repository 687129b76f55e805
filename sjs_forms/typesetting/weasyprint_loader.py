"""WeasyPrint as we use it: loaded quickly, and every warning a fault of ours.

A wrong @font-face, say, is a line in a log to WeasyPrint, and another font on the page.
"""

import ctypes.util
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache
from typing import Any

from sjs_forms.base.errors import Fault, MachineLacks

_NO_SUBSETTER = "HarfBuzz-Subset"
"""In WeasyPrint's warning that it falls back to a slow subsetter whose bytes differ."""


@cache
def load_weasyprint() -> Any:
    """The library; or MachineLacks naming the system packages it wants.

    Loaded once in a process, with all that is set for it there; an entry that knows it will be
    wanted loads it ahead.
    """
    try:
        with redirect_stdout(sys.stderr):  # what it prints of a failure is no result of ours
            try:
                with _libraries_by_their_names():
                    import weasyprint
            except OSError:
                import weasyprint
        _tell_cut_pictures()
        for name in ("weasyprint", "fontTools"):
            logging.getLogger(name).addHandler(_warnings)
    except OSError as problem:
        raise no_pango() from problem
    return weasyprint


def _tell_cut_pictures() -> None:
    """Have Pillow refuse pictures cut short again, which WeasyPrint tells it to take for whole."""
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False


@contextmanager
def _libraries_by_their_names() -> Iterator[None]:
    """On Linux, have libraries opened by name meanwhile, without a search of the system.

    WeasyPrint asks for each by several names, the one that Linux knows last. For every other name
    ctypes starts ldconfig, gcc and ld: a third of the time that loading WeasyPrint takes.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _found_nowhere(name: str) -> str | None:
    del name
    return None


def no_pango() -> MachineLacks:
    """That the libraries are missing which set text."""
    return MachineLacks(
        "这台机器缺少 Pango 或 HarfBuzz 排版库，无法生成 PDF。",
        "Debian/Ubuntu：sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
        "libharfbuzz-subset0；macOS：brew install pango；"
        "Windows：安装 MSYS2 后执行 pacman -S mingw-w64-x86_64-pango。",
    )


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


_warnings = _Collector()
"""What WeasyPrint and its libraries warned of, in this process."""


@contextmanager
def at_work() -> Iterator[None]:
    """While WeasyPrint lays out or paints: raises Fault at the end if it warned of anything.

    WeasyPrint must be loaded by `load_weasyprint`.
    """
    _warnings.lines.clear()
    yield
    if any(_NO_SUBSETTER in line for line in _warnings.lines):
        raise no_pango()
    if _warnings.lines:
        raise Fault("排版时出现警告：" + "；".join(_warnings.lines))
