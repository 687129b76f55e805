"""An audit report: whom it is about, and of which year."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sjs_forms.reading.facts import Fact
from sjs_forms.reading.organisations import NAME, completed
from sjs_forms.reading.page_text import PageText

HEAD = 6
"""Pages at the head of a report that say so; its notes speak of other companies and years."""
_LABEL = re.compile(r"(?:被审计单位(?:名称)?|编制单位)(?=:|$|[\u4e00-\u9fffA-Z])")
_SENTENCE = re.compile(rf"我们审计了(?:后附的)?({NAME})(?=\(以下|的|\d{{4}}年|[,，])")
_ADDRESSEE = re.compile(rf"^({NAME})(?=(?:全体股东|董事会|股东会|理事会|全体合伙人)[:,])")
_YEARS = (
    re.compile(r"(20\d\d)年度"),
    re.compile(r"(20\d\d)年12月31日"),
)


def audit_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield `company` and `year`."""
    for page in pages[:HEAD]:
        for found in filter(None, map(completed, page.labelled(_LABEL))):
            yield page.fact("company", found)
        for found in (*page.within_words(_ADDRESSEE), *page.matches(_SENTENCE)):
            yield page.fact("company", found)
    yield from _year(pages[:HEAD])


def _year(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield the year that is named most often: comparisons with the year before are fewer."""
    found = [
        page.fact("year", each)
        for page in pages
        for pattern in _YEARS
        for each in page.matches(pattern)
    ]
    counted = Counter(fact.value for fact in found).most_common(2)
    if counted and (len(counted) == 1 or counted[0][1] > counted[1][1]):
        yield next(fact for fact in found if fact.value == counted[0][0])
