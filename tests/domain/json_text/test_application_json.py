"""From bytes to answers, or to findings: never an exception, never a silent guess."""

import json
import random
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.json_text.application_json import parse_application, read_answers
from sjs_forms.domain.near_words import nearest
from tests.samples import (
    Answers,
    Application,
    codes,
    is_chinese_sentence,
    minimal_answers,
    put,
    resolves,
    sample_answers,
    without,
)


def faults(data: str | bytes) -> tuple[Finding, ...]:
    """The findings of something that must be refused."""
    application, findings = parse_application(data if isinstance(data, bytes) else data.encode())
    assert application is None
    assert findings
    assert all(found.severity == "error" for found in findings)
    return findings


def fault(data: str | bytes) -> Finding:
    """The one finding of something that must be refused."""
    (found,) = faults(data)
    return found


def parsed(answers: Any) -> Application:
    """The application of answers that must be understood."""
    application, findings = parse_application(json.dumps(answers).encode())
    assert findings == ()
    assert application is not None
    return application


def refusal(answers: Any) -> Finding:
    """The one finding of answers that must be refused."""
    return fault(json.dumps(answers))


# Syntax


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ('{\n  "remarks"： "x"\n}', 2, 12, "此处用了中文标点“：”"),
        ('{\n  “remarks”: "x"\n}', 2, 3, "此处用了中文标点““”"),
        ('{"remarks": "x"，\n "opinion": "y"}', 1, 16, "此处用了中文标点“，”"),
        ('｛"remarks": "x"｝', 1, 1, "此处用了中文标点“｛”"),
        ('{"founders": 【】}', 1, 14, "此处用了中文标点“【”"),
        ('{\n "remarks": "x"\n "opinion": "y"\n}', 3, 2, "此处之前缺少逗号，请在第 2 行末尾补上"),
        ('{"founders": [{} {}]}', 1, 18, "此处之前缺少逗号，请在它前面补上"),
        ('{"remarks": "x"; "opinion": "y"}', 1, 16, "请改为英文半角的逗号"),
        ('{\n "remarks": "x”,\n "opinion": "y"}', 2, 15, "此处用了中文标点“””"),
        ('{\n "remarks": "x,\n "opinion": "y"}', 2, 15, "引号没有成对，此处请补上"),
        ('{"remarks": "x\ty"}', 1, 15, "看不见的制表符"),
        ('{"remarks": ""甲"公司"}', 1, 15, "文字中间有英文双引号"),
        ('{"remarks": "甲", 乙", "opinion": "y"}', 1, 18, "请改为中文引号"),
        ('{\u202a"remarks": "x"}', 1, 2, "看不见的字符（U+202A）"),
        ('{"remarks":\u200b "x"}', 1, 12, "看不见的零宽空格"),
        ('{"remarks": 第一段}', 1, 13, '两边请加上英文双引号，如 "第一段"'),
        ("{\"remarks\": 'x'}", 1, 13, "单引号"),
        ('{"signed_on": 2025-03-01}', 1, 15, '日期两边请加上英文双引号，如 "2025-03-01"'),
        ('{"remarks": 01068}', 1, 13, "以 0 开头的号码两边"),
        ('{"remarks": 3200㎡}', 1, 17, "数字后面不写单位"),
        ('{"remarks": ３２００}', 1, 13, "写作 3200"),
        ('{"remarks": NULL}', 1, 13, "改为小写的 null"),
        ('{// 备注\n"remarks": "x"}', 1, 2, "不能写注释"),
        ('{"remarks": "x"}}', 1, 17, "此处多了 }"),
        ('{\n "remarks": "x",\n}', 2, 16, "最后一项后面多了逗号，请删去"),
        ('{"founders": [{},]}', 1, 17, "最后一项后面多了逗号，请删去"),
        ('{"remarks" "x"}', 1, 12, "缺少冒号"),
        ('{"remarks"：1}', 1, 11, "请改为英文半角的 :"),
        ('{"remarks": "他说"好"了"}', 1, 17, "文字中间有英文双引号"),
        ('{\n\u00a0"remarks": "x"}', 2, 1, "看不见的不换行空格"),
        ('{"applicant": {"name": "x"', 1, 27, "末尾缺少 }}"),
        ('{"founders": [{"name": "x"}', 1, 28, "末尾缺少 ]}"),
        ('{\n "contact": {\n  "name": "x",\n "remarks": "y"\n}\n', 3, 14, "之后缺少 }"),
        ('{\n "founders": [\n  {"name": "x"},\n "remarks": "y"\n}\n', 3, 16, "之后缺少 ]"),
        ('{"founders": [{"name": "x"}, "remarks": "y"}', 1, 28, "之后缺少 ]"),
        ('{"founders": [{"name": "x"]}', 1, 27, "之后缺少 }"),
        ('{"founders": [{"name": "x"}}', 1, 28, "之后缺少 ]"),
        ('{"remarks": "上一行\n下一行"}', 1, 17, "引号内直接换了行；换行请写成 \\n"),
        ('{"remarks": "x}', 1, 13, "引号没有成对"),
        ('{"remarks": }', 1, 13, "缺少内容"),
        ('{"remarks": True}', 1, 13, "缺少内容"),
        ("{'remarks': 1}", 1, 2, "双引号"),
        ("{remarks: 1}", 1, 2, "双引号"),
        ("{} {}", 1, 4, "之后还有多余内容"),
        ('{\r\n "remarks": "x",\r\n "opinion" "y"\r\n}', 3, 12, "缺少冒号"),
        ('\ufeff{"remarks" "x"}', 1, 12, "缺少冒号"),
        ("", 1, 1, "缺少内容"),
        ('{"attachments": [{"file": "C:\\材料\\a.pdf"}]}', 1, None, "文件路径请用 /"),
        ('{"attachments": [{"file": "D:\\users\\a.pdf"}]}', 1, None, "文件路径请用 /"),
    ],
)
def test_broken_json_is_answered_with_line_column_and_a_hint(
    text: str, line: int, column: int | None, hint: str
) -> None:
    found = fault(text)
    assert found.code == "json-syntax"
    assert f"第 {line} 行第 {column or ''}" in found.message
    assert column is None or f"第 {column} 列" in found.message
    assert hint in found.message


