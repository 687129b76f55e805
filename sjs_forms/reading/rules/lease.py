"""A lease of premises: who rents, how large, from when to when, and at which price."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from sjs_forms.reading.facts import Fact
from sjs_forms.reading.organisations import completed, has_ending
from sjs_forms.reading.page_text import Found, PageText

_PARTY = r"(?:承租方|承租人|乙方|租赁方)"
_ROLE = rf"{_PARTY}(?:\((?:以下)?(?:简称|称)?[\"“]?(?:{_PARTY}|盖章|公章|签章)[\"”]?\))?"
_LESSEE = re.compile(rf"{_ROLE}(?:名称)?(?=:|$)")
_LESSEE_IN_TEXT = re.compile(rf"(?:{_ROLE}|[甲乙丙]方\(承租[方人]\))(?:名称)?:(.{{2,60}})")
_LETS = re.compile(r"甲方承租|承租[方人]\(甲方|甲方\(承租|出租[方人]\(乙方|乙方\(出租")
"""What says that 乙方 is the one who lets, or that 甲方 rents."""

_AREA = re.compile(
    r"(?:租赁|承租|租用|计租|建筑|出租|总|使用|套内)?面积[^\d。;,]{0,10}"
    r"(\d[\d,]{0,12}(?:\.\d{1,4})?)(?:平方米|平米|㎡|m2|m²)",
    re.IGNORECASE,
)
_AREA_LABEL = re.compile(r"(?:租赁|承租|租用|计租|建筑|出租|总)面积(?:\([^)]{1,8}\))?(?=:|$)")
_SQUARE_METRES = re.compile(r"(\d[\d,]{0,12}(?:\.\d{1,4})?)(?:平方米|平米|㎡|m2|m²)", re.IGNORECASE)
_PART = re.compile(
    r"(?:研发|办公|其中|公摊|分摊|公用|共用|套内|产权证[^,。;]{0,20}|整幢|该楼|车位|仓库|附属)"
    r"[^,。;]{0,6}$"
)
"""What stands before an area that is only a part of the whole."""

_DAY = r"(20\d\d)[年\-./](\d{1,2})[月\-./](\d{1,2})日?"
_TERM = re.compile(rf"{_DAY}(?:\(含(?:当日)?\))?(?:起)?(?:至|到|—+|-+|–|~)(?:于)?{_DAY}")
_ABOUT_TERM = re.compile(r"租期|期限|租赁期|起租")
_OTHER_TERM = re.compile(r"免租|装修|届满|搬离|递增|支付|缴纳|签署|签订|交付")
"""What stands shortly before the dates of something else than the term."""
_SHORTLY = 16
_BEFORE = 40
"""Characters before a term within which it says what it is the term of."""

_METRE = r"(?:建筑)?(?:平方米|平米|㎡|m2|m²)"
_UNIT_PRICE = re.compile(
    r"(?:单价|租金标准|日租金|租金)[^。;]{0,24}?\d{1,9}(?:\.\d{1,4})?元"
    rf"|元/\(?{_METRE}|/\(?{_METRE}|元/天|每{_METRE}[^。;]{{0,16}}?[\d壹贰叁肆伍陆柒捌玖拾一二三四五六七八九十]"
    rf"|元[^。;]{{0,8}}每{_METRE}|角[^。;]{{0,8}}每{_METRE}",
    re.IGNORECASE,
)


def lease_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield `lessee`, `area`, `start`, `end` and `unit_price`."""
    for page in pages:
        yield from (page.fact("lessee", found) for found in _lessees(page))
        for found in _areas(page):
            yield page.fact("area", Found(found.text.replace(",", ""), found.box))
        yield from _terms(page)
        for found in page.matches(_UNIT_PRICE, 0):
            yield page.fact("unit_price", found)


def _lessees(page: PageText) -> Iterator[Found]:
    if _LETS.search(page.text):
        return
    found = (*page.labelled(_LESSEE), *page.below(_LESSEE), *page.within_words(_LESSEE_IN_TEXT))
    for name in filter(None, map(completed, found)):
        if has_ending(name.text):
            yield name


def _areas(page: PageText) -> Iterator[Found]:
    """Yield the areas of the whole.

    Of a scan, only those on one line with their label: its lines may be read in another order.
    """
    if page.source == "text":
        for match in _AREA.finditer(page.text):
            if not _PART.search(page.text[: match.start()]):
                yield page.part(*match.span(1))
        return
    for match, found in page.word_matches(_AREA):
        if not _PART.search(match.string[: match.start()]):
            yield found
    for found in page.labelled(_AREA_LABEL):
        if area := _SQUARE_METRES.match(found.text):
            yield Found(area[1], found.box)


def _terms(page: PageText) -> Iterator[Fact]:
    for match in _TERM.finditer(page.text):
        before = page.text[max(0, match.start() - _BEFORE) : match.start()]
        if not _ABOUT_TERM.search(before) or _OTHER_TERM.search(before[-_SHORTLY:]):
            continue
        days = [_day(match.groups()[at : at + 3]) for at in (0, 3)]
        if None not in days and days[0] < days[1]:  # type: ignore[operator]
            box = page.part(*match.span()).box
            yield page.fact("start", Found(str(days[0]), box))
            yield page.fact("end", Found(str(days[1]), box))


def _day(parts: Sequence[str | None]) -> date | None:
    try:
        return date(*(int(part or 0) for part in parts))
    except ValueError:
        return None
