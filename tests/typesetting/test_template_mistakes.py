"""What Jinja2 and WeasyPrint say of an author's template is told in Chinese, their words logged."""

import logging
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from sjs_forms.base.errors import ExitCode, Fault
from sjs_forms.domain.installed_notices import read_notice
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.html_pages import html_of, render
from sjs_forms.typesetting.layout_warnings import in_chinese
from sjs_forms.typesetting.template_mistakes import TemplateMistake
from sjs_forms.typesetting.typesetter import FilledTemplate, typeset
from sjs_forms.typesetting.typesetting_process import typesetter_in_a_process
from sjs_forms.typesetting.word_filling import fill_word
from tests.samples import the_programme

PAGE = "forms/commitment.html"
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}")
CONTEXT: Mapping[str, Any] = {
    "unit": {"name": "样例公司"},
    "place": {"home": {"tick": "☑"}, "road": {"tick": "□"}, "label": "小区"},
    "opinion": ["一", "二"],
    "piles": [{"type": "甲"}],
}


@pytest.fixture
def own(tmp_path: Path) -> Programme:
    """A notice outside the package."""
    folder = tmp_path / "next-2031"
    shutil.copytree(the_programme().folder, folder)
    toml = folder / "programme.toml"
    text = toml.read_text(encoding="utf-8").replace(the_programme().id, folder.name)
    toml.write_text(text, encoding="utf-8")
    return read_notice(folder)


MISTAKES = [
    ("{{ unit.nam }}", "没有“nam”这一项，是否想写 unit.name"),
    ("{{ nobody }}", "没有“nobody”这一项"),
    ("{{ piles[4].type }}", "没有第 5 行"),
    ("{{ unit.name | loud }}", "没有“|loud”这种处理"),
    ("{% if unit is grand %}{% endif %}", "没有“is grand”这种判断"),
    ("{% fr x in piles %}", "不认识“fr”"),
    ("{% for x in piles %}", "“for”没有结束，缺少“endfor”"),
    ("{% for x in piles %}{% endif %}", "“endif”没有与它成对的开头，还没有结束的是“for”"),
    ("{% endfor %}", "“endfor”没有与它成对的开头"),
    ("{% for x of piles %}{% endfor %}", "应是“in”的地方写着“of”"),
    ("{{ unit.name ", "缺少|还没有"),
    ("{% if %}{% endif %}", "“%}”之前缺少填写项"),
    ("{{ unit.name ! }}", "不认识“!”"),
    ("{{ unit.name ) }}", "“\\)”放错了地方"),
    ("{{ (unit.name] }}", "应是“\\)”的地方写着“]”"),
    ("{# 注释", "注释没有结束"),
    ("{% %}", "缺少 for、if 这样的词"),
    ("{{ place }}", "其下还有：home、road、label；请写明是哪一项"),
    ("{{ opinion }}", "请用 {% for … %} 逐个填写"),
    ("{{ unit.name + 1 }}", "文字不能加减"),
    ("{{ unit.name() }}", "后面写括号"),
    ("{{ 1 / 0 }}", "除数是 0"),
]


@pytest.mark.parametrize(("written", "said"), MISTAKES)
def test_a_mistake_in_html_is_told_in_chinese_with_its_line(
    own: Programme, written: str, said: str
) -> None:
    (own.folder / PAGE).write_text(f"<p>一</p>\n<p>{written}", encoding="utf-8")
    with pytest.raises(TemplateMistake, match=f"^{PAGE} 无法填写：第 2 行.*{said}") as told:
        html_of(own.templates, PAGE, CONTEXT)
    assert not ENGLISH.search(told.value.message)
    assert "sjs-forms notice check" in told.value.remedy


