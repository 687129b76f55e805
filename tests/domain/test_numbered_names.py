"""Numbers before names: read as people write them, left alone where they belong to the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.folder.numbered_names import Numbered, leading_number, natural_key

HAN = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("name", "number", "rest"),
    [
        ("4-营业执照", 4, "营业执照"),
        ("04-营业执照", 4, "营业执照"),
        ("004-营业执照", 4, "营业执照"),
        ("4 营业执照", 4, "营业执照"),
        ("4 - 营业执照", 4, "营业执照"),
        ("4、营业执照", 4, "营业执照"),
        ("4.营业执照", 4, "营业执照"),
        ("4．营业执照", 4, "营业执照"),
        ("4：营业执照", 4, "营业执照"),
        ("4_营业执照", 4, "营业执照"),
        ("4—营业执照", 4, "营业执照"),
        ("４－营业执照", 4, "营业执照"),
        ("４　营业执照", 4, "营业执照"),
        ("4)营业执照", 4, "营业执照"),
        ("4）营业执照", 4, "营业执照"),
        ("(4)营业执照", 4, "营业执照"),
        ("（4）营业执照", 4, "营业执照"),
        ("（ ４ ） 营业执照", 4, "营业执照"),
        ("【4】营业执照", 4, "营业执照"),
        ("[4] 营业执照", 4, "营业执照"),
        ("（四）营业执照", 4, "营业执照"),
        ("四、营业执照", 4, "营业执照"),
        ("四 营业执照", 4, "营业执照"),
        ("肆、营业执照", 4, "营业执照"),
        ("十二、其他材料", 12, "其他材料"),
        ("二十一、其他材料", 21, "其他材料"),
        ("材料4", 4, ""),
        ("材料四", 4, ""),
        ("材料（四）", 4, ""),
        ("材料4：营业执照", 4, "营业执照"),
        ("材料4营业执照", 4, "营业执照"),
        ("申报材料 4-营业执照", 4, "营业执照"),
        ("第4项", 4, ""),
        ("第四项 营业执照", 4, "营业执照"),
        ("第（4）项材料：营业执照", 4, "营业执照"),
        ("①营业执照", 1, "营业执照"),
        ("❹ 营业执照", 4, "营业执照"),
        ("⑷营业执照", 4, "营业执照"),
        ("⒋营业执照", 4, "营业执照"),
        ("㈣营业执照", 4, "营业执照"),
        ("Ⅳ、营业执照", 4, "营业执照"),
        ("4", 4, ""),
        ("四", 4, ""),
        ("04营业执照", 4, "营业执照"),
        ("5-2024年度审计报告", 5, "2024年度审计报告"),
        ("3-三方协议", 3, "三方协议"),
        ("三、三方协议", 3, "三方协议"),
        ("五、一般纳税人证明", 5, "一般纳税人证明"),
    ],
)
def test_a_number_is_read_however_it_is_written(name: str, number: int, rest: str) -> None:
    assert leading_number(name) == Numbered(number, rest)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "3号楼租赁合同",
            "2024年审计报告",
            "2024-审计报告",
            "10张照片",
            "3D图纸",
            "5G协议",
            "4S店发票",
        ),
        *(
            "1-5月流水",
            "1~5月流水",
            "1—9月报表",
            "1至5月流水",
            "2-3号楼合同",
            "3、4号楼合同",
            "2.5亿授信",
        ),
        *(
            "3#楼合同",
            "5%股权",
            "7天酒店发票",
            "360公司合同",
            "1688订单",
            "20250301",
            "100-合同",
            "3月流水",
        ),
        *(
            "三方协议",
            "一般纳税人",
            "二〇二四年",
            "十一月流水",
            "第三季度报表",
            "第3期发票",
            "一二、x",
        ),
        *(
            "第三项目部合同",
            "2、3-材料",
            "二、三、材料",
            "材料2、3",
            "材料3份",
            "材料2024",
            "材料",
            "²平方米",
            "½页",
            "Ⅲ级医院",
            "-3",
            "合同3",
            "",
        ),
    ],
)
def test_a_number_that_is_part_of_the_name_is_none_of_its_own(name: str) -> None:
    assert leading_number(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "3 号楼租赁合同",
            "2 年期合同",
            "3.15合同",
            "2-1合同",
            "2.1 合同",
            "3证明材料",
            "3-D图纸",
        ),
        *(
            "附件3",
            "附件3-证明材料",
            "附4-1_申报书",
            "No.3 证明",
            "材料1-7",
            "第3类许可证",
        ),
        *("三、四号楼合同", "(1)期合同", "58同城"),
    ],
)
def test_a_number_that_may_be_either_is_not_sure(name: str) -> None:
    found = leading_number(name)
    assert found is not None
    assert not found.sure


marks = st.sampled_from(["-", "、", "．", " ", "_", "）", "：", " - "])
words = st.sampled_from(["营业执照", "财务材料", "合作协议", "发票"])


@given(st.integers(1, 99), marks, words)
def test_every_number_to_99_reads_the_same_in_digits_and_in_chinese(
    number: int, mark: str, word: str
) -> None:
    tens, ones = divmod(number, 10)
    han = (HAN[tens - 1] if tens > 1 else "") + ("十" if tens else "")
    han += HAN[ones - 1] if ones else ""
    wide = "".join(chr(ord("０") + int(digit)) for digit in str(number))
    for written in (str(number), wide, han):
        assert leading_number(f"{written}{mark}{word}") == Numbered(number, word)
        assert leading_number(f"（{written}）{word}") == Numbered(number, word)


@given(st.text(max_size=20))
def test_any_name_can_be_read_and_the_rest_is_its_end(name: str) -> None:
    found = leading_number(name)
    if found is not None:
        assert 0 < found.number < 1000
        assert name.rstrip().endswith(found.rest)


@given(st.text(alphabet=HAN + "0123456789-、（）号年项第材料 合同", max_size=12))
def test_names_made_of_numbers_and_marks_can_be_read_too(name: str) -> None:
    found = leading_number(name)
    assert found is None or name.rstrip().endswith(found.rest)


@pytest.mark.parametrize(
    "names",
    [
        ["发票一", "发票二", "发票三", "发票十", "发票十一", "发票二十"],
        ["一、合同", "二、发票", "三、凭证"],
        ["第一季度", "第二季度", "第三季度", "第四季度"],
        ["１．合同", "２．发票", "１０．凭证"],
        ["（一）合同", "（二）发票", "（十）凭证"],
    ],
)
def test_numbers_in_chinese_and_full_width_are_put_in_order(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == names
