"""Where lines of the pages end: read back with PDFium from what WeasyPrint laid out."""

from ctypes import c_double
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pypdfium2
import pytest

from sjs_forms.domain.placement import A4_WIDTH, MM
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.html_pages import html_of, lay_out, paint, render
from sjs_forms.typesetting.lines.chinese_words import inner_places
from sjs_forms.typesetting.lines.line_breaks import ALLOW, FORBID, NEVER_FIRST, NEVER_LAST
from sjs_forms.volume.own_pages import cover_context
from sjs_forms.volume.plan_views import ContentsRow
from tests.samples import Answers, Application, put, sample_answers, the_programme

PROGRAMME = the_programme()
HYPHENS = {0x2: "-", 0xFFFE: "-"}
"""What PDFium makes of a hyphen at the end of a line."""
LONG_NAME = "北京市石景山区人工智能大模型产业创新服务平台建设发展集团有限责任公司第一分公司"
TITLES = (
    "租赁合同",
    "面积为3,200.5平方米的研发及办公用房租赁合同补充协议（2025年3月1日修订）及《房屋交接确认单》",
    "Beijing Stone Mountain AI Technology Co., Ltd. Annual Report 2024 and Notes to the Accounts",
    f"授权证明（{LONG_NAME}）",
    "喆堃玥㛃䶮𬭩镕" * 8,
    *("办公用房租赁合同" * 3 + "字" * more for more in range(6)),
    '<b>&amp;{{ 7*7 }}{% raw %}"\\_' + "W" * 60,
    "“AI+制造”行动方案——面向中小企业的“一站式”公共服务能力建设项目合作协议（含附件）",
)


@dataclass(frozen=True)
class Line:
    """A line of a page: its text without blanks, its edges and baseline in points, upwards."""

    text: str
    left: float
    right: float
    baseline: float


