"""The boxes of a page that WeasyPrint has laid out, in the one place that reaches for them.

WeasyPrint promises none of this, so its version is bounded (pyproject.toml) and tests say what
its boxes are.
"""

from collections.abc import Iterator
from typing import Any


def page_boxes(document: Any) -> Iterator[Any]:
    """The box of each page of a laid-out document; its content is in `children`."""
    for page in document.pages:
        yield page._page_box