@pytest.mark.parametrize("text", ['{"remarks": "x",}', '{"founders": [],}'])
def test_a_comma_after_the_last_item_is_called_by_its_name(text: str) -> None:
    found = fault(text)
    assert found.code == "json-syntax"
    assert "第 1 行" in found.message
    assert "多了逗号" in found.message
    assert "最后一项后面不能有逗号" in found.remedy


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_cut_out_of_json_is_answered_with_a_place_in_it(data: st.DataObject) -> None:
    text = json.dumps(sample_answers(), ensure_ascii=False, indent=1)
    at = data.draw(st.integers(0, len(text) - 1))
    put_in = data.draw(st.sampled_from(["", '"', "，", "\u3000", ",", "}", "'", "\n", "甲", "\0"]))
    broken = text[:at] + put_in + text[at + 1 :]
    findings = read_answers(broken.encode("utf-8")).unread.findings
    for found in (each for each in findings if each.code == "json-syntax"):
        line, column = map(int, re.findall(r"第 (\d+) ", found.message)[:2])
        lines = broken.split("\n")
        assert 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
        assert is_chinese_sentence(found.message)


def test_a_place_far_along_a_long_line_is_shown() -> None:
    found = fault('{"remarks": "' + "字" * 500 + '", "opinion"： "意见"}')
    assert '"opinion"：' in found.message


def test_a_key_with_an_invisible_character_says_so() -> None:
    found = fault('{"remarks\u200b": "x"}')
    assert found.code == "unknown-key" and "看不见的字符" in found.message
    assert "remarks" in found.remedy


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("gbk", "GBK")],
)
def test_another_encoding_is_called_by_its_name(encoding: str, named: str) -> None:
    data = '{"remarks": "第一段"}'.encode(encoding)
    (found,) = read_answers(data).unread.findings
    assert found.code == "json-encoding" and named in found.message and "UTF-8" in found.remedy


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"{\\rtf1", b"\xd0\xcf\x11\xe0", b"%PDF-1.7"])
def test_a_file_of_another_program_is_no_text(start: bytes) -> None:
    (found,) = read_answers(start + b"\0" * 20).unread.findings
    assert found.code == "json-encoding" and "不是纯文本" in found.message


