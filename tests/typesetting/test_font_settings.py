"""Fonts on the page are those that the stylesheets load, on every system."""

import subprocess
import sys
from pathlib import Path

import pytest

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.output.temporary_folders import ascii_places
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.font_settings import check_families, font_configuration
from sjs_forms.typesetting.html_pages import lay_out, paint, trial_run
from tests.counting import HANGS


@pytest.fixture
def programme() -> Programme:
    return load_programme(installed_programmes()[0])


def test_a_page_in_a_font_that_no_stylesheet_loads_is_refused_and_the_font_named(
    programme: Programme,
) -> None:
    with pytest.raises(MachineLacks, match=r"“1”.*DejaVu Sans") as refused:
        paint(lay_out(programme.templates, '<p style="font-family: DejaVu Sans">1</p>'))
    assert "TEMP" in refused.value.remedy


def test_the_trial_notices_that_its_font_was_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    trial_run()
    from weasyprint.text.fonts import FontConfiguration

    monkeypatch.setattr(FontConfiguration, "add_font_face", lambda *_: None)
    font_configuration.cache_clear()
    try:
        with pytest.raises(MachineLacks, match="没有用样式表载入的字体"):
            trial_run()
    finally:
        font_configuration.cache_clear()


def test_stylesheets_load_their_fonts_into_each_configuration(programme: Programme) -> None:
    html = '<link rel="stylesheet" href="pages/pages.css"><p class="divider-title">样例</p>'
    first = paint(lay_out(programme.templates, html))
    font_configuration.cache_clear()
    assert paint(lay_out(programme.templates, html)) == first


def test_families_are_compared_by_their_whole_names() -> None:
    check_families({"SJS Song": "字"}, {"SJS Song", "SJS Hei"})
    with pytest.raises(MachineLacks, match=r"“丙甲”.*Noto Serif SC、宋体"):
        check_families({"宋体": "甲", "SJS Song": "乙", "Noto Serif SC": "丙甲"}, {"SJS Song"})


PAGE = """
import hashlib, sys
from pathlib import Path
from sjs_forms.typesetting.font_settings import use_own_settings
if sys.argv[1:]:
    use_own_settings(Path(sys.argv[1]))
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.typesetting.html_pages import lay_out, paint
html = '<link rel="stylesheet" href="pages/pages.css"><p class="divider-title">样例喆Ab12</p>'
page = paint(lay_out(load_programme(installed_programmes()[0]), html))
print(hashlib.sha256(page).hexdigest())
"""


def test_a_page_needs_no_font_of_the_system(tmp_path: Path) -> None:
    """The settings for Windows, which name no folder of the system, give the same bytes."""

    def painted(*folder: str) -> str:
        command = [sys.executable, "-c", PAGE, *folder]
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=HANGS
        ).stdout

    assert painted(str(tmp_path)) == painted()


def test_copies_of_fonts_are_made_where_the_path_is_ascii() -> None:
    variables = {"PROGRAMDATA": r"C:\ProgramData", "PUBLIC": r"C:\Users\公用"}
    own = r"C:\Users\Zhang\AppData\Local\Temp"
    assert ascii_places(own, variables) == [own, r"C:\ProgramData"]
    assert ascii_places(r"C:\Users\张三\Temp", variables) == [r"C:\ProgramData"]
    assert ascii_places(r"C:\Users\张三\Temp", {}) == []
