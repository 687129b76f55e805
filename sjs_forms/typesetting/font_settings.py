"""The fonts of this process: those of the stylesheets, and on Windows no fonts of the system.

On Windows, fontconfig reads no path with characters outside the code page. It also compares paths
in another encoding than WeasyPrint writes them. So a stylesheet's font in such a folder was
replaced by another without a warning. Therefore copies of fonts are made in a folder with an ASCII
name (`font_place`), and `check_families` compares the painted fonts with those of the stylesheets.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.base.output.temporary_folders import ascii_place, temporary_folder
from sjs_forms.base.resources import fonts_folder
from sjs_forms.typesetting.template_mistakes import MistakeOfPage

if TYPE_CHECKING:
    from weasyprint.document import Document

_SETTINGS = "FONTCONFIG_FILE"
"""The environment variable with the path of fontconfig's settings."""
_NAMED = 20
"""Characters in a font of the system that a message names."""
_ONLY_FONT = "NotoSerifSC-Digits.ttf"
"""The one font that fontconfig finds by itself on Windows; it must find some font."""


def font_place() -> Path:
    """Return the folder in which folders for copies of fonts are made. Raises MachineLacks."""
    return ascii_place() if sys.platform == "win32" else Path(tempfile.gettempdir())


@cache
def own_folder() -> Path:
    """Return this process's folder for copies of fonts, removed at its end. Raises MachineLacks."""
    held, owner = ExitStack(), os.getpid()
    folder = held.enter_context(temporary_folder(font_place()))

    def close() -> None:
        if os.getpid() == owner:  # not a fork of this process, which inherits the call
            held.close()

    atexit.register(close)
    return folder


def use_own_settings(folder: Path) -> None:
    """Make fontconfig use settings that name no font of the system; call it before it is loaded.

    A volume is then the same on every machine, and no time is lost reading all fonts of Windows.
    Raises OSError.
    """
    fonts = folder / "fonts"
    fonts.mkdir(exist_ok=True)
    shutil.copyfile(fonts_folder() / _ONLY_FONT, fonts / _ONLY_FONT)
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig>\n<dir>{fonts.as_posix()}</dir>\n"
        f"<cachedir>{(folder / 'cache').as_posix()}</cachedir>\n</fontconfig>\n",
        encoding="ascii",
    )
    os.environ[_SETTINGS] = str(settings)


@cache
def font_configuration() -> Any:
    """Return the process's font configuration, so that each font is loaded once.

    WeasyPrint must have been loaded. Its copies of the fonts are deleted with the temporary folder.
    At interpreter exit they might outlive the functions that delete them.
    """
    from weasyprint.text.fonts import FontConfiguration

    class RecordingConfiguration(FontConfiguration):  # type: ignore[misc]  # library is untyped
        """Records the families that stylesheets load."""

        def __init__(self) -> None:
            super().__init__()
            self.families: set[str] = set()
            self._folder = Path(tempfile.mkdtemp(dir=own_folder()))

        def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> Any:
            """Called by WeasyPrint for each @font-face."""
            self.families.add(rule_descriptors["font_family"])
            return super().add_font_face(rule_descriptors, url_fetcher)

    configuration = RecordingConfiguration()
    atexit.register(font_configuration.cache_clear)
    # Called explicitly, because objects left by a cancelled job may keep the configuration alive.
    atexit.register(configuration.__del__)
    return configuration


class ForeignFont(MistakeOfPage, MachineLacks):
    """Raised for a page with another font than those of the stylesheets."""


def check_fonts(document: "Document") -> None:
    """Raise ForeignFont if a painted document has a font that no stylesheet loads."""
    used: dict[str, str] = {}
    for font in document.fonts.values():
        shown = "".join(font.to_unicode.values())
        used[font.family] = used.get(font.family, "") + shown
    check_families(used, font_configuration().families)


def check_families(used: Mapping[str, str], loaded: Collection[str]) -> None:
    """Raise ForeignFont if a font family was used that was not loaded.

    `used` has the characters shown in each family.
    """
    others = sorted(set(used) - set(loaded))
    if others:
        every = "".join(dict.fromkeys("".join(used[family] for family in others)))
        shown = every[:_NAMED] + ("…" if len(every) > _NAMED else "")
        raise ForeignFont(
            f"页面上的“{shown}”没有用样式表载入的字体，而用了别的字体：{'、'.join(others)}。"
            f"样式表载入的有：{'、'.join(sorted(loaded)) or '无'}"
            "（随附的由 fonts/fonts.css 载入，每处字体的末尾写上 SJS Song 和 SJS Symbols）。",
            several(PlainAction.INSPECT_MACHINE, "仍不行的，", PlainAction.USE_ASCII_TEMPORARY),
        )
