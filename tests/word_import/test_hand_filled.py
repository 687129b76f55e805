"""The official forms filled in by hand, in all the ways people do it."""

from typing import Any

import pytest

from sjs_forms.word_import.word_blocks import Block, DocumentText, Spot
from tests.word_import.conftest import PROGRAMME, answers_in, transcript_of

Row = list[str]
Part = str | list[Row]


def document(*parts: Part) -> DocumentText:
    """Paragraphs and tables as a reader of Word files hands them on; a newline parts lines."""
    blocks: list[Block] = []
    paragraphs = tables = 0
    for part in parts:
        if isinstance(part, str):
            paragraphs += 1
            if part.strip():
                blocks.append(Block(lines_of(part), Spot(paragraphs)))
            continue
        tables += 1
        for row, cells in enumerate(part, start=1):
            for cell, text in enumerate(cells, start=1):
                blocks.append(Block(lines_of(text), Spot(0, tables, row, cell)))
    return DocumentText(tuple(blocks))


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line.strip())


HEAD = ["附4-1", "", "石景山区", "建设产业服务平台项目", "", "申  报  书"]
COVER = [
    "申报单位（加盖公章）：北京某某科技有限公司",
    "起止年限：2025年1月1日——2027年12月31日",
    "联  系 人：陈某",
    "联系电话：010-68860000",
    "邮    箱：chen@example.com",
]
FOOT = [
    "中关村科技园区石景山园管理委员会",
    "北京市石景山区科学技术委员会",
    "二〇二五年制",
    "填 写 说 明",
    "1.本申报书系中关村科技园区石景山园管理委员会北京市石景山区科学技术委员会（以下简称“石景山园管委会"
    "区科委”）为组织申报“支持建设产业服务平台”项目而制定。",
    "2.申报单位应如实填写各项内容。",
    "3.原则上同一申报单位只能选取一个项目进行申报。",
    "4.申报书为标准模板，不可删除规定内容。",
]
SUBJECT = [
    ["实验室/创新平台/研究机构等名称", "某实验室", "资质认定时间", "2024年11月5日"],
    ["实验室/创新平台/研究机构等地址", "某街1号", "资质认定部门", "市发展改革委"],
    ["平台建设\n内容", "一、目标\n建设平台。"],
]
FOUNDERS = [
    ["设立主体1名称", "甲公司", "设立主体1统一\n社会信用代码", "91110107MA01ABCD1K"],
    ["设立主体1注册地址", "甲街"],
    ["设立主体2名称（若有）", "乙大学", "设立主体2统一\n社会信用代码（若有）", ""],
    ["设立主体2注册地址（若有）", "乙街"],
    ["设立主体3名称（若有）", "", "设立主体3统一\n社会信用代码（若有）", ""],
    ["设立主体3注册地址（若有）", ""],
]
CATEGORY = [
    ["平台类别", "☑新认定，建设时间（2024年 11月 5日）\n□新迁入，迁入时间（    年   月    日）"]
]
AREAS = [["总面积（平方米）", "3200", "其中，研发及办公面积（平方米）", "2460.5"]]
PEOPLE = [
    ["企业法人", "欧阳某", "手机/座机", "13800138000", "010-68860001"],
    ["企业联系人", "陈某", "手机/座机", "13900139000", ""],
]
QUALIFIED = [
    [
        "平台资质",
        "□国家工程研究中心            □全国重点实验室\n"
        "□北京市工程研究中心          ☑北京市重点实验室\n"
        "☑其他类别（同时需写明国家级/市级认定部门）某中心（市级，市科委认定）",
    ]
]
CLOSING = [
    ["其他需要说明的问题"],
    ["授权证明见附件。"],
    ["项目申报单位意见"],
    ["同意申报。\n单位负责人：（签章）\n(单位公章)\n2025年 9 月 30 日"],
]
TABLE = [*SUBJECT, *FOUNDERS, *CATEGORY, *AREAS, *PEOPLE, *QUALIFIED, *CLOSING]

