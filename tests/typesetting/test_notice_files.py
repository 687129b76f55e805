"""What a notice's pages may name by URL, with the paths of every system."""

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.resources import fonts_folder
from sjs_forms.typesetting.notice_files import own_file, own_files_only, path_of
from sjs_forms.typesetting.weasyprint_loader import load_weasyprint


def _windows_rule() -> Callable[[str], str]:
    with warnings.catch_warnings():  # Python 3.14 asks for urllib.request, which knows one system
        warnings.simplefilter("ignore")
        found: ModuleType = importlib.import_module("nturl2path")
    return found.url2pathname  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Users\张三\AppData\Local\Programs\sjs-forms\templates\fonts\fonts.css",
        r"D:\申报 2025\templates\100%\pages.css",
        r"\\server\申报\templates\sjs-platform-2025\pages\pages.css",
    ],
    ids=["drive", "signs", "share"],
)
def test_a_windows_path_survives_the_way_through_a_url(path: str) -> None:
    assert path_of(PureWindowsPath(path).as_uri(), _windows_rule()) == path


_PART = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='\\/:*?"<>|'), min_size=1
).filter(lambda part: part not in (".", ".."))


@given(st.lists(_PART, min_size=1, max_size=4))
def test_any_path_of_a_drive_does(parts: list[str]) -> None:
    path = PureWindowsPath("C:\\", *parts)
    assert path_of(path.as_uri(), _windows_rule()) == str(path)


def test_files_of_the_notice_and_fonts_are_its_own_and_no_others(tmp_path: Path) -> None:
    notice, other = tmp_path / "通知 2026", tmp_path / "别处.css"
    notice.mkdir()
    mine = notice / "样式.css"
    for path in (mine, other):
        path.write_text("p {}", encoding="utf-8")
    font = fonts_folder() / "fonts.css"
    assert own_file(mine.as_uri(), notice) == mine
    assert own_file(font.as_uri(), notice) == font
    for url in (other.as_uri(), f"{notice.as_uri()}/../别处.css", "https://a.example/b", "data:,x"):
        assert own_file(url, notice) is None


def test_a_host_that_is_not_the_notices_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(Path, "resolve", lambda path, **_: asked.append(path) or path)
    assert own_file("file://evil.example/share/x.css", Path("//server/share/notice")) is None
    assert asked == []
    assert own_file("file://server/share/notice/x.css", Path("//server/share/notice"))


def test_the_type_of_a_stylesheet_is_not_what_the_system_holds_it_for(tmp_path: Path) -> None:
    load_weasyprint()
    sheet = tmp_path / "a.CSS"
    sheet.write_text("p {}", encoding="utf-8")
    fetched = own_files_only(tmp_path).fetch(sheet.as_uri())
    assert (fetched.content_type, fetched.read()) == ("text/css", b"p {}")
