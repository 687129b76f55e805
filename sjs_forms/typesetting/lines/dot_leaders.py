"""Joins the dots of leaders: WeasyPrint makes a box for every dot and draws each separately.

After layout, the dots of each leader are merged into one text at the same place. A contents page is
then drawn several times as fast, with a much shorter content stream.
"""

from collections.abc import Iterator
from copy import copy
from typing import Any

from sjs_forms.typesetting.lines.page_boxes import page_boxes


def join_leaders(document: Any) -> None:
    """Merge the dots of all leaders of the laid-out document."""
    for page in page_boxes(document):
        for leader in _leaders(page):
            # The children are ordered from right to left and share one deactivated Pango layout.
            joined = leader.children[-1].copy()
            joined.text = joined.text * len(leader.children)
            joined.width = joined.width * len(leader.children)
            joined.pango_layout = copy(joined.pango_layout)
            joined.pango_layout.text = joined.text
            leader.children = (joined,)


def _leaders(box: Any) -> Iterator[Any]:
    if getattr(box, "is_leader", False) and len(box.children) > 1:
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _leaders(child)