ANSWERS: dict[str, Any] = {
    "applicant": {"name": "北京某某科技有限公司"},
    "term": {"start": "2025-01-01", "end": "2027-12-31"},
    "contact": {"name": "陈某", "phone": "010-68860000", "email": "chen@example.com"},
    "platform": {
        "name": "某实验室",
        "address": "某街1号",
        "accredited_on": "2024-11-05",
        "accredited_by": "市发展改革委",
        "construction": "一、目标\n建设平台。",
        "category": {"kind": "newly_accredited", "date": "2024-11-05"},
        "total_area_sqm": 3200,
        "rd_office_area_sqm": 2460.5,
        "qualifications": ["beijing_key_laboratory"],
        "other_qualification": {"name": "某中心", "level": "municipal", "authority": "市科委"},
    },
    "founders": [
        {"name": "甲公司", "uscc": "91110107MA01ABCD1K", "address": "甲街"},
        {"name": "乙大学", "address": "乙街"},
    ],
    "legal_representative": {
        "name": "欧阳某",
        "mobile": "13800138000",
        "landline": "010-68860001",
    },
    "liaison": {"name": "陈某", "mobile": "13900139000"},
    "remarks": "授权证明见附件。",
    "opinion": "同意申报。",
    "signed_on": "2025-09-30",
}


def with_cover(*cover: Part) -> DocumentText:
    return document(*HEAD, *(cover or COVER), *FOOT, TABLE)


def with_rows(old: list[Row], new: list[Row], *after: Part) -> DocumentText:
    at = TABLE.index(old[0])
    return document(*HEAD, *COVER, *FOOT, [*TABLE[:at], *new, *TABLE[at + len(old) :]], *after)


def label_beside(rows: list[Row]) -> list[Row]:
    """Each label with its answer in a row of its own."""
    return [list(pair) for row in rows for pair in zip(row[::2], row[1::2], strict=True)]


