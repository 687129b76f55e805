"""Renders single pages as PNG while an application is edited: of a form, attachment or volume.

Forms are laid out from the current answers, even if only partly valid. PDFium never runs in this
process, because it crashes on some files and is not thread-safe.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import SjsFormsError, UsageFault
from sjs_forms.base.font_coverage import with_marks
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.typesetter import FilledTemplate, Typesetter, typeset

_KEPT = 8
"""Number of form PDFs cached, so that turning their pages needs no layout."""


class Outdated(SjsFormsError):
    """Raised for a request when a newer one for the same form has arrived meanwhile."""

    def __init__(self) -> None:
        super().__init__("已有更新的预览请求。")


@dataclass(frozen=True, slots=True)
class Preview:
    """A page as PNG. `pages` is the page count of its document."""

    png: bytes
    page: int
    pages: int


@dataclass(slots=True)
class _Requests:
    """The number of the newest request for each form."""

    count: int = 0
    waiting: int = 0
    newest: dict[str, int] = field(default_factory=dict)

    def enter(self, form: str) -> int:
        self.count += 1
        self.waiting += 1
        self.newest[form] = self.count
        return self.count


class Previews:
    """Renders pages. `typesetter` lays out forms, `drawing` draws; both must outlive this."""

    def __init__(self, typesetter: Typesetter, drawing: PageDrawing) -> None:
        self._typesetter, self._drawing = typesetter, drawing
        self._setting, self._counting = threading.Lock(), threading.Lock()
        self._requests = _Requests()
        self._kept: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    @property
    def waiting(self) -> int:
        """The number of requests for forms that are waiting for another one."""
        return self._requests.waiting

    def form_page(
        self, programme: Programme, application: Application, form: str, page: int, dpi: float
    ) -> Preview:
        """Return a page, from 1, of a form with the given answers.

        Characters that cannot be printed are shown as 〓. Raises UsageFault if there is no such
        form or page, Outdated, and what the typesetter raises.
        """
        if form not in [each.id for each in programme.forms]:
            raise UsageFault(f"通知里没有“{form}”这张表。", "请刷新后再试。")
        pdf = self._form_pdf(programme, application, form)
        return self._drawn(programme, pdf, page, dpi)

    def form_texts(
        self, programme: Programme, application: Application, form: str
    ) -> tuple[str, ...]:
        """Return the text of each page of a form as `form_page` shows it. Raises as `form_page`."""
        pdf = self._form_pdf(programme, application, form)
        return self._drawing.texts(programme.intake, pdf)

    def attachment_page(
        self, programme: Programme, facts: SourceFacts, page: int, dpi: float
    ) -> Preview:
        """Return a page, from 1, of an opened attachment, as in its clean PDF.

        Raises what `PageDrawing.page` raises.
        """
        return self._drawn(programme, facts.clean, page, dpi)

    def volume_side(self, programme: Programme, volume: Path, side: int, dpi: float) -> Preview:
        """Return a side, from 1, of a built volume. Raises what `attachment_page` raises."""
        return self._drawn(programme, volume, side, dpi)

    def _drawn(self, programme: Programme, pdf: Path | bytes, page: int, dpi: float) -> Preview:
        drawn = self._drawing.page(programme.intake, pdf, page, dpi)
        return Preview(drawn.png, page, drawn.pages)

    def _form_pdf(self, programme: Programme, application: Application, form: str) -> bytes:
        context = form_context(programme, _printable(application))
        key = programme.id, form, json.dumps(context, default=str, sort_keys=True)
        with self._in_turn(form) as is_newest:
            pdf = self._kept.get(key)
            if pdf is None:
                if not is_newest():
                    raise Outdated
                page = FilledTemplate(programme.templates, f"forms/{form}.html", context)
                pdf = typeset(self._typesetter, page)
            self._kept[key] = pdf
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return pdf

    @contextmanager
    def _in_turn(self, form: str) -> Iterator[Callable[[], bool]]:
        """Wait for earlier requests; yields a function that tells whether a newer one has
        arrived.
        """
        with self._counting:
            number = self._requests.enter(form)
        with self._setting:
            with self._counting:
                self._requests.waiting -= 1
            yield lambda: self._requests.newest[form] == number


def _printable(application: Application) -> Application:
    """Return the answers with a mark in place of each character that no page can show."""
    return type(application).model_validate(_marked(application.model_dump(mode="json")))


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return with_marks(value)
    if isinstance(value, dict):
        return {key: _marked(inner) for key, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else value
