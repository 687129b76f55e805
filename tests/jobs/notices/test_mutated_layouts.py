"""Whatever an author does to the layout files of a notice, the trial says it in Chinese."""

import io
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.domain.application import application_model
from sjs_forms.domain.installed_notices import read_notice
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.notices.notice_jobs import new_notice
from sjs_forms.jobs.notices.notice_trial import unfilled_form, unread_forms

ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,} [a-z]{2,}")
MUTATIONS = 16
PIECES = (
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{# ",
        "{{ nobody }}",
        "{{ project }}",
        "{% for x in y %}",
        "{% if %}",
    ),
    *(
        "{{ opinion[7] }}",
        "{{ 1 / 0 }}",
        '{% include "x.html" %}',
        "{{ self }}",
        "{{ range(9)|list }}",
    ),
    *(
        "<table>",
        "</td>",
        '<td colspan="99999">',
        "<!--",
        "</style>",
        "<style>p{",
        "&bogus;",
        "\x00",
    ),
    *("}", "{", "url(x.png)", '<img src="data:image/png;base64,AAAA">', "display: grid;", "@page{"),
    *(
        "size: 0 0;",
        "margin: -500mm;",
        "font-size: 0;",
        "calc(1px / 0)",
        "columns: 3;",
        "float: left;",
    ),
    *("position: absolute; left: -999pt;", "break-before: recto;", "height: 9000pt;", "\U0001f600"),
)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    folder = tmp_path / "small-2031"
    new_notice(folder)
    return folder


def mutated(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    match chance.randrange(4):
        case 0:
            return text[:at] + text[at + chance.randrange(1, 40) :]
        case 1:
            return text[:at]
        case 2:
            return text[:at] + text[at // 2 : at][:500] + text[at:]
    return text[:at] + chance.choice(PIECES) + text[at:]


def change_text(file: Path, change: Callable[[str], str]) -> None:
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def change_word(file: Path, change: Callable[[str], str]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(made, "w") as changed:
        for name in packed.namelist():
            content = packed.read(name)
            if name == "word/document.xml":
                content = change(content.decode()).encode()
            changed.writestr(name, content)
    file.write_bytes(made.getvalue())


def told(programme: Programme) -> list[str]:
    application = application_model(programme)()
    try:
        found = list(unfilled_form(programme, "application", application))
        return found or list(unread_forms(programme, application))
    except SjsFormsError as problem:
        return [problem.message]


@pytest.mark.parametrize("name", ["application.html", "forms.css", "application.docx"])
def test_a_mutated_file_is_told_in_chinese_or_does_no_harm(notice: Path, name: str) -> None:
    chance = random.Random(name)
    change = change_word if name.endswith(".docx") else change_text
    problems: list[str] = []
    for number in range(MUTATIONS):
        folder = notice.parent / str(number) / notice.name
        shutil.copytree(notice, folder)
        change(folder / "forms" / name, lambda text: mutated(text, chance))
        problems += told(read_notice(folder))
    assert problems
    assert [each for each in problems if "内部错误" in each or ENGLISH.search(each)] == []
