"""Every notice under templates/ is whole, and every word of it can be printed."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

import sjs_forms
from sjs_forms.base.errors import UsageFault
from sjs_forms.base.font_coverage import has_glyph, is_invisible
from sjs_forms.base.resources import fonts_folder, pages_folder, templates_folder
from sjs_forms.domain import installed_notices
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.doctor import FONT_FILES

FOLDERS = sorted(path.parent for path in templates_folder().glob("*/programme.toml"))
FONTS = sorted(path for path in fonts_folder().iterdir() if path.suffix in (".ttf", ".otf"))
SUBSTITUTES = sorted((fonts_folder() / "substitutes").iterdir())
"""Fonts that attachments may need and our own pages never use."""
A4_HEIGHT_MM = 297


@pytest.fixture(params=[folder.name for folder in FOLDERS])
def programme(request: pytest.FixtureRequest) -> Programme:
    """One notice after the other."""
    return load_programme(request.param)


# The notices


def test_every_folder_with_a_programme_is_a_notice_under_its_own_name() -> None:
    assert installed_programmes() == tuple(folder.name for folder in FOLDERS)
    assert len(FOLDERS) >= 1
    for folder in FOLDERS:
        assert load_programme(folder.name).folder == folder


def test_the_notice_of_2025_says_what_was_published() -> None:
    notice = load_programme("sjs-platform-2025")
    assert [material.id for material in notice.materials] == [
        "application-form",
        "lease",
        "evidence",
        "licence",
        "financials",
        "bank-account",
        "commitment",
    ]
    assert (str(notice.window.start), str(notice.window.end)) == ("2024-03-19", "2025-10-20")
    assert (notice.support.area_sqm, notice.support.years) == (4000, 3)
    assert (notice.print.copies, notice.print.paper, notice.print.duplex) == (6, "A4", "long-edge")
    assert [form.stem for form in notice.forms] == ["附4-1_申报书", "附4-2_承诺书"]
    assert [material.id for material in notice.materials if material.stamped] == [
        "application-form",
        "bank-account",
        "commitment",
    ]


def test_ids_titles_and_colours_tell_materials_apart(programme: Programme) -> None:
    materials = programme.materials
    assert materials
    for values in (
        [material.id for material in materials],
        [material.title for material in materials],
        [material.short for material in materials],
        [material.colour for material in materials],
        [material.ink for material in materials],
    ):
        assert len(set(values)) == len(materials)
        assert all(values)


def test_materials_are_numbered_from_one_and_found_by_id(programme: Programme) -> None:
    for number, material in enumerate(programme.materials, start=1):
        assert programme.number_of(material) == number
        assert programme.material(material.id) is material
    with pytest.raises(KeyError):
        programme.material("no-such-material")
    with pytest.raises(KeyError):
        programme.form("no-such-form")


def test_a_short_name_can_be_a_folders_name(programme: Programme) -> None:
    for material in programme.materials:
        assert not set(material.short) & set('/\\:*?"<>|.'), material.short
        assert material.short == material.short.strip()


def test_a_dividers_words_can_be_read_on_its_colour(programme: Programme) -> None:
    for material in programme.materials:
        assert _contrast(material.colour, material.ink) >= 4.5, material.id
        assert _contrast(material.ink, "#FFFFFF") >= 4.5, material.id


def test_a_dividers_colour_differs_from_paper(programme: Programme) -> None:
    for material in programme.materials:
        assert min(_channels(material.colour)) < 0.85, material.id


def test_every_form_is_there_as_word_and_html_and_belongs_to_a_material(
    programme: Programme,
) -> None:
    ids = {form.id for form in programme.forms}
    assert {material.form for material in programme.materials if material.form} == ids
    for form in programme.forms:
        assert zipfile.is_zipfile(programme.folder / "forms" / f"{form.id}.docx")
        assert (programme.folder / "forms" / f"{form.id}.html").is_file()
        assert programme.form(form.id) is form


@pytest.mark.parametrize(
    "name",
    [
        "volume.html",
        "cover.html",
        "draft.html",
        "wrap.html",
        "jobsheet.html",
        "pages.css",
        "jobsheet.css",
    ],
)
def test_every_page_of_the_volume_has_its_file(programme: Programme, name: str) -> None:
    own = programme.folder / "pages" / name
    assert own.is_file() or (pages_folder() / name).is_file()


def test_the_authorisation_is_looked_for_in_a_material_that_is_there(programme: Programme) -> None:
    assert programme.authorisation.words
    assert programme.material(programme.authorisation.material)


def test_limits_are_such_that_something_passes_them(programme: Programme) -> None:
    limits = programme.intake
    assert all(value > 0 for value in asdict(limits).values())
    assert limits.max_pages <= limits.max_volume_sides
    assert programme.window.start < programme.window.end
    assert programme.window.outside
    assert programme.support.area_sqm > 0
    assert programme.support.years > 0
    assert programme.print.copies > 0


def test_every_thumb_tab_lies_on_the_page_and_none_covers_another(programme: Programme) -> None:
    binding = programme.binding
    last = binding.tab_top_mm + binding.tab_pitch_mm * (len(programme.materials) - 1)
    assert binding.tab_top_mm >= 0
    assert last + binding.tab_height_mm <= A4_HEIGHT_MM
    assert binding.tab_height_mm < binding.tab_pitch_mm


def test_without_a_name_the_only_notice_is_meant() -> None:
    if len(FOLDERS) == 1:
        assert load_programme() == load_programme(FOLDERS[0].name)
    else:
        with pytest.raises(UsageFault):
            load_programme()


@pytest.mark.parametrize("name", ["no-such", "", "..", "fonts", "../templates/sjs-platform-2025"])
def test_an_unknown_notice_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageFault) as refused:
        load_programme(name)
    assert FOLDERS[0].name in refused.value.remedy


def test_no_notices_id_stands_in_the_program() -> None:
    package = Path(sjs_forms.__file__).parent
    sources = [path for path in package.rglob("*.py") if "templates" not in path.parts]
    assert len(sources) > 20
    for folder in FOLDERS:
        assert not [path for path in sources if folder.name in path.read_text(encoding="utf-8")]


# Other notices than ours


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of notices."""
    monkeypatch.setattr(installed_notices, "templates_folder", lambda: tmp_path)
    yield tmp_path


