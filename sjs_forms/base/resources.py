"""Where the files that ship with the package stand."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def _shipped(name: str, in_checkout: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / in_checkout


def package_folder() -> Path:
    """The code itself."""
    return _PACKAGE


def templates_folder() -> Path:
    """The folder of notices: inside an installed package, else at the top of the checkout."""
    return _shipped("templates", "templates")


def fonts_folder() -> Path:
    """The bundled fonts, shared by all notices."""
    return templates_folder() / "fonts"


def words_file() -> Path:
    """The list of common Chinese words."""
    return templates_folder() / "words" / "words.txt"


def sample_folder() -> Path:
    """The complete fictional application that `new --sample` copies."""
    return _shipped("sample", "fixtures/sample")
