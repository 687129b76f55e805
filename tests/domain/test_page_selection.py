"""`pages` like "1-3,7": which pages of a source are wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.page_selection import BadSelection, select_pages


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("1", (0,)),
        ("1-3,7", (0, 1, 2, 6)),
        ("7,1-3", (6, 0, 1, 2)),
        ("10", (9,)),
        ("4-4", (3,)),
        ("01-02", (0, 1)),
        (" 1 - 3 , 7 ", (0, 1, 2, 6)),
        ("１－３，７", (0, 1, 2, 6)),
        ("1–3、7", (0, 1, 2, 6)),
        ("1—3；7", (0, 1, 2, 6)),
        ("1~3;7", (0, 1, 2, 6)),
        ("1～3", (0, 1, 2)),
    ],
)
def test_pages_come_in_the_order_written_however_they_are_punctuated(
    written: str, pages: tuple[int, ...]
) -> None:
    assert select_pages(written, 10) == pages


@pytest.mark.parametrize("written", ["1 3", "1\u30003", "1\t3", "2-1 3"])
def test_a_blank_between_two_numbers_never_makes_one_number_of_them(written: str) -> None:
    with pytest.raises(BadSelection):
        select_pages(written, 100)


def test_all_pages_are_taken_where_none_are_written() -> None:
    assert select_pages(None, 3) == (0, 1, 2)
    assert select_pages(None, 0) == ()


@pytest.mark.parametrize("written", ["", ",", "1,", ",1", "1,,2", "a", "1-", "-3", "1-2-3", "一"])
def test_what_is_no_selection_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(BadSelection, match=r"看不懂.*应写成 1-3,7 的样子"):
        select_pages(written, 10)


@pytest.mark.parametrize("written", ["1.5", "+1", "1_0", "0x1", "1e1", "²", "①", "Ⅷ", "1234567"])
def test_no_other_way_to_write_a_number_is_understood(written: str) -> None:
    with pytest.raises(BadSelection):
        select_pages(written, 10)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("0", "0"), ("11", "11"), ("9-12", "9-12"), ("3-2", "3-2"), ("0-3", "0-3"), ("1, 99", "99")],
)
def test_a_page_that_is_not_there_is_named_with_the_count(written: str, shown: str) -> None:
    with pytest.raises(BadSelection) as refused:
        select_pages(written, 10)
    assert str(refused.value) == f"文件共 10 页，没有“{shown}”"


@pytest.mark.parametrize("written", ["1,1", "1-3,2", "2,1-3", "5,1-10"])
def test_a_page_named_twice_is_refused(written: str) -> None:
    with pytest.raises(BadSelection, match="不止一次"):
        select_pages(written, 10)


def test_a_document_without_pages_has_no_page_one() -> None:
    with pytest.raises(BadSelection, match="共 0 页"):
        select_pages("1", 0)


@given(st.permutations(range(1, 13)), st.integers(1, 12))
def test_single_pages_come_back_one_below_what_was_written(pages: list[int], length: int) -> None:
    wanted = pages[:length]
    chosen = select_pages(",".join(map(str, wanted)), 12)
    assert [index + 1 for index in chosen] == wanted


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 100))
def test_a_span_has_both_its_ends_and_all_between(first: int, more: int, spare: int) -> None:
    last = first + more
    chosen = select_pages(f"{first}-{last}", last + spare)
    assert (chosen[0] + 1, chosen[-1] + 1, len(chosen)) == (first, last, more + 1)


@given(
    st.text() | st.text("0123456789-,，、；～—－ \u3000０１９"),
    st.integers(0, 1000),
)
def test_whatever_is_written_pages_are_there_once_or_refused(written: str, count: int) -> None:
    try:
        pages = select_pages(written, count)
    except BadSelection as refused:
        assert str(refused)
    else:
        assert pages
        assert len(set(pages)) == len(pages)
        assert all(0 <= page < count for page in pages)