@pytest.mark.parametrize(
    ("written", "said"),
    [each for each in MISTAKES if "{#" not in each[0] and "缺少|" not in each[1]],
)
def test_the_same_mistake_in_word_is_told_alike(own: Programme, written: str, said: str) -> None:
    form = Document()
    form.add_paragraph(written)
    form.save(str(own.folder / "forms/commitment.docx"))
    with pytest.raises(TemplateMistake, match=f"^forms/commitment.docx 无法填写：.*{said}") as told:
        fill_word(own, "commitment", CONTEXT)
    assert not ENGLISH.search(told.value.message)


@pytest.mark.parametrize("call", ["lines", "lines(20)", 'lines("Kai", 20)', 'lines("Song", "20")'])
def test_the_filter_for_lines_says_what_it_wants(own: Programme, call: str) -> None:
    (own.folder / PAGE).write_text(f"{{{{ unit.name | {call} }}}}", encoding="utf-8")
    with pytest.raises(
        TemplateMistake, match="要写明字体（Fang、Song、SongBold、Hei）和每行的字数"
    ):
        html_of(own.templates, PAGE, CONTEXT)


def test_the_words_of_the_library_are_in_the_log(
    own: Programme, caplog: pytest.LogCaptureFixture
) -> None:
    (own.folder / PAGE).write_text("{{ unit.name | loud }}", encoding="utf-8")
    with caplog.at_level(logging.INFO), pytest.raises(TemplateMistake):
        html_of(own.templates, PAGE, CONTEXT)
    assert "No filter named 'loud'" in caplog.text
    caplog.clear()
    (own.folder / PAGE).write_text('<img src="logo.png">', encoding="utf-8")
    with caplog.at_level(logging.INFO), pytest.raises(TemplateMistake):
        render(own.templates, PAGE, CONTEXT)
    assert "FileNotFoundError" in caplog.text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('<img src="logo.png">', "图片“logo.png”找不到"),
        (
            '<img src="https://example.com/a.png">',
            "图片“https://example.com/a.png”不在通知的文件夹里",
        ),
        ('<link rel="stylesheet" href="own.css">', "样式表“own.css”找不到"),
        ('<p style="colr: red">一', "样式“colr: red”没有这种属性"),
        ('<p style="color: 12">一', "样式“color: 12”的值不能用"),
        ("<style>}</style>", "样式的写法有误"),
        ('<p style="font-family: DejaVu Sans">Ab', "“Ab”没有用样式表载入的字体，.*DejaVu Sans"),
    ],
)
def test_a_page_that_is_laid_out_otherwise_than_written_is_told_in_chinese(
    own: Programme, written: str, said: str
) -> None:
    head = '<!doctype html><link rel="stylesheet" href="fonts/fonts.css">'
    (own.folder / PAGE).write_text(head + written, encoding="utf-8")
    with pytest.raises(TemplateMistake, match=f"^{PAGE} 无法排版：.*{said}") as told:
        render(own.templates, PAGE, CONTEXT)
    assert told.value.exit_code == ExitCode.USAGE
    assert not ENGLISH.search(told.value.message.partition("而用了别的字体")[0])


def test_a_mistake_is_told_the_same_from_the_process_for_typesetting(own: Programme) -> None:
    (own.folder / PAGE).write_text('<img src="logo.png">', encoding="utf-8")
    with typesetter_in_a_process() as typesetter, pytest.raises(TemplateMistake) as told:
        typeset(typesetter, FilledTemplate(own.templates, PAGE, CONTEXT))
    assert "图片“logo.png”找不到" in told.value.message
    assert "notice check" in told.value.remedy


def test_a_template_of_the_package_is_a_fault_of_ours() -> None:
    with pytest.raises(Fault, match=f"{PAGE} 无法填写"):
        html_of(the_programme().templates, PAGE, {})


def test_what_no_pattern_knows_is_told_without_english() -> None:
    assert in_chinese(["Something new in WeasyPrint"]) == "有不能用的样式或标记"
    assert in_chinese(["Subgrids are unsupported", "Something new"]) == "有不能用的样式或标记"
