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
    for found in page.within_words(_CODE):
        if uscc.is_valid(found.text) and found.text not in seen:
            seen.add(found.text)
            yield found