VARIANTS: dict[str, DocumentText] = {
    "the official layout": with_cover(),
    "blank paragraphs anywhere": document(*HEAD, "", "  ", *COVER, "", *FOOT, "\u3000", TABLE, ""),
    "the cover's lines as a table, label beside answer": with_cover(
        [[line[: line.index("：") + 1], line[line.index("：") + 1 :]] for line in COVER]
    ),
    "the cover's answers below their labels": with_cover(
        [[line.replace("：", "：\n")] for line in COVER]
    ),
    "half-width marks, spaces where there are none": with_cover(
        "申报单位 (加盖公章) : 北京某某科技有限公司 ",
        "起 止 年 限: 2025-01-01 至 2027-12-31",
        "联系人: 陈某",
        "联系 电话 :010-68860000",
        "邮箱:chen@example.com",
    ),
    "two of the cover's lines on one": with_cover(
        *COVER[:2], "联系人：陈某        联系电话：010-68860000", COVER[4]
    ),
    "labels broken otherwise": with_rows(
        SUBJECT,
        [
            ["实验室/\n创新平台/\n研究机构\n等名称", "某实验室", "资质认\n定时间", "2024.11.5"],
            ["实验室/创新平台/ 研究机构 等地址", "某街1号", "资质认定\n部门", "市发展改革委"],
            ["平\n台\n建\n设\n内\n容", "一、目标\n建设平台。"],
        ],
    ),
    "label and answer in one cell": with_rows(
        AREAS, [["总面积（平方米）：3200平方米", "其中，研发及办公面积（平方米）：\n2,460.5 ㎡"]]
    ),
    "each label in a row of its own, so in another order": with_rows(
        SUBJECT,
        [
            ["实验室/创新平台/研究机构等名称", "某实验室"],
            ["实验室/创新平台/研究机构等地址", "某街1号"],
            ["资质认定时间", "2024年11月05日"],
            ["资质认定部门", "市发展改革委"],
            ["平台建设内容", "一、目标\n建设平台。"],
        ],
    ),
    "founders one field a row, without （若有）": with_rows(
        FOUNDERS,
        [[label.replace("（若有）", ""), answer] for label, answer in label_beside(FOUNDERS)],
    ),
    "dates with dashes": with_rows(
        SUBJECT,
        [
            ["实验室/创新平台/研究机构等名称", "某实验室", "资质认定时间", "2024-11-05"],
            *SUBJECT[1:],
        ],
    ),
    "dates in Chinese": with_rows(
        SUBJECT,
        [[*SUBJECT[0][:3], "二〇二四年十一月五日"], *SUBJECT[1:]],
    ),
    "dates with full-width digits": with_rows(
        SUBJECT,
        [[*SUBJECT[0][:3], "２０２４年１１月５日"], *SUBJECT[1:]],
    ),
    "a term written with dots and a dash": with_cover(
        COVER[0], "起止年限：2025.1.1-2027.12.31", *COVER[2:]
    ),
    "ticks for boxes, blanks for none": with_rows(
        CATEGORY,
        [["平台类别", "√新认定，建设时间（2024年11月5日）\n  新迁入，迁入时间（  年  月  日）"]],
    ),
    "ticks in brackets": with_rows(
        CATEGORY,
        [["平台类别", "[√] 新认定，建设时间（2024年11月5日）\n[ ] 新迁入，迁入时间（年月日）"]],
    ),
    "filled squares": with_rows(
        CATEGORY,
        [["平台类别", "■新认定，建设时间（2024年11月5日） □新迁入，迁入时间（    年   月    日）"]],
    ),
    "a tick beside an empty box": with_rows(
        CATEGORY,
        [
            [
                "平台类别",
                "□√新认定，建设时间（2024年11月5日）\n□新迁入，迁入时间（    年   月    日）",
            ]
        ],
    ),
    "the character 口 for a box": with_rows(
        CATEGORY,
        [
            [
                "平台类别",
                "☑新认定，建设时间（2024年11月5日）\n口新迁入，迁入时间（    年   月    日）",
            ]
        ],
    ),
    "a colon for the brackets": with_rows(
        CATEGORY,
        [["平台类别", "☑新认定，建设时间：2024年11月5日\n□新迁入，迁入时间："]],
    ),
    "each choice in a cell of its own": with_rows(
        CATEGORY,
        [
            ["平台类别", "☑新认定，建设时间（2024年11月5日）"],
            ["", "□新迁入，迁入时间（    年   月    日）"],
        ],
    ),
    "the box in a cell of its own": with_rows(
        CATEGORY,
        [
            ["平台类别", "☑", "新认定，建设时间（2024年11月5日）"],
            ["", "□", "新迁入，迁入时间（    年   月    日）"],
        ],
    ),
    "boxes behind the choices": with_rows(
        QUALIFIED,
        [
            [
                "平台资质",
                "国家工程研究中心□  全国重点实验室□\n北京市工程研究中心□  北京市重点实验室☑\n"
                "其他类别（同时需写明国家级/市级认定部门）☑某中心（市级，市科委认定）",
            ]
        ],
    ),
    "choices one below the other": with_rows(
        QUALIFIED,
        [["平台资质", QUALIFIED[0][1].replace("            □", "\n□").replace("     ☑", "\n☑")]],
    ),
    "both numbers in one cell": with_rows(
        PEOPLE,
        [
            ["企业法人", "欧阳某", "手机/座机", "13800138000/010-68860001"],
            ["企业联系人", "陈某", "手机/座机", "13900139000"],
        ],
    ),
    "mobile and landline each with a label": with_rows(
        PEOPLE,
        [
            ["企业法人", "欧阳某", "手机", "13800138000", "座机", "010-68860001"],
            ["企业联系人", "陈某", "手机", "13900139000", "座机", ""],
        ],
    ),
    "headings in the cells of their answers": with_rows(
        CLOSING,
        [
            ["其他需要说明的问题：\n授权证明见附件。"],
            ["项目申报单位意见\n\n同意申报。\n单位负责人：（签章）\n（单位公章）\n2025.9.30"],
        ],
    ),
    "headings beside their answers": with_rows(
        CLOSING,
        [
            ["其他需要说明\n的问题", "授权证明见附件。"],
            ["项目申报\n单位意见", "同意申报。\n单位负责人：（签章）\n(单位公章)\n2025年9月30日"],
        ],
    ),
    "the signature in a row of its own": with_rows(
        CLOSING,
        [*CLOSING[:3], ["同意申报。"], ["单位负责人：（签章）\n(单位公章)\n2025年9月30日"]],
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_form_filled_by_hand_gives_its_answers(variant: str) -> None:
    transcript = transcript_of(VARIANTS[variant])
    expected = type(answers_in(transcript)).model_validate(ANSWERS)
    assert answers_in(transcript) == expected
    assert [found.message for found in transcript.findings] == []
    assert PROGRAMME.id
