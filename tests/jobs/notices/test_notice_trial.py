"""What would keep an application of a notice from being filled or built is told to its author."""

import re
import shutil
from pathlib import Path

import pytest
from docx import Document

from sjs_forms.base.resources import pages_folder
from sjs_forms.jobs.notices.notice_jobs import check_notice, new_notice

PAGE, WORD = "forms/application.html", "forms/application.docx"


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """The small notice that `notice new` makes."""
    folder = tmp_path / "small-2031"
    new_notice(folder)
    return folder


def put(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def put_in_word(folder: Path, old: str, new: str) -> None:
    document = Document(str(folder / WORD))
    found = [text for text in document.element.body.iter(_TEXT) if text.text and old in text.text]
    assert found
    found[0].text = found[0].text.replace(old, new)
    document.save(str(folder / WORD))


_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ contact.phone }}", "", f"{WORD} 印有“联系电话”，{PAGE} 没有"),
        ("{{ contact.phone }}", "｛｛contact.phone｝｝", "没有填写的花括号：“.*｛"),
        ("{{ contact.phone }}", "{ { contact.phone }}", "没有填写的花括号"),
        ("</head>", "<style>@page { size: A3 }</style></head>", "应是 A4 竖放，现为 297×420 毫米"),
        ("</head>", "<style>@page { size: A4 landscape }</style></head>", "现为 297×210 毫米"),
        ("<table>", '<table style="width: 900pt">', "印到纸外"),
        (
            '{{ project.name | lines("Fang", 29.9) }}',
            '<span style="white-space: nowrap">{{ project.name }}</span>',
            "印到纸外.*“W",
        ),
        ("</head>", '<style>td { font-family: "仿宋" }</style></head>', "没有用样式表载入的字体"),
    ],
)
def test_a_page_that_would_be_wrong_in_print_is_told(
    notice: Path, old: str, new: str, said: str
) -> None:
    put(notice, PAGE, old, new)
    told = check_notice(notice)
    assert told
    assert all(each.startswith((PAGE, WORD)) for each in told)
    assert re.search(said, "".join(told))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ contact.phone }}", "", f"{PAGE} 印有“联系电话”，{WORD} 没有"),
        ("{{ contact.phone }}", "｛｛contact.phone｝｝", "没有填写的花括号：“.*｛"),
        ("{{ contact.phone }}", "{{ contact.name }}", "同一项填写出现了两次：contact.name"),
        ("{{ contact.phone }}", "{{ contact.fone }}", "没有“fone”这一项，是否想写 contact.phone"),
    ],
)
def test_a_word_form_that_would_be_wrong_is_told(
    notice: Path, old: str, new: str, said: str
) -> None:
    put_in_word(notice, old, new)
    assert re.search(said, "".join(check_notice(notice)))


def test_boxes_behind_their_words_are_told_because_they_are_read_wrongly(notice: Path) -> None:
    put_in_word(notice, "{{ kind.new.tick }}", "")
    put_in_word(notice, "新建  ", "新建{{ kind.new.tick }}")
    assert "“项目类别”" in "".join(check_notice(notice))


@pytest.mark.parametrize(
    ("page", "written", "said"),
    [
        ("volume.html", "<p>{{ nobody }}", "pages/volume.html 无法填写：第 1 行没有“nobody”"),
        ("volume.html", '<p id="cover">', "pages/volume.html 里没有 id 是 contents 的一页"),
        ("wrap.html", '<img src="logo.png">', "pages/wrap.html 无法排版：.*图片“logo.png”找不到"),
        ("jobsheet.html", "{% for x %}", "pages/jobsheet.html 无法填写：第 1 行模板写法有误"),
        ("wrap.html", '<p style="break-after: page">一<p>二', "封面书脊排版超出一页"),
    ],
)
def test_a_page_of_the_volume_that_is_the_notice_s_own_is_tried_too(
    notice: Path, page: str, written: str, said: str
) -> None:
    (notice / "pages").mkdir()
    head = (
        '<link rel="stylesheet" href="fonts/fonts.css"><style>* { font-family: SJS Song }</style>'
    )
    (notice / "pages" / page).write_text(head + written, encoding="utf-8")
    (told,) = check_notice(notice)
    assert re.search(said, told)


@pytest.mark.parametrize("name", ["cover.html", "pages.css", "jobsheet.css"])
def test_a_copy_of_a_shared_page_has_no_problems(notice: Path, name: str) -> None:
    (notice / "pages").mkdir()
    shutil.copy(pages_folder() / name, notice / "pages" / name)
    assert check_notice(notice) == ()
