"""Whatever an author writes wrong is told in Chinese with its file, never as a failure of ours."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sjs_forms.base.errors import UsageFault
from sjs_forms.domain.installed_notices import read_notice
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.notices.notice_jobs import check_notice

SECOND = Path(__file__).parents[3] / "fixtures" / "notices" / "computing-power-2026"
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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("forms/pledge.docx", b"", "不是完好的 Word 文件"),
        ("forms/pledge.docx", None, "缺少 forms/pledge.docx"),
        ("forms/forms.css", b"\xff", "不是 UTF-8 编码"),
        ("forms/pledge.html", b"\xff", "不是 UTF-8 编码"),
    ],
)
def test_a_file_of_a_form_that_is_lacking_or_damaged_is_told_in_chinese(
    notice: Path, name: str, content: bytes | None, said: str
) -> None:
    (notice / name).unlink()
    if content is not None:
        (notice / name).write_bytes(content)
    read_notice.cache_clear()
    told = check_notice(notice)
    assert any(said in each for each in told)
    assert [each for each in told if ENGLISH.search(each)] == []


@pytest.mark.parametrize("number", ["nan", "inf", "1e999"])
def test_a_number_without_an_end_is_refused_at_its_line(notice: Path, number: str) -> None:
    text = (notice / "fields.toml").read_text(encoding="utf-8")
    at = re.search(r"^most = .*$", text, re.MULTILINE)
    assert at
    put(notice, "fields.toml", at[0], f"most = {number}")
    with pytest.raises(BadNotice, match="不是能用的数") as told:
        programme_of(notice)
    assert told.value.line == text.count("\n", 0, at.start()) + 1


def test_a_question_of_few_characters_is_no_mistake(notice: Path) -> None:
    text = (notice / "fields.toml").read_text(encoding="utf-8")
    changed = text.replace('kind = "uscc"', 'kind = "line"\nlimit = 1', 1)
    assert changed != text
    (notice / "fields.toml").write_text(changed, encoding="utf-8")
    read_notice.cache_clear()
    assert check_notice(notice) == ()


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


PROGRAMME_MISTAKES = [
    ("year = 2026", "yaer = 2026", "不认识“yaer”，是否想写 year"),
    ("copies = 4", "copies = 四", "等号后面的文字要用英文引号括起"),
    ("copies = 4", "copies = 4\ncopies = 5", "同一个键写了两次"),
    ("copies = 4", "copies ＝ 4", "键的后面应是等号"),
    ("copies = 4", 'copies = "四"', "print.copies 应是整数，现为“四”"),
    ('duplex = "long-edge"', 'duplex = "short-edge"', "print.duplex 只能是 'long-edge'"),
    ("tab_top_mm = ", "tab_top_mm = 300 # ", "binding.tab_top_mm 超出范围"),
    ('at = "cover"', 'at = "front"', "只能是 'cover'、'fore-edge'、'first'、'last'、'each'"),
]


@pytest.mark.parametrize(("old", "new", "said"), PROGRAMME_MISTAKES)
def test_a_mistake_in_programme_toml_is_told_at_its_line(
    notice: Path, old: str, new: str, said: str
) -> None:
    text = (notice / "programme.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    put(notice, "programme.toml", old, new)
    with pytest.raises(BadNotice, match=said) as told:
        programme_of(notice)
    line = text.count("\n", 0, text.index(old)) + 1
    assert told.value.line == line + new.count("\n")


def tables_of_programme(notice: Path) -> dict[str, int]:
    """The line of the second table of each name."""
    text = (notice / "programme.toml").read_text(encoding="utf-8")
    found: dict[str, list[int]] = {}
    for at in re.finditer(r"(?m)^\[\[(\w+)\]\]", text):
        found.setdefault(at[1], []).append(text.count("\n", 0, at.start()) + 1)
    return {name: lines[1] for name, lines in found.items() if len(lines) > 1}


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("materials", "id", "{id}", "前面已经有一个 id 是"),
        ("materials", "short", "甲/乙", "要用作文件名"),
        ("materials", "form", "nobody", "“nobody”不是任何一张表"),
        ("forms", "id", "{id}", "前面已经有一个 id 是"),
        ("forms", "title", "甲:乙", "要用作文件名"),
    ],
)
def test_what_two_tables_have_in_common_is_told_at_the_second(
    notice: Path, table: str, key: str, value: str, said: str
) -> None:
    lines = (notice / "programme.toml").read_text(encoding="utf-8").splitlines()
    at = tables_of_programme(notice)[table]
    first = re.search(rf'(?ms)^\[\[{table}\]\].*?^id = "(.*?)"', "\n".join(lines))
    assert first
    written = f'{key} = "{value.format(id=first[1])}"'
    there = [n for n in range(at, at + 8) if n < len(lines) and lines[n].startswith(f"{key} =")]
    if there:
        lines[there[0]] = written
    else:
        lines.insert(at, written)
    (notice / "programme.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadNotice, match=said) as told:
        programme_of(notice)
    assert told.value.line == (there[0] if there else at) + 1


def test_an_answer_of_the_cover_that_is_none_is_told_at_the_cover(notice: Path) -> None:
    text = (notice / "programme.toml").read_text(encoding="utf-8")
    put(notice, "programme.toml", 'answers = ["', 'answers = ["x.')
    with pytest.raises(BadNotice, match="没有“x") as told:
        programme_of(notice)
    assert told.value.line == text.count("\n", 0, text.index("cover_lines")) + 1


def test_a_window_that_ends_before_it_starts_is_told(notice: Path) -> None:
    text = (notice / "programme.toml").read_text(encoding="utf-8")
    (notice / "programme.toml").write_text(
        re.sub(r"(?m)^end = .*$", "end = 1999-01-01", text), encoding="utf-8"
    )
    with pytest.raises(BadNotice, match="end 不能早于 start") as told:
        programme_of(notice)
    assert told.value.line == text.count("\n", 0, re.search(r"(?m)^end = ", text).start()) + 1  # type: ignore[union-attr]


def test_what_is_missing_at_the_top_has_no_line(notice: Path) -> None:
    put(notice, "programme.toml", "year = 2026\n", "")
    with pytest.raises(BadNotice, match=r"programme\.toml 有误：缺少 year") as told:
        programme_of(notice)
    assert told.value.line is None


def test_a_label_in_a_row_needs_its_number(notice: Path) -> None:
    text = (notice / "fields.toml").read_text(encoding="utf-8")
    found = re.search(r'label = "[^"]*\{n\}[^"]*"', text[text.index("[[field.field]]") :])
    assert found
    put(notice, "fields.toml", found[0], found[0].replace("{n}", ""))
    with pytest.raises(BadNotice, match=r"label 里要有 \{n\}") as told:
        programme_of(notice)
    assert told.value.line == text.count("\n", 0, text.index(found[0])) + 1


def test_a_derived_value_is_not_put_where_answers_are(notice: Path) -> None:
    text = (notice / "fields.toml").read_text(encoding="utf-8")
    derived = text[text.index("[[derived]]") :]
    at = re.search(r'at = "[^"]+"', derived)
    assert at
    (notice / "fields.toml").write_text(
        text.replace(derived, derived.replace(at[0], 'at = "project"', 1)), encoding="utf-8"
    )
    with pytest.raises(BadNotice, match="“project”下面还有“project"):
        programme_of(notice)


def test_a_folder_of_no_notice_is_told_with_those_within(notice: Path) -> None:
    with pytest.raises(UsageFault, match=r"没有“.*别处”这个文件夹"):
        check_notice(notice.parent / "别处")
    with pytest.raises(UsageFault, match="不是通知文件夹") as told:
        check_notice(notice.parent)
    assert notice.name in told.value.remedy