def test_the_line_in_question_is_shown() -> None:
    found = fault('{\n  "remarks": "一",\n  "opinion" "二"\n}')
    assert '"opinion" "二"' in found.message
    assert "remarks" not in found.message


@pytest.mark.parametrize("separator", ["\u2028", "\u0085"])
def test_the_line_shown_is_the_line_counted_whatever_separators_stand_in_texts(
    separator: str,
) -> None:
    found = fault(f'{{\n "remarks": "一{separator}二",\n "opinion" "三"\n}}')
    assert "第 3 行" in found.message
    assert '"opinion" "三"' in found.message


def test_a_long_line_is_not_shown_whole() -> None:
    found = fault('{"remarks": "' + "字" * 5000 + '" "opinion": 1}')
    assert len(found.message) < 300


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_no_json(constant: str) -> None:
    found = fault(f'{{"platform": {{\n"total_area_sqm": {constant}}}}}')
    assert found.code == "json-syntax"
    assert "第 2 行第 19 列" in found.message


def test_a_number_that_is_none_is_pointed_at_where_it_stands_not_where_its_name_is_quoted() -> None:
    found = fault('{"remarks": "NaN",\n "platform": {"total_area_sqm": NaN}}')
    assert "第 2 行第 33 列" in found.message


@pytest.mark.parametrize("text", ["[]", "[{}]", '"x"', "5", "null", "true"])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    found = fault(text)
    assert found.code == "json-syntax"
    assert "花括号" in found.message


@pytest.mark.parametrize(
    "text",
    ['{"x": ' + "[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 5_000 + "1"],
    ids=["open", "closed", "objects"],
)
def test_deep_nesting_is_a_finding(text: str) -> None:
    assert fault(text).code == "json-syntax"


@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
@pytest.mark.parametrize(
    "place", ['{"signed_on": %s}', '{"platform": {"total_area_sqm": %s}}', '{"x": %s}']
)
def test_nesting_just_shallow_enough_to_be_read_is_a_finding(
    place: str, brackets: tuple[str, str]
) -> None:
    opening, closing = brackets
    inner = "1" if closing == "}" else ""
    for depth in range(850, 1000):
        text = place % (opening * depth + inner + closing * depth)
        assert parse_application(text.encode())[1], depth


def test_a_number_with_more_digits_than_python_reads_is_a_finding() -> None:
    assert fault('{"platform": {"total_area_sqm": ' + "9" * 10_000 + "}}").code == "json-syntax"


@pytest.mark.parametrize("number", ["9" * 400, "1e400", "-1e400"])
def test_a_number_beyond_all_bounds_is_a_finding(number: str) -> None:
    found = fault(f'{{"platform": {{"total_area_sqm": {number}}}}}')
    assert (found.code, found.where) == ("wrong-type", "platform.total_area_sqm")
    assert len(found.message) < 200


# Encoding and size


def test_a_byte_order_mark_is_tolerated() -> None:
    application, findings = parse_application('\ufeff{"remarks": "有"}'.encode())
    assert findings == ()
    assert application == Application(remarks="有")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-be", "big5"])
def test_another_encoding_is_refused_with_the_way_to_mend_it(encoding: str) -> None:
    text = '{\n "applicant": {"name": "北京有限公司"}\n}'
    found = fault(text.encode(encoding))
    assert found.code == "json-encoding"
    assert "不是 UTF-8" in found.message
    assert "UTF-8" in found.remedy


def test_the_line_that_is_not_utf8_is_named() -> None:
    data = '{\n "remarks": "一",\n "opinion": "'.encode() + "中".encode("gbk") + b'"\n}'
    assert "第 3 行" in fault(data).message


def test_a_file_too_large_to_be_typed_by_hand_is_not_read() -> None:
    padding = b" " * 5_000_001
    assert fault(padding).code == "json-too-large"
    assert parse_application(b"{}" + padding[:4_999_998])[0] == Application()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (r'{"remarks": "\ud800"}', "remarks"),
        (r'{"applicant": {"name": "\udfff公司"}}', "applicant.name"),
        (r'{"platform": {"category": {"kind": "\ud800"}}}', "platform.category.kind"),
        (r'{"platform": {"qualifications": ["\ud800"]}}', "platform.qualifications[0]"),
        (r'{"attachments": [{"file": "\ud800", "material": "lease"}]}', "attachments[0].file"),
        (r'{"signed_on": "\ud800-01-01xx"}', "signed_on"),
    ],
)
def test_half_a_character_is_refused_where_it_stands(text: str, where: str) -> None:
    assert fault(text).where == where


