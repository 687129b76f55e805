"""Unified social credit codes on a page (GB 32100-2015)."""

import re
from collections.abc import Iterator

from stdnum.cn import uscc

from sjs_forms.reading.page_text import Found, PageText

_SIGN = "0-9A-HJ-NP-RTUWXY"
_CODE = re.compile(rf"(?<![0-9A-Z])([{_SIGN}]{{2}}\d{{6}}[{_SIGN}]{{10}})(?![0-9A-Z])")


def codes_on(page: PageText) -> Iterator[Found]:
    """Yield the codes whose check character holds, each once."""
    seen = set()
    for one in page.words:
        word = one.word
        for match in _CODE.finditer(one.text):
            if uscc.is_valid(match[1]) and match[1] not in seen:
                seen.add(match[1])
                yield Found(match[1], (word.left, word.top, word.right, word.bottom))
