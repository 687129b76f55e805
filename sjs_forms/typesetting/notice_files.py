"""Opens the files that the pages of a notice name: its own, shared ones, and pictures.

All notices share the fonts and the volume's own pages; a notice may replace these pages by its own.
Nothing else is opened, and the network is never used.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sjs_forms.base.resources import fonts_folder, pages_folder

_MADE = "made"
"""URL scheme by which a template names a picture made during the build."""
_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
"""Types that WeasyPrint must know, because Windows' registry may state others.

It identifies all other files by their content.
"""
_OTHER = "application/octet-stream"
_THIS_MACHINE = ("", "localhost")


def own_files_only(folder: Path, pictures: Mapping[str, bytes] | None = None) -> Any:
    """Return a URL fetcher limited to files in `folder`, shared ones and `pictures`."""
    return _fetcher()(folder, pictures or {})


@cache
def _fetcher() -> Any:
    """Return the class of fetchers; WeasyPrint must have been loaded."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # the library is untyped
        """Refuses the network, data: URLs, and files neither of the notice nor shared."""

        def __init__(self, folder: Path, pictures: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=("file",), allow_redirects=False)
            self._folder, self._pictures = folder, pictures

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:  # noqa: ARG002
            parts = urlsplit(url)
            if parts.scheme == _MADE and parts.path in self._pictures:
                kind, content = "image/jpeg", self._pictures[parts.path]
            else:
                path = own_file(url, self._folder)
                if path is None:
                    raise ValueError(f"not a file of the notice: {url}")
                kind, content = _TYPES.get(path.suffix.lower(), _OTHER), path.read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFilesOnly


def own_file(url: str, folder: Path) -> Path | None:
    """Return the file of a file: URL, or None if it is not in `folder` nor shared.

    A notice may be on a network share; the URLs of its files then have the share's host. No other
    host is contacted, because Windows would send it the user's credentials.
    """
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = _shared_instead(Path(path_of(url)), folder)
    if parts.netloc not in _THIS_MACHINE and not path.is_relative_to(folder):
        return None
    return path if is_own(path, folder) else None


def _shared_instead(path: Path, folder: Path) -> Path:
    """Return the shared file that a page of a notice's own means: it is not in its folder.

    A copy of a shared stylesheet imports ../fonts/fonts.css.
    """
    if path.is_relative_to(folder) and not path.exists():
        holder, *rest = path.relative_to(folder).parts or ("",)
        for shared in (fonts_folder(), pages_folder()):
            if holder == shared.name:
                return shared.joinpath(*rest)
    return path


def path_of(url: str, to_path: Callable[[str], str] = url2pathname) -> str:
    r"""Return the path that a file: URL names: with a drive (C:\…) or a host (\\…) on Windows.

    `to_path` is the system's rule.
    """
    parts = urlsplit(url)
    host = "" if parts.netloc in _THIS_MACHINE else f"//{parts.netloc}"
    return to_path(host + parts.path)


def stylesheet(folder: Path, path: str) -> Path | None:
    """Return the stylesheet that a page links as `path`: the notice's, or a shared one.

    None if there is no such file.
    """
    shared = {each.name: each.parent for each in (fonts_folder(), pages_folder())}
    holder = shared.get(path.partition("/")[0])
    places = (folder, holder) if holder else (folder,)
    files = (place / path for place in places)
    return next((file for file in files if file.is_file() and is_own(file, folder)), None)


def is_own(path: Path, folder: Path) -> bool:
    """Return whether a file, after resolving links, is in a notice's folder or a shared one."""
    roots = (folder.resolve(), fonts_folder().resolve(), pages_folder().resolve())
    return any(path.resolve().is_relative_to(root) for root in roots)
