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
_CALLED = r"\((?:以下)?(?:简称|称)?(?:为)?[\"“]?"
_LETS = re.compile(
    r"甲方承租|承租[方人]\(甲方|甲方\(承租|出租[方人]\(乙方|乙方\(出租"
    rf"|甲方:[^。;:]{{2,40}}{_CALLED}承租|乙方:[^。;:]{{2,40}}{_CALLED}出租"
    rf"|承租[方人]:[^。;:]{{2,40}}{_CALLED}甲方|出租[方人]:[^。;:]{{2,40}}{_CALLED}乙方"
    r"|乙方[^。;:]{0,40}(?:出租|租赁)给甲方|甲方[^。;:]{0,6}向乙方(?:承租|租)|甲方(?:承租|租用)乙方"
)
"""What says that 乙方 is the one who lets, or that 甲方 rents."""

_UNIT = r"(?:平方米|平米|㎡|m2|m²)"
_NUMBER = r"(\d[\d,]{0,12}(?:\.\d{1,4})?)"
_AREA = re.compile(
    rf"(?:租赁|承租|租用|计租|建筑|出租|总|使用|套内)?面积[^\d。;,]{{0,14}}{_NUMBER}{_UNIT}",
    re.IGNORECASE,
)
_AREA_LABEL = re.compile(
    r"(?:租赁|承租|租用|计租|建筑|出租|总)面积(?P<unit>\([^)]{1,8}\))?(?=:|$)", re.IGNORECASE
)
_AREA_IN_UNIT = re.compile(
    rf"(?:租赁|承租|租用|计租|建筑|出租|总)面积\({_UNIT}\)(?=:|$)", re.IGNORECASE
)
_SQUARE_METRES = re.compile(_NUMBER + _UNIT, re.IGNORECASE)
_ONLY_NUMBER = re.compile(_NUMBER)
_BETWEEN = re.compile(
    r"(?:\([^)]{0,10}\)|[为是共计约合总大:由从原按算建筑使用面积核定实际测调整变更增加减少扩大至到])*"
)
"""What may stand between the word 面积 and its number; after anything else it is another number."""
_BY = re.compile(r"[增减扩]")
_TO = re.compile(r"[为至到]")
_CHANGED = re.compile(
    rf"(?:调整|变更|变化|增加|扩大|减少|缩减|变)?(?:为|至|到){_NUMBER}{_UNIT}", re.IGNORECASE
)
"""What an agreement says an area is changed to."""
_PART = re.compile(
    r"(?:(?:研发|办公|其中|公摊|分摊|公用|共用|产权|权属|证载|土地|占地|用地|整幢|整栋|该楼|车位|仓库|附属"
    r"|地下|新增|扩租|增租|退租|减租|产权证[^,。;]{0,20})[^,。;]{0,6}|(?:园区|大厦|楼宇|厂区|小区|项目|建筑物)的?总)$"
)
"""What stands before an area that is only a part of the whole, or more than it."""
_SUM = re.compile(r"(?:合计|共计|总计|累计)的?$")
_SUM_AFTER = re.compile(r"[合总]计|共")
_INNER = re.compile(r"(?:套内|使用)(?:建筑)?$")
_WHOLE, _INSIDE, _TOTAL = range(3)
"""Which area: one of rooms; that within the walls; the sum of all."""

