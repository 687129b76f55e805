"""Word and PDF of a form are the same, page for page and field for field.

Word is rendered by LibreOffice, in our fonts (see office_word). One test, for LibreOffice takes its
time: it converts all cases in two processes.

In rows that run over pages Word keeps two lines of a paragraph together, as the PDF does;
LibreOffice turns that off there "for compatibility" (its widorp.cxx), as it does with keeping a
heading with its text. So it is held against a PDF that is laid out without.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_double
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sjs_forms.intake.office import soffice
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.html_pages import html_of, lay_out, paint
from sjs_forms.typesetting.word_filling import fill_word
from tests.office_word import word_pdfs
from tests.samples import (
    QUALIFICATIONS,
    Answers,
    Application,
    minimal_answers,
    put,
    sample_answers,
    the_programme,
)

PROGRAMME = the_programme()
DRAWN = 30
POINTS_OF_A_LINE = 2.0
HYPHENS = {0x2: "-", 0xFFFE: "-"}
"""What PDFium makes of a hyphen at the end of a line."""

CLAUSE = "本平台面向大模型应用与智能制造，建设开放共享的算力与数据服务能力，形成可复制推广的经验，"
LATIN = (
    "The platform offers GPU compute (A100, H800) 与 open data services, 2025-03-01 起, "
    "共 1,200.5 ㎡; e-mail: someone.long@example.com.cn/abc "
)
MARKS = "“甲”、（乙）《丙》；——丁……：“一二三”，“训练”“推理”！”"
HOSTILE = "<b>&amp;{{ 7*7 }}{% raw %}{_{ x }_}{_% y %_}{# z #}]]></w:t>\"'\\_"
LONG_NAME = "北京市石景山区人工智能大模型产业创新服务平台建设发展集团有限责任公司第一分公司"
RARE = "喆堃玥㛃䶮𬭩镕"

WORDS = (
    *(
        "平台",
        "的",
        "建设",
        "大模型",
        "服务",
        "能力",
        "评测",
        "安全",
        "企业",
        "北京市石景山区",
        "有限责任公司",
    ),
    *(
        "，",
        "。",
        "、",
        "；",
        "：",
        "（一）",
        "《支持办法》的",
        "“一站式”",
        "——",
        "……",
        "！”",
        "（含）",
    ),
    *(
        "2025年",
        "占50%以上",
        "约3,200.5平方米",
        "120家",
        "5～6月完成",
        "2025—2027年",
        "第3项",
        "①建设",
    ),
    *("支持AI大模型", "部署GPU（A100）算力卡", "GPU、NPU等", "模型（LLM、VLM）及", "“AI+制造”行动"),
    *(
        "“训练”“推理”",
        "按GB/T 9704—2012执行",
        "约2.6TB语料",
        "GPT-4模型",
        "DeepSeek-R1等",
        "R&D投入",
    ),
    *(
        "邮箱someone@example.com.cn。",
        "通过e-mail通知",
        "API/SDK接口",
        "7×24小时",
        "温度25℃以下",
        "误差3‰以内",
    ),
    *(
        "2025-03-01起",
        "8:30至17:30",
        "（2025）12号",
        "A座",
        "C++语言",
        "￥100万元",
        "喆堃",
        "〔2025〕12号",
    ),
)


def fixed_cases() -> dict[str, Answers]:
    """What has gone wrong, or well might."""
    sample, empty = sample_answers(), {}
    one = put(sample, "founders", sample["founders"][:1])
    construction, remarks, opinion = "platform.construction", "remarks", "opinion"
    named = put(sample, "applicant.name", LONG_NAME)
    for where in ("platform.name", "platform.address", "platform.other_qualification.name"):
        named = put(named, where, LONG_NAME + "（样例）")
    hostile = put(put(sample, construction, f"{HOSTILE}\n" * 9), "platform.name", HOSTILE)
    rare = put(put(sample, construction, RARE * 90), "founders[0].name", RARE)
    return {
        "sample": sample,
        "minimal": minimal_answers(),
        "empty": empty,
        "one founder": one,
        "long": put(one, construction, CLAUSE * 83),
        "many paragraphs": put(sample, construction, "\n".join([CLAUSE] * 60)),
        "few paragraphs": put(sample, construction, "\n".join([CLAUSE] * 5)),
        "long remarks": put(sample, remarks, CLAUSE * 40),
        "opinion on the edge": put(sample, opinion, CLAUSE * 9),
        "long opinion": put(sample, opinion, CLAUSE * 50),
        "all long": put(
            put(put(sample, construction, CLAUSE * 70), remarks, CLAUSE * 30), opinion, CLAUSE * 45
        ),
        "long names": named,
        "Latin": put(sample, construction, LATIN * 8),
        "marks": put(sample, construction, MARKS * 25),
        "rare characters": rare,
        "hostile": hostile,
    }


def made_up(random: Random) -> Answers:
    """An application as somebody might write it, and as nobody would."""

    def words(most: int) -> str:
        return "".join(random.choices(WORDS, k=random.randint(1, most)))

    def text(most: int) -> str:
        return "\n".join(words(random.choice((12, 60))) for _ in range(random.randint(0, most)))

    def person() -> Answers:
        return {"name": words(2), "mobile": "13800138000", "landline": "010-68860000"}

    return {
        "applicant": {"name": words(9), "uscc": "91110107MA01ABCD1K"},
        "platform": {
            "name": words(9),
            "address": words(12),
            "accredited_on": "2024-11-05",
            "accredited_by": words(5),
            "construction": text(random.choice((3, 24))),
            "total_area_sqm": round(random.uniform(1, 9999), 1),
            "qualifications": random.sample(QUALIFICATIONS, random.randint(0, 4)),
            "other_qualification": {"name": words(8), "level": "national", "authority": words(4)},
        },
        "founders": [
            {"name": words(6), "uscc": "91110107MA01ABCD1K", "address": words(14)}
            for _ in range(random.randint(1, 3))
        ],
        "legal_representative": person(),
        "liaison": person(),
        "remarks": text(random.choice((2, 12))),
        "opinion": text(random.choice((2, 12))),
        "signed_on": "2025-09-30",
    }


def drawn_cases() -> dict[str, Answers]:
    """Applications that hypothesis thinks up, the same each time."""
    found: list[Answers] = []

    @settings(max_examples=DRAWN, derandomize=True, phases=[Phase.generate])
    @given(st.randoms(use_true_random=True))
    def collect(random: Random) -> None:
        found.append(made_up(random))

    collect()
    return {f"drawn {number}": answers for number, answers in enumerate(found)}


def squeezed(text: str) -> str:
    """Text without blanks and invisible characters; a hyphen at a line's end is one."""
    plain = unicodedata.normalize("NFKC", text.translate(HYPHENS))
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def pages_of(data: bytes) -> list[str]:
    """The text of each page.

    Each stretch on one line from left to right: LibreOffice writes the characters that the font
    lacks after the others of the line.
    """
    with pypdfium2.PdfDocument(data) as pdf:
        return ["".join(map(squeezed, _stretches(page.get_textpage()))) for page in pdf]


