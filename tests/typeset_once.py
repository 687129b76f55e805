"""Typesets each page of the installed notices once for all tests of a process.

Hundreds of tests build the same application, and more than half of a build is typesetting.
"""

import pickle
from collections.abc import Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sjs_forms.base.resources import templates_folder
from sjs_forms.domain.placement import Boxes
from sjs_forms.typesetting import html_pages
from sjs_forms.typesetting.typesetter import FilledTemplate, LaidOut, LocalTypesetter

_really_lay_out, _really_paint = LocalTypesetter.lay_out, LocalTypesetter.paint
_FUNCTIONS = ("html_of", "lay_out", "paint", "laid_out_page", "painted_page")
_REAL = {name: getattr(html_pages, name) for name in _FUNCTIONS}
"""Where a test has put another function in the place of one of these, all is done really."""


@dataclass
class _Known:
    """What is known of a page: how it is laid out, and its bytes by the boxes of the sheet."""

    pages: int
    anchors: Mapping[str, int]
    painted: dict[Boxes | None, bytes] = field(default_factory=dict)


@dataclass
class TypesetOnce:
    """Takes the place of the methods of `LocalTypesetter`.

    Within one test what is asked for a second time is done really: so two builds whose bytes are
    compared are not twice the same memory.
    """

    known: dict[Hashable, _Known] = field(default_factory=dict)
    asked: set[Hashable] = field(default_factory=set)
    active: bool = True
    _numbers: Any = field(default_factory=lambda: count(-1, -1))

    def begin(self, active: bool = True) -> None:
        """Begin a test."""
        self.asked.clear()
        self.active = active

    def install(self) -> None:
        """Put the methods in place, until the process ends."""
        once = self

        def lay_out(typesetter: LocalTypesetter, page: FilledTemplate) -> "Future[LaidOut]":
            return once._lay_out(typesetter, page)

        def paint(
            typesetter: LocalTypesetter, laid_out: LaidOut, boxes: Boxes | None = None
        ) -> "Future[bytes]":
            return once._paint(typesetter, laid_out, boxes)

        LocalTypesetter.lay_out = lay_out  # type: ignore[method-assign]
        LocalTypesetter.paint = paint  # type: ignore[method-assign]

    def _lay_out(self, typesetter: LocalTypesetter, page: FilledTemplate) -> "Future[LaidOut]":
        key = self._key(page)
        if key is None:
            return _really_lay_out(typesetter, page)
        recalled, known = key not in self.asked, self.known.get(key)
        self.asked.add(key)
        if recalled and known is not None:
            number = next(self._numbers)
            _keys_of(typesetter)[number] = key, page
            return _done(LaidOut(number, known.pages, known.anchors))
        made = _really_lay_out(typesetter, page)
        if made.exception() is None:
            laid_out = made.result()
            self.known.setdefault(key, _Known(laid_out.pages, laid_out.anchors))
            _keys_of(typesetter)[laid_out.number] = key, page
        return made

    def _paint(
        self, typesetter: LocalTypesetter, laid_out: LaidOut, boxes: Boxes | None
    ) -> "Future[bytes]":
        if laid_out.number not in _keys_of(typesetter):
            return _really_paint(typesetter, laid_out, boxes)
        key, page = _keys_of(typesetter).pop(laid_out.number)
        painted = self.known[key].painted
        if laid_out.number < 0:
            if boxes in painted:
                return _done(painted[boxes])
            laid_out = _really_lay_out(typesetter, page).result()
        made = _really_paint(typesetter, laid_out, boxes)
        if made.exception() is None:
            painted.setdefault(boxes, made.result())
        return made

    def _key(self, page: FilledTemplate) -> Hashable:
        """What decides how a page comes out; None for what must be done really."""
        of_package = page.templates.folder.parent == templates_folder()
        real = all(getattr(html_pages, name) is each for name, each in _REAL.items())
        if not (self.active and of_package and real):
            return None
        try:
            html = html_pages.html_of(page.templates, page.template, page.context)
        except Exception:
            return None  # told where it is laid out
        return page.templates.folder, page.template, html, pickle.dumps(dict(page.pictures))


def _keys_of(typesetter: LocalTypesetter) -> dict[int, tuple[Hashable, FilledTemplate]]:
    return vars(typesetter).setdefault("_keys_of_typeset_once", {})  # type: ignore[no-any-return]


def _done(result: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(result)
    return future