def _notice(folder: Path, name: str, change: tuple[str, str] = ("", "")) -> None:
    text = (FOLDERS[0] / "programme.toml").read_text(encoding="utf-8")
    text = text.replace(f'"{FOLDERS[0].name}"', f'"{name}"').replace(*change)
    (folder / name).mkdir()
    (folder / name / "programme.toml").write_text(text, encoding="utf-8")
    shutil.copy(FOLDERS[0] / "fields.toml", folder / name)


def test_next_years_notice_is_a_new_folder(elsewhere: Path) -> None:
    _notice(elsewhere, "next-2026", ("year = 2025", "year = 2026"))
    assert installed_programmes() == ("next-2026",)
    assert load_programme().year == 2026


def test_between_two_notices_the_applicant_must_choose(elsewhere: Path) -> None:
    _notice(elsewhere, "one")
    _notice(elsewhere, "two")
    with pytest.raises(UsageFault) as open_choice:
        load_programme()
    assert "one、two" in open_choice.value.remedy
    assert load_programme("two").id == "two"


def test_without_any_notice_the_choice_fails_politely(elsewhere: Path) -> None:
    with pytest.raises(UsageFault):
        load_programme()


@pytest.mark.parametrize(
    "change",
    [
        ("year = 2025", "year ="),
        ("year = 2025", 'year = "soon"'),
        ("year = 2025", "yaer = 2025"),
        ('colour = "#F4C7C3"', 'colour = "red"'),
        ('stock = "80g"', 'stock = "90g"'),
        ('id = "70g"', 'id = "80g"'),
        ("caliper_mm = 0.28", "caliper_mm = 0"),
        ('at = "cover"', 'at = "first"'),
        ('material = "bank-account"', 'material = "bank"'),
        ('id = "new"', 'id = "other"'),
    ],
)
def test_a_notice_that_is_written_wrongly_is_told_to_its_author_by_line(
    elsewhere: Path, change: tuple[str, str]
) -> None:
    _notice(elsewhere, "new", change)
    with pytest.raises(BadNotice, match=r"new.*programme.toml 第 \d+ 行"):
        load_programme("new")