def lines_of(pdf: bytes, left: float = 0, right: float = A4_WIDTH) -> list[list[Line]]:
    """The lines of each page from head to foot, as far as they lie between `left` and `right`."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_lines(page.get_textpage(), left, right) for page in document]


def _lines(page: Any, left: float, right: float) -> list[Line]:
    x, y = c_double(), c_double()
    rows: dict[float, list[tuple[float, float, str]]] = {}
    for index in range(page.count_chars()):
        unit = chr(pypdfium2.raw.FPDFText_GetUnicode(page, index))
        pypdfium2.raw.FPDFText_GetCharOrigin(page, index, x, y)
        if unit.isspace() or not left <= x.value <= right:
            continue
        near = next((known for known in rows if abs(known - y.value) < 4), y.value)
        end = page.get_charbox(index, loose=True)[2]
        rows.setdefault(near, []).append((x.value, end, HYPHENS.get(ord(unit), unit)))
    found = []
    for baseline in sorted(rows, reverse=True):
        placed = sorted(rows[baseline], key=itemgetter(0))
        text = "".join(unit for _, _, unit in placed).encode("utf-16", "surrogatepass")
        ends = max(end for _, end, _ in placed)
        found.append(Line(text.decode("utf-16"), placed[0][0], ends, baseline))
    return found


def row(title: str, number: int, level: int = 1, mark: str = "") -> ContentsRow:
    return ContentsRow("part", level, f"{3 - level}.1" if level else "一", title, number, mark)


def volume(
    rows: tuple[ContentsRow, ...] = (), dividers: tuple[Any, ...] = (), **gap: str
) -> dict[str, Any]:
    """The context of pages/volume.html."""
    application = Application.model_validate(sample_answers())
    return {
        "cover": cover_context(PROGRAMME, application, ""),
        "contents": {"title": "目录", "rows": rows, "volumes": ()},
        "dividers": dividers,
        "placeholders": [gap] if gap else [],
    }


def contents_lines(*rows: ContentsRow) -> list[Line]:
    pages = lines_of(render(PROGRAMME.templates, "pages/volume.html", volume(rows)))
    return [line for page in pages[1:] for line in page]


@pytest.mark.parametrize("mark", ["", "待盖章扫描件"])
@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("title", TITLES)
def test_dots_and_number_stand_on_the_last_line_of_a_contents_title(
    title: str, level: int, mark: str
) -> None:
    (*_, last) = contents_lines(row(title, 1234, level, mark))
    before, dots, number = last.text.partition("··")
    assert dots and number.strip("·") == "1234"
    end = "".join(f"{title}（{mark}）".split() if mark else title.split())
    assert len(before) > 1
    assert end.endswith(before) or before.endswith(end)


def test_all_dots_end_at_one_edge_and_all_numbers_at_the_margin() -> None:
    rows = tuple(row(title, 10**n) for title in TITLES for n in range(4))
    pdf = render(PROGRAMME.templates, "pages/volume.html", volume(rows))
    dots, numbers = set(), set()
    margin = A4_WIDTH - 26 * MM
    for page in lines_of(pdf, right=margin - 34)[1:]:
        dots |= {round(line.right, 1) for line in page if line.text.endswith("··")}
    for page in lines_of(pdf, left=margin - 34)[1:]:
        numbers |= {round(line.right, 1) for line in page}
    assert len(dots) == 1
    assert len(numbers) == 1
    assert numbers.pop() == pytest.approx(margin, abs=1)


def test_no_line_of_a_contents_title_ends_within_a_word() -> None:
    lines = contents_lines(*(row(title, 7) for title in TITLES[1:4]))
    printed = "\n".join(line.text for line in lines)
    assert "补充协议（2025年3月1日修订）" in printed
    for title in TITLES[1:4]:
        _held(title, [line.text for line in lines])


def test_the_list_of_volumes_ends_its_lines_between_words() -> None:
    context = volume((row("租赁合同", 7),))
    title = "统一社会信用代码营业执照或社会团体法人登记证书及其变更登记材料"
    listed = {"ordinal": "第一册", "here": True, "first": 1, "last": 9, "materials": [title]}
    context["contents"]["volumes"] = [listed]
    pages = lines_of(render(PROGRAMME.templates, "pages/volume.html", context), left=56 * MM)
    _held(title, [line.text.removesuffix("1—9") for line in pages[1]])


def _held(text: str, lines: list[str]) -> None:
    """No line breaks the text within one of its words."""
    plain = "".join(text.split())
    inner = {
        len("".join(text[:place].split())) for place in inner_places(text)
    }  # places in the text without blanks
    printed = "".join(lines)
    begin = printed.index(plain)
    at, ends = 0, set()
    for line in lines:
        at += len(line)
        ends.add(at - begin)
    assert not ends & inner, sorted(ends & inner)


MATERIALS = [
    *((material.title, material.hint) for material in PROGRAMME.materials),
    (LONG_NAME * 2, "需体现面积、单价、期限等" * 7),
]


@pytest.mark.parametrize(("title", "hint"), MATERIALS)
def test_titles_and_hints_of_dividers_end_between_words_and_are_even(title: str, hint: str) -> None:
    page = {
        "numeral": "一", "title": title, "hint": hint, "colour": "#fff", "ink": "#000",
        "tab_text": "", "tab_top": 32, "tab_height": 28, "rows": [], "count": 0, "more": 0,
    }  # fmt: skip
    _, *lines = lines_of(render(PROGRAMME.templates, "pages/volume.html", volume((), (page,))))[-1]
    large = [line for line in lines if line.text in title]
    assert "".join(line.text for line in large) == "".join(title.split())
    _held(title, [line.text for line in lines])
    _held(hint, [line.text for line in lines])
    widths = [line.right - line.left for line in large]
    assert max(widths) <= 146 * MM
    assert min(widths) > max(widths) / 3


def test_the_cover_bears_long_names_in_even_lines_between_words() -> None:
    answers = put(put(sample_answers(), "platform.name", LONG_NAME), "applicant.name", LONG_NAME)
    context = volume()
    context["cover"] = cover_context(PROGRAMME, Application.model_validate(answers), "")
    pdf = render(PROGRAMME.templates, "pages/volume.html", context)
    parts = [line for line in lines_of(pdf)[0] if line.text in LONG_NAME]
    platform = parts[:2]
    assert "".join(line.text for line in platform) == LONG_NAME
    _held(LONG_NAME, [line.text for line in platform])
    one, other = (line.right - line.left for line in platform)
    assert abs(one - other) < 4 * 18
    values = lines_of(pdf, left=(30 + 6 + 44) * MM)[0]
    _held(LONG_NAME, [line.text for line in values if line.baseline < platform[1].baseline - 20])


@pytest.mark.parametrize("length", [10, 40, 66, 90, 140, 200])
def test_names_of_any_length_leave_each_other_room_on_the_cover(length: int) -> None:
    name = (LONG_NAME * 6)[:length]
    answers = put(put(sample_answers(), "platform.name", name), "applicant.name", name)
    context = volume()
    cover = cover_context(PROGRAMME, Application.model_validate(answers), "第二册")
    pdf = render(PROGRAMME.templates, "pages/volume.html", {**context, "cover": cover})
    lines = lines_of(pdf)[0]
    at = next(n for n, line in enumerate(lines) if line.text.startswith("申报单位"))
    assert "".join(line.text for line in lines[3:at]) == name
    assert lines[at - 1].baseline - lines[at].baseline > 20
    assert lines[at].right <= A4_WIDTH - 30 * MM


def filled(**answers: str) -> Answers:
    found = sample_answers()
    for name, value in answers.items():
        found = put(found, name.replace("__", "."), value)
    return found


def form_lines(form: str, answers: Answers) -> list[list[Line]]:
    context = form_context(PROGRAMME, Application.model_validate(answers))
    return lines_of(render(PROGRAMME.templates, f"forms/{form}.html", context))


@pytest.mark.parametrize(
    "name",
    [
        "北京砚溪样例智能科技有限公司",
        "北京某某科技有限公司石景山分公司",
        LONG_NAME,
        "Beijing Stone Mountain AI Technology Co., Ltd.",
        "喆堃玥㛃䶮𬭩镕科技（北京）有限公司",
    ],
)
def test_answers_in_cells_of_the_form_end_between_words(name: str) -> None:
    answers = filled(platform__name=name, platform__address=name, platform__accredited_by=name)
    context = form_context(PROGRAMME, Application.model_validate(answers))
    pdf = render(PROGRAMME.templates, "forms/application-form.html", context)
    table = 73.4
    for begin, end, times in ((116, 214, 2), (306, 448, 1)):
        lines = [line.text for line in lines_of(pdf, table + begin, table + end)[2]]
        plain = "".join(name.split())
        assert "".join(lines).count(plain) >= times
        _held(name, lines)


def test_blanks_for_the_pen_keep_their_width_on_the_form() -> None:
    context = form_context(PROGRAMME, Application())
    pdf = render(PROGRAMME.templates, "forms/application-form.html", context)
    (term,) = [line for line in lines_of(pdf)[0] if line.text.startswith("起止年限")]
    assert term.right - term.left > 16 * (5 + 5.5 + 2 + 5.5)


def test_no_page_begins_or_ends_with_a_single_line_of_a_long_answer() -> None:
    for before in range(8):
        long = "始" + "甲" * 150 + "终。"
        text = "\n".join(["丙" * 30 + "。"] * before + [long] * 30)
        context = form_context(
            PROGRAMME, Application.model_validate(filled(platform__construction=text))
        )
        pdf = render(PROGRAMME.templates, "forms/application-form.html", context)
        for page in lines_of(pdf, 73.4 + 116)[2:]:
            lines = [line.text for line in page if not set("甲始终").isdisjoint(line.text)]
            if lines:
                assert "终" not in lines[0] and "始" not in lines[-1]


@pytest.mark.parametrize("length", range(6, 30))
def test_the_code_in_the_commitment_leaves_no_gap_at_the_end_of_its_line(length: int) -> None:
    code = "91110107MA01ABCD1K"
    answers = filled(applicant__name="甲" * length, applicant__uscc=code)
    context = form_context(PROGRAMME, Application.model_validate(answers))
    (page,) = lines_of(render(PROGRAMME.templates, "forms/commitment.html", context))
    texts = [line.text for line in page]
    begin = next(n for n, text in enumerate(texts) if text.startswith("我公司"))
    end = next(n for n, text in enumerate(texts) if text.startswith("一、"))
    assert code in "".join(texts)
    for line in page[begin : end - 1]:
        assert line.right > 73.4 + 448 - 8, line.text


def test_no_mark_that_steers_a_line_reaches_the_text_of_a_page() -> None:
    html = html_of(
        PROGRAMME.templates, "pages/volume.html", volume(tuple(row(t, 7) for t in TITLES))
    )
    marked = html.replace("<body>", '<body data-breaks="words">')
    with pypdfium2.PdfDocument(paint(lay_out(PROGRAMME.templates, marked))) as document:
        told = "".join(page.get_textpage().get_text_range() for page in document)
    assert ALLOW not in told and FORBID not in told
    assert "租赁合同" in told


def test_no_line_of_own_pages_begins_or_ends_with_a_mark_that_may_not() -> None:
    pages = lines_of(
        render(PROGRAMME.templates, "pages/volume.html", volume(tuple(row(t, 7) for t in TITLES)))
    )
    for page in pages:
        for line in page:
            assert (
                line.text[0] not in NEVER_FIRST.replace("·", "") and line.text[-1] not in NEVER_LAST
            )