def test_half_a_character_in_a_key_is_a_finding() -> None:
    assert fault(r'{"\ud800": 1}').severity == "error"


# Keys


@pytest.mark.parametrize(
    ("answers", "where", "advice"),
    [
        ({"aplicant": {}}, "aplicant", "applicant"),
        ({"founder": []}, "founder", "founders"),
        ({"applicant": {"nmae": "x"}}, "applicant.nmae", "name"),
        ({"platform": {"total_area": 1}}, "platform.total_area", "total_area_sqm"),
        ({"platform": {"category": {"knd": None}}}, "platform.category.knd", "kind"),
        ({"founders": [{}, {"adress": "x"}]}, "founders[1].adress", "address"),
        ({"attachments": [{"page": "1"}]}, "attachments[0].page", "pages"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    answers: Answers, where: str, advice: str
) -> None:
    found = refusal(answers)
    assert (found.code, found.where) == ("unknown-key", where)
    assert found.remedy.startswith(f"是否想写 {advice}？")


def test_a_key_that_is_near_none_is_answered_with_all_that_may_stand_there() -> None:
    found = refusal({"term": {"zzz": 1}})
    assert "这里可以写：start、end。" in found.remedy


def test_keys_are_told_apart_by_case() -> None:
    found = refusal({"Remarks": "x"})
    assert (found.code, found.where) == ("unknown-key", "Remarks")
    assert "remarks" in found.remedy


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"remarks": "a", "remarks": "b"}', "remarks"),
        ('{"applicant": {"name": "a", "name": "a"}}', "applicant.name"),
        ('{"founders": [{}, {"uscc": "a", "uscc": "b"}]}', "founders[1].uscc"),
    ],
)
def test_a_key_written_twice_is_refused_where_it_stands(text: str, where: str) -> None:
    found = fault(text)
    assert found.code == "duplicate-key"
    assert where.rpartition(".")[2] in found.message
    assert found.where == where


def test_every_key_written_twice_is_named_once() -> None:
    found = faults('{"remarks": 1, "remarks": 2, "remarks": 3, "opinion": "", "opinion": ""}')
    assert codes(found) == ["duplicate-key", "duplicate-key", "wrong-type"]


def test_all_faults_of_keys_and_types_come_at_once() -> None:
    found = faults('{"x": 1, "remarks": 5, "founders": [{"y": 1}], "signed_on": "gestern"}')
    assert [(f.code, f.where) for f in sorted(found, key=lambda f: f.where)] == [
        ("unknown-key", "founders[0].y"),
        ("wrong-type", "remarks"),
        ("wrong-type", "signed_on"),
        ("unknown-key", "x"),
    ]


@pytest.mark.parametrize(
    ("word", "found"),
    [("lese", "lease"), ("bank_account", "bank-account"), ("licence", "licence"), ("zzz", None)],
)
def test_the_nearest_word_is_found_or_none(word: str, found: str | None) -> None:
    assert nearest(word, ["lease", "licence", "bank-account"]) == found


# Types

