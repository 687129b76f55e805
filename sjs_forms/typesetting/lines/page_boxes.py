"""The boxes of a page laid out by WeasyPrint; the only place that accesses them.

WeasyPrint does not guarantee them, so its version is bounded (pyproject.toml) and tests check them.
"""

from collections.abc import Iterator
from typing import Any


def page_boxes(document: Any) -> Iterator[Any]:
    """Yield the box of each page of a laid-out document; its content is in `children`."""
    for page in document.pages:
        yield page._page_box