def _stretches(page: Any) -> Iterator[str]:
    for _, stretch in groupby(_placed(page), key=itemgetter(0)):
        units = "".join(one for _, _, one in sorted(stretch, key=itemgetter(1)))
        yield units.encode("utf-16", "surrogatepass").decode("utf-16")


def _placed(page: Any) -> Iterator[tuple[int, float, str]]:
    """Each character: its line by number, where it stands on it, itself."""
    x, y, line, height = c_double(), c_double(), 0, 0.0
    for index in range(page.count_chars()):
        one = chr(pypdfium2.raw.FPDFText_GetUnicode(page, index))
        if one.isspace():
            continue
        pypdfium2.raw.FPDFText_GetCharOrigin(page, index, x, y)
        if abs(y.value - height) > POINTS_OF_A_LINE:
            line, height = line + 1, y.value
        yield line, x.value, one


def answers_in_order(form: str, context: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each label of a form and the answer beside it."""
    if form == "commitment":
        yield "我公司", context["pledger"]["name"]
        yield "统一社会信用代码：", context["pledger"]["uscc"]
        yield "特此声明！", context["signed"]["commitment"]
        return
    platform = context["platform"]
    yield "申报单位（加盖公章）：", context["applicant"]["name"]
    yield "研究机构等名称", platform["name"]
    yield "资质认定时间", platform["accredited_on"]
    yield "研究机构等地址", platform["address"]
    yield "资质认定部门", platform["accredited_by"]
    yield "平台建设内容", "".join(platform["construction"])
    for number, founder in enumerate(context["founders"], start=1):
        yield f"设立主体{number}名称", founder["name"]
        yield "社会信用代码", founder["uscc"]
        yield f"设立主体{number}注册地址", founder["address"]
    yield "平台类别", context["category"]["newly_accredited"]["tick"]
    yield "总面积（平方米）", platform["total_area"]
    yield "（平方米）", platform["rd_office_area"]
    for label, person in (("企业法人", "legal_representative"), ("企业联系人", "liaison")):
        yield label, context[person]["name"]
        yield "手机/座机", context[person]["mobile"] + context[person]["landline"]
    yield "（同时需写明国家级/市级认定部门）", context["other_qualification"]
    yield "其他需要说明的问题", "".join(context["remarks"])
    yield "项目申报单位意见", "".join(context["opinion"])
    yield "单位负责人：（签章）", context["signed"]["application"]


def without_widow_control(form: str, context: dict[str, Any]) -> bytes:
    """The PDF as it would be, might a page begin or end with any line of a paragraph."""
    html = html_of(PROGRAMME.templates, f"forms/{form}.html", context)
    rule = "<style>p { orphans: 1; widows: 1 } .text .lead { break-after: auto }</style></head>"
    return paint(lay_out(PROGRAMME.templates, html.replace("</head>", rule)))


def differences(form: str, context: dict[str, Any], ours: list[str], word: list[str]) -> list[str]:
    """What is not the same in the pages of the PDF and of Word."""
    text = "".join(ours)
    if text != "".join(word):
        return ["the text"]
    found = [] if len(ours) == len(word) else [f"{len(ours)} pages in the PDF, {len(word)} in Word"]
    ends = [list(accumulate(map(len, pages))) for pages in (ours, word)]
    place = 0
    for label, answer in answers_in_order(form, context):
        first = text.index(squeezed(label), place)
        begin = text.index(squeezed(answer), first + len(squeezed(label)))
        place = begin + len(squeezed(answer))
        for what, where in (("label", first), ("begin", begin), ("end", max(begin, place - 1))):
            mine, theirs = (bisect_right(pages, where) + 1 for pages in ends)
            if mine != theirs:
                found.append(f"{label}: its {what} is on page {mine} of the PDF, {theirs} of Word")
    return found


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_word_and_pdf_have_the_same_pages_and_each_field_on_the_same_one(tmp_path: Path) -> None:
    cases = {**fixed_cases(), **drawn_cases()}
    wanted = [(name, "application-form") for name in cases]
    wanted += [(name, "commitment") for name in ("sample", "empty", "long names", "hostile")]
    contexts = {
        name: form_context(PROGRAMME, Application.model_validate(answers))
        for name, answers in cases.items()
    }
    documents = [fill_word(PROGRAMME, form, contexts[name]) for name, form in wanted]
    with ThreadPoolExecutor(1) as meanwhile:
        words = meanwhile.submit(word_pdfs, documents, tmp_path, PROGRAMME.intake)
        ours = [without_widow_control(form, contexts[name]) for name, form in wanted]
    found = {
        (name, form): differences(form, contexts[name], pages_of(pdf), pages_of(word))
        for (name, form), pdf, word in zip(wanted, ours, words.result(), strict=True)
    }
    assert {case: what for case, what in found.items() if what} == {}