WRONG: dict[str, tuple[str, list[Any]]] = {
    "applicant.name": ("申报单位", [5, 1.5, True, [], {}, ["x"]]),
    "platform.construction": ("平台建设内容", [5, False, [], {}]),
    "signed_on": (
        "签章日期",
        [
            2025,
            True,
            [],
            {},
            "2025-3",
            "25-3-1",
            "2025-02-29",
            "2025-13-01",
            "2025-00-01",
            "2025-W10-6",
            "0000-01-01",
            "明天",
        ],
    ),
    "platform.total_area_sqm": (
        "总面积（平方米）",
        ["约1200", "0.3万", "66%", "一千", True, False, [], {}],
    ),
    "platform.category.kind": ("平台类别", ["relocated", "☑新认定 ☑新迁入", 5, True, [], {}]),
    "platform.other_qualification.level": (
        "平台资质其他类别（国家级/市级）",
        ["省级", 1, [], {}],
    ),
    "platform.qualifications": ("平台资质", [{}, "区级重点实验室", 5, True]),
    "platform.qualifications[0]": ("平台资质1", ["key_laboratory", 5, True, None, [], {}]),
    "applicant": ("申报单位", [5, "北京公司", True, [], [{}]]),
    "platform.category": ("平台类别", [5, "newly_relocated", True, []]),
    "founders": ("设立主体", [5, "北京公司", True, {}, {"name": "x"}]),
    "founders[0]": ("设立主体1", [5, "北京公司", True, [], None]),
    "attachments": ("附件", [5, "x.pdf", True, {}]),
    "attachments[0]": ("附件1", [5, "x.pdf", True, [], None]),
    "attachments[0].file": ("附件1文件", [5, True, [], {}]),
    "attachments[0].pages": ("附件1页码", [1, [1, 2], True, {}]),
    "attachments[0].rotate": (
        "附件1旋转角度",
        [45, -90, 360, 90.5, "90", True, False, [], {}, int("9" * 4200)],
    ),
    "attachments[0].straighten": ("附件1拉平照片", ["true", "是", 0, 1, 90, [], {}]),
    "attachments[0].password": ("附件1密码", [1234, True, [], {}]),
}


@pytest.mark.parametrize(
    ("where", "label", "value"),
    [(where, label, value) for where, (label, values) in WRONG.items() for value in values],
    ids=lambda value: repr(value)[:30],
)
def test_a_value_of_the_wrong_type_is_refused_under_its_label(
    where: str, label: str, value: Any
) -> None:
    found = refusal(put(sample_answers(), where, value))
    assert (found.code, found.where, found.label) == ("wrong-type", where, label)
    assert found.message.startswith(f"“{label}”")
    assert is_chinese_sentence(found.message)
    assert " should " not in found.message
    assert "parse" not in found.message
    assert len(found.message) < 200


@pytest.mark.parametrize(
    ("where", "value", "expectation"),
    [
        ("applicant.name", 5, "应是文字。"),
        (
            "signed_on",
            "2025-02-29",
            "没有这一天：“2025-02-29”。",
        ),
        (
            "platform.total_area_sqm",
            "约1200平方米",
            "不是确定的数：“约1200平方米”。",
        ),
        ("platform.total_area_sqm", 0, "应大于 0。"),
        ("platform.total_area_sqm", -3, "应大于 0。"),
        ("platform.total_area_sqm", 10_000_001, "数值过大，请核对单位是否为平方米。"),
        ("founders", {}, "应是一列内容。"),
        ("contact", "许小满", "应是一组内容。"),
        (
            "platform.category.kind",
            "new",
            "“new”不在可选之列。",
        ),
    ],
)
def test_a_refused_value_is_answered_with_what_it_should_be(
    where: str, value: Any, expectation: str
) -> None:
    assert refusal(put(minimal_answers(), where, value)).message.endswith(expectation)


@pytest.mark.parametrize(
    ("where", "value", "written"),
    [
        ("applicant.name", 5, "写成英文双引号括起的文字。"),
        ("founders", {}, "写成方括号 [ ] 括起的列表。"),
        ("contact", "许小满", "写成花括号 { } 括起的一组内容。"),
    ],
)
def test_a_value_of_a_wrong_type_is_answered_with_how_the_file_writes_it(
    where: str, value: Any, written: str
) -> None:
    remedy = refusal(put(minimal_answers(), where, value)).remedy
    assert f"application.json 中的 {where}" in remedy and remedy.endswith(written)