_DAY = r"(20\d\d)[年\-./](\d{1,2})[月\-./](\d{1,2})日?"
_TERM = re.compile(rf"{_DAY}(?:\(含(?:当日)?\))?(?:起)?(?:至|到|—+|-+|–|~)(?:于)?{_DAY}")
_ABOUT_TERM = re.compile(r"租期|期限|租赁期|起租")
_OTHER_TERM = re.compile(
    r"免租|装修|届满|搬离|递增|支付|缴纳|缴费|付款|签署|签订|交付|续租|续签|续约|优先|营业期限|经营期限|土地|使用权"
    r"|抵押|保险|保函|产权人|业主"
)
"""What stands shortly before the dates of something else than the term."""
_OF_A_YEAR = re.compile(r"年度|首年|第[一二三四五六七八九十\d]{1,2}(?:个?租?年|期)|单价|租金|物业")
"""What says, after the word for the term, that only a part of it follows."""
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
    if not any(_LETS.search(page.text) for page in pages):
        for page in pages:
            yield from (page.fact("lessee", found) for found in _lessees(page))
    for page in pages:
        yield from _terms(page)
        for found in page.matches(_UNIT_PRICE, 0):
            yield page.fact("unit_price", found)
    yield from _area_facts(pages)


def _lessees(page: PageText) -> Iterator[Found]:
    found = (*page.labelled(_LESSEE), *page.below(_LESSEE), *page.within_words(_LESSEE_IN_TEXT))
    for name in filter(None, map(completed, found)):
        if has_ending(name.text):
            yield name


def _area_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield the sums that a lease names; else the areas of its rooms; else those within walls."""
    told = [(which, page, found) for page in pages for which, found in _areas(page)]
    for wanted in (_TOTAL, _WHOLE, _INSIDE):
        if any(which == wanted for which, _, _ in told):
            for which, page, found in told:
                if which == wanted:
                    yield page.fact("area", Found(found.text.replace(",", ""), found.box))
            return


def _areas(page: PageText) -> Iterator[tuple[int, Found]]:
    """Yield the areas of the whole, each with which it is.

    Of a scan, only those on one line with their label: its lines may be read in another order.
    """
    if page.source == "text":
        for match in _AREA.finditer(page.text):
            for which, (start, end) in _area(match):
                yield which, page.part(start, end)
    else:
        for match, found in page.word_matches(_AREA):
            for which, (start, end) in _area(match):
                yield which, Found(match.string[start:end], found.box)
        for found in page.labelled(_AREA_LABEL):
            if area := _SQUARE_METRES.match(found.text):
                yield _WHOLE, Found(area[1], found.box)
    for found in page.labelled(_AREA_IN_UNIT):
        if _ONLY_NUMBER.fullmatch(found.text):
            yield _WHOLE, found


def _area(match: re.Match[str]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield which area was matched, and where its number stands; nothing if it is another one."""
    before, label = match.string[: match.start()], match.string[match.start() : match.start(1)]
    between = label[label.index("面积") + len("面积") :]
    if _PART.search(before) or not _BETWEEN.fullmatch(between):
        return
    changed = _CHANGED.match(match.string, match.end())
    if changed is None and (re.search(r"[由从原]", between) or _is_by(between)):
        return
    is_inside = _INNER.search(before[-4:] + label[: label.index("面积")])
    is_sum = _SUM.search(before) or _SUM_AFTER.search(between)
    which = _INSIDE if is_inside else _TOTAL if is_sum else _WHOLE
    yield which, (changed or match).span(1)


def _is_by(between: str) -> bool:
    """Return whether a number is by how much an area was changed."""
    return _BY.search(between) is not None and _TO.search(between) is None


def _terms(page: PageText) -> Iterator[Fact]:
    for match in _TERM.finditer(page.text):
        before = page.text[max(0, match.start() - _BEFORE) : match.start()]
        about = _last(_ABOUT_TERM, before)
        if about < 0 or _OTHER_TERM.search(before[-_SHORTLY:]) or _last(_OF_A_YEAR, before) > about:
            continue
        days = [_day(match.groups()[at : at + 3]) for at in (0, 3)]
        if None not in days and days[0] < days[1]:  # type: ignore[operator]
            box = page.part(*match.span()).box
            yield page.fact("start", Found(str(days[0]), box))
            yield page.fact("end", Found(str(days[1]), box))


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match ends, -1 if there is none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _day(parts: Sequence[str | None]) -> date | None:
    try:
        return date(*(int(part or 0) for part in parts))
    except ValueError:
        return None