# Fonts


def test_the_coverage_table_is_the_union_of_the_bundled_fonts() -> None:
    union: set[int] = set()
    for path in FONTS:
        with TTFont(path, lazy=True) as font:
            union |= set(font.getBestCmap())
    table: set[int] = set()
    for line in (fonts_folder() / "coverage.txt").read_text(encoding="ascii").split():
        first, last = (int(end, 16) for end in line.split("-"))
        table |= set(range(first, last + 1))
    assert table == union


def test_the_coverage_table_is_in_order() -> None:
    lines = (fonts_folder() / "coverage.txt").read_text(encoding="ascii").split()
    spans = [tuple(int(end, 16) for end in line.split("-")) for line in lines]
    assert all(first <= last for first, last in spans)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("character", "喆堃玥㛃䶮𬭩镕☑□A0，。“”—·")
def test_a_character_of_a_bundled_font_has_a_glyph(character: str) -> None:
    assert has_glyph(character)


@pytest.mark.parametrize("character", ["😀", "𠀀", "ก", "\ud800", "\U0010ffff"])
def test_a_character_of_no_bundled_font_has_none(character: str) -> None:
    assert not has_glyph(character)


@pytest.mark.parametrize("path", [*FONTS, *SUBSTITUTES], ids=lambda path: path.name)
def test_every_font_stands_with_its_licence_and_is_known_to_doctor(path: Path) -> None:
    family = path.stem.partition("-")[0]
    licences = list((fonts_folder() / "licences").glob(f"{family}*"))
    assert licences
    assert all(len(licence.read_text(encoding="utf-8")) > 500 for licence in licences)
    assert path.relative_to(fonts_folder()).as_posix() in FONT_FILES


def test_every_licence_belongs_to_a_font_that_is_there() -> None:
    families = {path.stem.partition("-")[0] for path in (*FONTS, *SUBSTITUTES)}
    for licence in (fonts_folder() / "licences").iterdir():
        assert licence.stem.partition("-")[0] in families


def test_the_style_sheet_names_only_fonts_that_are_there() -> None:
    style = (fonts_folder() / "fonts.css").read_text(encoding="utf-8")
    named = re.findall(r'url\("([^"]+)"\)', style)
    assert named
    assert set(named) <= {path.name for path in FONTS}


def test_every_character_of_the_programmes_own_words_has_a_glyph(programme: Programme) -> None:
    words = "".join(_own_words(programme))
    assert programme.title in words
    missing = {
        character for character in words if not is_invisible(character) and not has_glyph(character)
    }
    assert missing == set()


def _own_words(programme: Programme) -> Iterator[str]:
    """Everything that the notice's folder can put on a page."""
    yield from _texts(programme.model_dump(mode="json"))
    for path in programme.folder.rglob("*.html"):
        yield unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))
    for path in programme.folder.rglob("*.css"):
        yield path.read_text(encoding="utf-8")
    for path in programme.folder.rglob("*.docx"):
        with zipfile.ZipFile(path) as word:
            yield unescape(re.sub(r"<[^>]*>", "", word.read("word/document.xml").decode("utf-8")))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _channels(colour: str) -> list[float]:
    return [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 reckons it; 4.5 is asked of body text."""

    def luminance(colour: str) -> float:
        red, green, blue = (
            channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
            for channel in _channels(colour)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