@pytest.mark.parametrize(
    ("where", "allowed", "refused", "amount"),
    [
        ("applicant.name", "字" * 200, "字" * 201, "200 个字"),
        ("remarks", "字" * 20_000, "字" * 20_001, "20000 个字"),
        ("founders", [{"name": "甲"}] * 3, [{"name": "甲"}] * 4, "最多 3 项，现为 4 项"),
    ],
)
def test_what_is_too_long_is_refused_with_the_bound(
    where: str, allowed: Any, refused: Any, amount: str
) -> None:
    parsed(put(minimal_answers(), where, allowed))
    found = refusal(put(minimal_answers(), where, refused))
    assert (found.code, found.where) == ("too-long", where)
    assert amount in found.message


@pytest.mark.parametrize(
    ("where", "written", "understood"),
    [
        ("signed_on", "2025.3.1", "2025-03-01"),
        ("signed_on", "２０２５年３月１日", "2025-03-01"),
        ("signed_on", "二〇二五年三月一日", "2025-03-01"),
        ("signed_on", 20250301, "2025-03-01"),
        ("platform.total_area_sqm", "3,200平方米", 3200),
        ("platform.total_area_sqm", "３２００㎡", 3200),
        ("contact.phone", 13800138000, "13800138000"),
        ("platform.category.kind", "新迁入", "newly_relocated"),
        ("platform.other_qualification.level", "国家级", "national"),
        ("platform.qualifications", ["北京市重点实验室"], ["beijing_key_laboratory"]),
        ("platform.qualifications", "北京市重点实验室", ["beijing_key_laboratory"]),
    ],
)
def test_what_people_write_is_understood_as_in_a_roster(
    where: str, written: Any, understood: Any
) -> None:
    answers = sample_answers()
    assert parsed(put(answers, where, written)) == parsed(put(answers, where, understood))


@pytest.mark.parametrize(
    "written", ["91110107mayyyyy12m", "9111 0107 MAYYYYY12M", "９１110107MAYYYYY12M"]
)
def test_a_code_is_corrected_where_its_check_character_holds_and_that_is_said(written: str) -> None:
    answers = put(sample_answers(), "applicant.uscc", written)
    application, findings = parse_application(json.dumps(answers).encode())
    assert application is not None and application.applicant.uscc == "91110107MAYYYYY12M"
    (found,) = findings
    assert (found.code, found.severity) == ("code-corrected", "warning")
    assert (found.where, found.label) == ("applicant.uscc", "申报单位统一社会信用代码")
    assert is_chinese_sentence(found.message)


def test_answers_are_read_as_they_are_written() -> None:
    application = parsed(
        put(sample_answers(), "remarks", "<b>&amp;{{ 7*7 }}</b>\n第二段 \\ \" ' 喆堃玥㛃䶮𬭩镕")
    )
    assert application.remarks == "<b>&amp;{{ 7*7 }}</b>\n第二段 \\ \" ' 喆堃玥㛃䶮𬭩镕"
    assert application.term.start == date(2025, 1, 1)
    assert application.platform.rd_office_area_sqm == 2460.5
    assert application.platform.total_area_sqm == 3200
    assert [founder.name for founder in application.founders][1] == "样例大学人工智能研究院"


@pytest.mark.parametrize("blank", ["  ", "\n", "\u3000", "\t \r\n", "\ufeff"])
def test_white_space_is_a_blank(blank: str) -> None:
    assert parsed({"remarks": blank, "applicant": {"name": blank}}) == Application()


def test_white_space_round_an_answer_is_dropped() -> None:
    assert parsed({"applicant": {"name": "\u3000甲 公司 \n"}}).applicant.name == "甲 公司"


# Blanks

