"""Loads WeasyPrint quickly, and turns its warnings into faults.

A wrong @font-face, for example, is only a log message to WeasyPrint, but another font on the page.
"""

import ctypes.util
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from functools import cache
from typing import Any

from sjs_forms.base.errors import Fault, MachineLacks
from sjs_forms.base.findings.remedies import InstallTextLayout
from sjs_forms.base.libraries.partial_imports import deferred
from sjs_forms.base.system_errors import loader_lacks
from sjs_forms.typesetting.font_settings import own_folder, use_own_settings
from sjs_forms.typesetting.font_subsets import cache_subsets
from sjs_forms.typesetting.layout_warnings import in_chinese
from sjs_forms.typesetting.template_mistakes import MistakeOfPage
from sjs_forms.typesetting.windows_libraries import bundled_folder, dll_folder, finder

_log = logging.getLogger(__name__)

_SELDOM_USED = ("fontTools.subset", "fontTools.varLib.instancer")
"""Modules that WeasyPrint uses for variable fonts, and where HarfBuzz has no subsetter; a third of
its loading time.
"""
_NO_SUBSETTER = "HarfBuzz-Subset"
"""Part of WeasyPrint's warning that it uses a slow subsetter whose bytes differ."""


@cache
def load_weasyprint() -> Any:
    """Return the library, loaded once. Raises MachineLacks with the system packages it needs.

    Loading it sets up the process: call it early in the entry of a process that will need it.
    """
    try:
        # It prints on failure; stdout is for results.
        with redirect_stdout(sys.stderr), deferred(*_SELDOM_USED):
            try:
                with _libraries_by_their_names():
                    import weasyprint
            except OSError:
                _log.info("libraries are not found by their usual names", exc_info=True)
                import weasyprint
        _refuse_cut_pictures()
        _cache_expressions()
        cache_subsets(weasyprint.pdf.fonts.Font)
        for name in ("weasyprint", "fontTools"):
            logging.getLogger(name).addHandler(_warnings)
    except OSError as problem:
        raise (loader_lacks(problem) or no_pango()) from problem
    return weasyprint


def _refuse_cut_pictures() -> None:
    """Make Pillow refuse truncated pictures again; WeasyPrint sets it to accept them."""
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False


class _Expressions(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """Expressions for a run of characters other than these, or (True) of these; compiled once."""

    def __missing__(self, wanted: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, opposite = wanted
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        found = self[wanted] = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return found


def _cache_expressions() -> None:
    """Make the HTML parser cache its expressions: it stores them under keys that it never reads."""
    from tinyhtml5 import inputstream

    inputstream.characters_until_regex = _Expressions()


@contextmanager
def _libraries_by_their_names() -> Iterator[None]:
    """Make `find_library` return libraries without searching the system.

    On Linux they are opened by their file names; on Windows those installed with this package are
    used. WeasyPrint tries several names for each, the Linux one last. For every other name ctypes
    runs ldconfig, gcc and ld, which takes a third of WeasyPrint's loading time.
    """
    search = ctypes.util.find_library
    with ExitStack() as stack:
        if sys.platform == "linux":
            ctypes.util.find_library = _found_nowhere
        elif sys.platform == "win32" and (folder := bundled_folder()):
            use_own_settings(own_folder())
            stack.enter_context(dll_folder(folder))
            ctypes.util.find_library = finder(folder)
        try:
            yield
        finally:
            ctypes.util.find_library = search


def _found_nowhere(name: str) -> str | None:
    del name
    return None


def no_pango(platform: str = sys.platform) -> MachineLacks:
    """Return the error that the text layout libraries are missing, with the platform's remedy."""
    return MachineLacks(
        "这台机器缺少 Pango 或 HarfBuzz 排版库，无法生成 PDF。",
        InstallTextLayout(platform),
    )


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


_warnings = _Collector()
"""The warnings of WeasyPrint and its libraries in this process."""


class LayoutWarned(MistakeOfPage, Fault):
    """Raised for a page of which WeasyPrint warned."""


@contextmanager
def warnings_as_faults() -> Iterator[None]:
    """Raise LayoutWarned at the end of the context if WeasyPrint warned of anything.

    Its own words are logged. WeasyPrint must have been loaded by `load_weasyprint`.
    """
    _warnings.lines.clear()
    yield
    if any(_NO_SUBSETTER in line for line in _warnings.lines):
        raise no_pango()
    if _warnings.lines:
        _log.info("WeasyPrint warned: %s", "; ".join(_warnings.lines))
        raise LayoutWarned(f"排版时出现警告：{in_chinese(_warnings.lines)}。")
