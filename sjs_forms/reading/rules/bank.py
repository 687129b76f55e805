"""A sheet about a basic deposit account: 开户许可证, 基本存款账户信息, a bank's letter or print."""

import re
from collections.abc import Iterator, Sequence

from sjs_forms.reading.facts import Fact
from sjs_forms.reading.organisations import NAME, completed
from sjs_forms.reading.page_text import PageText

_HOLDER = re.compile(
    r"(?:账户|存款人|客户|单位|开户单位|开户人)?(?:名称|户名)(?=:|$|[\u4e00-\u9fffA-Z])"
)
_SENTENCES = (
    re.compile(rf"经审核,?({NAME})符合开户条件"),
    re.compile(rf"兹证明({NAME})(?=[(,已在于])"),
)


def bank_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield `account`: who holds it."""
    for page in pages:
        for found in filter(None, map(completed, page.labelled(_HOLDER))):
            yield page.fact("account", found)
        for sentence in _SENTENCES:
            for found in page.matches(sentence):
                yield page.fact("account", found)