FULL = put(sample_answers(), "signed_on", "2025-03-01")
FULL["attachments"] = [
    {
        "material": "lease",
        "file": "a.pdf",
        "title": "甲",
        "pages": "1",
        "rotate": 90,
        "straighten": True,
        "password": "x",
    }
]
KEYS = [
    "programme",
    "applicant",
    "applicant.name",
    "applicant.uscc",
    "term",
    "term.start",
    "term.end",
    "contact",
    "contact.name",
    "contact.phone",
    "contact.email",
    "platform",
    "platform.name",
    "platform.address",
    "platform.accredited_on",
    "platform.accredited_by",
    "platform.construction",
    "platform.category",
    "platform.category.kind",
    "platform.category.date",
    "platform.total_area_sqm",
    "platform.rd_office_area_sqm",
    "platform.qualifications",
    "platform.other_qualification",
    "platform.other_qualification.name",
    "platform.other_qualification.level",
    "platform.other_qualification.authority",
    "founders",
    "founders[0].name",
    "founders[0].uscc",
    "founders[0].address",
    "legal_representative",
    "legal_representative.name",
    "legal_representative.mobile",
    "legal_representative.landline",
    "liaison",
    "liaison.name",
    "liaison.mobile",
    "liaison.landline",
    "remarks",
    "opinion",
    "signed_on",
    "attachments",
    "attachments[0].material",
    "attachments[0].file",
    "attachments[0].title",
    "attachments[0].pages",
    "attachments[0].rotate",
    "attachments[0].straighten",
    "attachments[0].password",
]


@pytest.mark.parametrize("blank", [None, ""], ids=["null", "empty text"])
@pytest.mark.parametrize("key", KEYS)
def test_null_and_an_empty_text_mean_the_same_as_a_missing_key(key: str, blank: str | None) -> None:
    assert parsed(put(FULL, key, blank)) == parsed(without(FULL, key)) != parsed(FULL)


def test_every_key_of_the_contract_is_understood() -> None:
    def paths(value: Any, here: str) -> set[str]:
        if isinstance(value, dict):
            return {here} | {
                path
                for key, item in value.items()
                for path in paths(item, f"{here}.{key}" if here else key)
            }
        return paths(value[0], f"{here}[0]") if isinstance(value, list) else {here}

    written = paths(FULL, "") - {"", "founders[0]", "attachments[0]", "platform.qualifications[0]"}
    assert written | {"founders", "attachments", "platform.qualifications"} == set(KEYS)
    parsed(FULL)


# Anything at all

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["2025-01-01", "lease", "\ud800", "\x00", "newly_accredited"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


def understood_or_explained(data: bytes) -> None:
    application, findings = parse_application(data)
    assert (application is None) == bool(findings)
    for found in findings:
        assert found.severity == "error"
        assert found.code
        assert found.message
        assert found.remedy


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_random_bytes_are_explained(data: bytes) -> None:
    understood_or_explained(data)


@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_a_mutilated_file_is_understood_or_explained(chance: random.Random, cuts: int) -> None:
    data = bytearray(json.dumps(sample_answers(), ensure_ascii=False).encode())
    for _ in range(cuts):
        start = chance.randrange(len(data))
        data[start : start + chance.randrange(4)] = chance.choice(
            [b"", b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b"\x00", b"\xff", b"1e9"]
        )
    understood_or_explained(bytes(data))


@given(st.sampled_from([*KEYS, "founders[0]", "attachments[0]", "x", "term.x"]), json_values)
def test_any_value_in_any_place_is_understood_or_explained_there(key: str, value: Any) -> None:
    answers = put(FULL, key, value)
    data = json.dumps(answers).encode()
    understood_or_explained(data)
    for found in parse_application(data)[1]:
        assert found.code == "json-syntax" or found.where.startswith(key) or found.where == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"remarks" "x"}',
        '{"remarks": NaN}',
        "[]",
        "[" * 100_000,
        '{"applicant": {"name": "a", "name": "b"}}',
        '{"applicant": {"x": 1}}',
        '{"founders": [{}, {}, {}, {}]}',
        '{"founders": [{"uscc": []}]}',
        '{"remarks": "' + "字" * 20_001 + '"}',
        " " * 5_000_001,
    ],
    ids=lambda text: text[:30],
)
def test_every_refusal_is_two_chinese_sentences_and_leads_to_its_place(text: str) -> None:
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError):
        answers = None
    for found in faults(text):
        assert is_chinese_sentence(found.message)
        assert is_chinese_sentence(found.remedy)
        assert found.label
        assert resolves(found.where, answers)


def test_a_file_of_another_encoding_is_refused_in_two_chinese_sentences() -> None:
    found = fault("北京".encode("gbk"))
    assert is_chinese_sentence(found.message)
    assert is_chinese_sentence(found.remedy)
