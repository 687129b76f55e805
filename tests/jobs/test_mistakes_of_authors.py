"""Whatever an author writes wrong is told in Chinese with its file, never as a failure of ours."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sjs_forms.domain.installed_notices import read_notice
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.notices import check_notice

SECOND = Path(__file__).parents[2] / "fixtures" / "notices" / "computing-power-2026"
VALUES = ("1", '""', '"甲"', "[[1]]", "{ a = 1 }", "inf", "99999999999999999999", "2025-01-01")
STEP = 9
"""One mutation of so many is tried."""
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,} [a-z]{2,}")


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    folder = tmp_path / SECOND.name
    shutil.copytree(SECOND, folder)
    return folder


def put(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def mutations(text: str) -> Iterator[str]:
    """The text without each of its lines with a key, and with other values there."""
    for found in re.finditer(r"^(\w+ *= *)[^\n\[]*\n", text, re.MULTILINE):
        before, after = text[: found.start()], text[found.end() :]
        yield before + after
        yield from (f"{before}{found[1]}{value}\n{after}" for value in VALUES)


@pytest.mark.parametrize("name", ["programme.toml", "fields.toml"])
def test_a_key_that_is_lacking_or_odd_is_told_with_its_file(notice: Path, name: str) -> None:
    every = list(mutations((notice / name).read_text(encoding="utf-8")))[::STEP]
    told = []
    for text in every:
        (notice / name).write_text(text, encoding="utf-8")
        read_notice.cache_clear()
        try:
            read_notice(notice)
        except BadNotice as problem:
            told.append(problem.message)
    assert len(told) > len(every) // 3
    assert [each for each in told if ".toml " not in each or ENGLISH.search(each)] == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ('at = "items"', "“items”在表格模板里另有含义"),
        ('at = "a.b"', "不能再用点分级"),
    ],
)
def test_a_key_of_a_row_that_no_template_can_read_is_refused_by_name(
    notice: Path, new: str, said: str
) -> None:
    text = (notice / "fields.toml").read_text(encoding="utf-8")
    start = text.index("[[field.field]]")
    at = re.search(r'at = "\w+"', text[start:])
    assert at
    changed = text[:start] + text[start:].replace(at[0], new, 1)
    (notice / "fields.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(BadNotice, match=said) as told:
        read_notice(notice)
    assert told.value.line == text.count("\n", 0, start + at.start()) + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{", "{%", "模板写法有误"),
        ("{{", "{{ nobody }}{{", "没有“nobody”这一项"),
        ("{{", '{% include "别处.html" %}{{', "“别处.html”找不到"),
        ("{{", "{{ 1 / 0 }}{{", "模板算不出来"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(
    notice: Path, old: str, new: str, said: str
) -> None:
    (name,) = (f"forms/{form.id}.html" for form in programme_of(notice).forms[:1])
    put(notice, name, old, new)
    told = [each for each in check_notice(notice) if each.startswith(name)]
    assert told
    assert all(re.search(rf"第 \d+ 行.*{said}", each) for each in told)


def programme_of(folder: Path) -> Programme:
    read_notice.cache_clear()
    return read_notice(folder)


def test_a_notice_without_a_window_is_dated_by_its_year(notice: Path) -> None:
    text = (notice / "programme.toml").read_text(encoding="utf-8")
    without = re.sub(r"\[window\]\n(?:[^\[\n]*\n)*", "", text)
    assert without != text
    (notice / "programme.toml").write_text(without, encoding="utf-8")
    with pytest.raises(BadNotice, match=r"notice\.window"):  # a rule names it
        programme_of(notice)
    rules = re.split(r"(?m)^(?=\[\[)", (notice / "fields.toml").read_text(encoding="utf-8"))
    kept = [rule for rule in rules if "notice.window" not in rule]
    (notice / "fields.toml").write_text("".join(kept), encoding="utf-8")
    programme = programme_of(notice)
    assert programme.window is None
    assert (programme.dated.year, programme.dated.month) == (programme.year, 1)
