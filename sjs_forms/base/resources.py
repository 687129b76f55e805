"""The paths of files that ship with the package, and of notices added to them."""

import os
from pathlib import Path

NOTICES_VARIABLE = "SJS_FORMS_NOTICES"
"""The environment variable with folders of further notices, separated as in PATH."""

_PACKAGE = Path(__file__).resolve().parent.parent


def _shipped(name: str, in_checkout: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / in_checkout


def package_folder() -> Path:
    """Return the folder of the code."""
    return _PACKAGE


def templates_folder() -> Path:
    """Return the folder of notices: in an installed package, else at the top of the checkout."""
    return _shipped("templates", "templates")


def further_notice_folders() -> tuple[Path, ...]:
    """Return the absolute folders that the environment variable names."""
    named = os.environ.get(NOTICES_VARIABLE, "").split(os.pathsep)
    return tuple(Path(each).absolute() for each in named if each)


def fonts_folder() -> Path:
    """Return the folder of the bundled fonts, shared by all notices."""
    return templates_folder() / "fonts"


def pages_folder() -> Path:
    """Return the folder of the volume's own pages, which notices share."""
    return templates_folder() / "pages"


def starter_folder() -> Path:
    """Return the small complete notice that `notice new` copies."""
    return templates_folder() / "starter" / "notice"


def words_file() -> Path:
    """Return the list of common Chinese words."""
    return templates_folder() / "words" / "words.txt"


def sample_folder() -> Path:
    """Return the complete fictional application that `new --sample` copies."""
    return _shipped("sample", "fixtures/sample")
