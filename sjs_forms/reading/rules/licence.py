"""A business licence (营业执照), or the certificate of a society or institution."""

import re
from collections.abc import Iterator, Sequence

from sjs_forms.reading.facts import Fact
from sjs_forms.reading.organisations import completed, has_ending
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.rules.credit_codes import codes_on

_NAME = re.compile(r"(?:企业|单位|机构)?名称(?=:|$|[\u4e00-\u9fffA-Z])|名$")
_LEGAL = re.compile(
    r"(?:法定代表人(?:\(负责人\))?|法人代表|负责人|执行事务合伙人)(?=:|$|[\u4e00-\u9fff])"
)
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,15}")


def licence_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield `code`, `name` and `legal`."""
    for page in pages:
        for found in codes_on(page):
            yield page.fact("code", found, verified=True)
        for found in filter(None, map(completed, page.labelled(_NAME))):
            yield page.fact("name", found)
        for found in page.labelled(_LEGAL):
            if _PERSON.fullmatch(found.text) and not has_ending(found.text):
                yield page.fact("legal", found)
