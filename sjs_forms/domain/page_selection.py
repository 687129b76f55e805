"""Parses page selections: `pages` like "1-3,7"."""

import re

_SPAN = re.compile(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?")
_FORGIVEN = str.maketrans("，、；;－—–~～０１２３４５６７８９", ",,,,-----0123456789")


class BadSelection(ValueError):
    """Raised for a selection that is invalid or names missing pages."""


def select_pages(written: str | None, count: int) -> tuple[int, ...]:
    """Return page indices from 0 in the order written; all if nothing is written.

    Full-width digits, commas and dashes are accepted. Raises BadSelection, with a Chinese message,
    unless the pages are from 1 to `count` and each is named once.
    """
    if written is None:
        return tuple(range(count))
    pages: list[int] = []
    for part in written.translate(_FORGIVEN).split(","):
        match = _SPAN.fullmatch(part)
        if not match:
            raise BadSelection(f"看不懂“{part.strip() or written}”，应写成 1-3,7 的样子")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= count:
            raise BadSelection(f"文件共 {count} 页，没有“{part.strip()}”")
        pages.extend(range(first - 1, last))
    if len(set(pages)) < len(pages):
        raise BadSelection("同一页写了不止一次")
    return tuple(pages)
