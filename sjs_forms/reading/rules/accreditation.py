"""A paper by which an authority recognises a platform: when, and which authority."""

import re
from collections.abc import Iterator, Sequence

from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.entries import Entry
from sjs_forms.reading.facts import Fact
from sjs_forms.reading.page_text import Found, PageText, PlainWord

_DIGIT = "〇○零一二三四五六七八九"
_DAY = (
    rf"(?:20\d\d年\d{{1,2}}月\d{{1,2}}日|20\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}(?!\d)"
    rf"|[二][{_DIGIT}]{{3}}年[十{_DIGIT}]{{1,2}}月[十{_DIGIT}]{{1,3}}日)"
)
_SIGNED_DAY = re.compile(rf"({_DAY})(?:印发)?")
_RECOGNISED = r"(?:资质)?认定(?:时间|日期)|批准(?:认定)?(?:时间|日期)"
_DAY_LABEL = re.compile(rf"(?:{_RECOGNISED})(?=:|$|[二\d])")
_DAY_IN_TEXT = re.compile(rf"(?:{_RECOGNISED})(?:为|是|:)({_DAY})")
_OFFICE = r"(?:委员会|管委会|[局厅部]|政府|办公室)"
_AUTHORITY = re.compile(rf"[\u4e00-\u9fff()、]{{2,40}}{_OFFICE}(?:\((?:盖章|公章|印章)\))?")
_AUTHORITY_LABEL = re.compile(
    r"(?:资质)?(?:认定|批准|发证|颁发)(?:部门|机构|单位|机关)(?=:|$|[\u4e00-\u9fff])"
)
_STAMPED = re.compile(r"\((?:盖章|公章|印章)\)$")
_LATER = re.compile(r"评估|复核|复审|考核|更名|变更|撤销|调整|补贴|奖励|资助|验收|申报")
_TITLE = re.compile(r"关于(.{2,60}?)的?(?:通知|公告|公示|决定|复函|批复|通报|函)")
_COLUMN = 300.0
"""Points by which the middle of a signature may lie beside that of the day below it."""
_RIGHT = 0.45
"""Share of the page's width from which a day may be that under a signature."""
_SIGNERS = 4
"""Authorities that sign one paper at most."""


def accreditation_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield `recognised_on` and `recognised_by`.

    A day that is called that of the recognition goes before that under the signature, which is the
    paper's own. A paper with signatures of several days has none for certain.
    """
    if _is_about_later(pages):
        return
    days = [fact for page in pages for fact in _labelled_days(page)]
    offices = [fact for page in pages for fact in _labelled_offices(page)]
    signed = [each for page in pages for each in _signatures(page)]
    if len({day.value for day, _ in signed}) == 1:
        days = days or [signed[0][0]]
        offices = offices or list(signed[0][1])
    days = days or ([] if signed else [fact for page in pages for fact in _lone_days(page)])
    if len({day.value for day in days}) == 1:
        yield days[0]
    yield from offices


def _is_about_later(pages: Sequence[PageText]) -> bool:
    """Return whether a paper's title says that it is about what came after a recognition."""
    title = next((found for page in pages[:1] for found in page.matches(_TITLE)), None)
    return title is not None and _LATER.search(title.text) is not None


def _labelled_days(page: PageText) -> Iterator[Fact]:
    for found in (*page.labelled(_DAY_LABEL), *page.within_words(_DAY_IN_TEXT)):
        if match := re.match(_DAY, found.text):
            yield from _of_day(page, Found(match[0], found.box))


def _labelled_offices(page: PageText) -> Iterator[Fact]:
    for found in page.labelled(_AUTHORITY_LABEL):
        if _AUTHORITY.fullmatch(found.text):
            yield page.fact("recognised_by", Found(_STAMPED.sub("", found.text), found.box))


def _signatures(page: PageText) -> Iterator[tuple[Fact, tuple[Fact, ...]]]:
    """Yield each day that stands alone under the names of authorities, with these."""
    words = page.words
    for at, word in enumerate(words):
        day = _SIGNED_DAY.fullmatch(word.text)
        if day is None:
            continue
        signers: list[PlainWord] = []
        for above in reversed(words[max(0, at - _SIGNERS) : at]):
            if not _AUTHORITY.fullmatch(above.text) or not _is_under(signers or [word], above):
                break
            signers.append(above)
        for fact in _of_day(page, Found(day[1], word.word.box)):
            if signers:
                names = (Found(_STAMPED.sub("", one.text), one.word.box) for one in signers[::-1])
                yield fact, tuple(page.fact("recognised_by", name) for name in names)


def _lone_days(page: PageText) -> Iterator[Fact]:
    """Yield the days that stand alone where one signs, on a scan: a seal may hide the signature."""
    if page.source == "text":
        return
    for word in page.words:
        day = _SIGNED_DAY.fullmatch(word.text)
        if day and word.level.left > _RIGHT * page.reading.width:
            yield from _of_day(page, Found(day[1], word.word.box))


def _is_under(below: Sequence[PlainWord], above: PlainWord) -> bool:
    """Return whether a name stands close above what is signed, or beside the last name."""
    last, first = below[-1].level, above.level
    middles = (last.left + last.right) / 2, (first.left + first.right) / 2
    is_near = last.middle - first.middle < 4 * max(first.height, last.height)
    return is_near and (abs(middles[0] - middles[1]) < _COLUMN or last.middle - first.middle < 5)


def _of_day(page: PageText, found: Found) -> Iterator[Fact]:
    read = DayKind().read(Entry(found.text))
    if isinstance(read.value, str):
        yield page.fact("recognised_on", Found(read.value, found.box))
