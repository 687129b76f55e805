"""The typesetting interface: a template and its context in, page counts and PDF bytes out.

Arguments and results are plain values, so WeasyPrint may run in this process or in one of its own
(see `typesetting_process`). Callers do not depend on which.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sjs_forms.domain.notice.notice_templates import NoticeTemplates

if TYPE_CHECKING:
    from weasyprint.document import Document

    from sjs_forms.base.progress import Progress
    from sjs_forms.domain.placement import Boxes

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """A template of the notice, such as forms/commitment.html, and its context.

    `pictures` are those that it shows as made:NAME, by name. Dataclasses in the context become
    mappings, so that the process that sets type need not load the modules that define them.
    """

    templates: NoticeTemplates
    template: str
    context: Mapping[str, Any]
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Convert the context."""
        object.__setattr__(self, "context", _plain(self.context))


def _plain(value: Any) -> Any:
    """Return a value of a context with a mapping for each dataclass in it."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A document that is laid out but not painted. Its typesetter identifies it by `number`.

    `pages` is its page count. `anchors` maps the id of an element to the page, from 0, on which it
    begins.
    """

    number: int
    pages: int
    anchors: Mapping[str, int]


class Typesetter(Protocol):
    """Lays out and paints, one request after the other.

    A future raises what `html_pages.lay_out` and `html_pages.paint` raise.
    """

    def lay_out(self, page: FilledTemplate) -> "Future[LaidOut]":
        """Fill a template and lay it out; see `html_pages.lay_out`."""

    def paint(self, laid_out: LaidOut, boxes: "Boxes | None" = None) -> "Future[bytes]":
        """Paint a document as PDF, once; see `html_pages.paint`."""


class LocalTypesetter:
    """Typesetting in this process. A request is complete before the call returns."""

    def __init__(self) -> None:
        self._documents: dict[int, tuple[FilledTemplate, Document]] = {}
        self._made = 0

    def lay_out(self, page: FilledTemplate) -> "Future[LaidOut]":
        """See `Typesetter`."""
        from sjs_forms.typesetting.html_pages import laid_out_page

        def made() -> LaidOut:
            document = laid_out_page(page.templates, page.template, page.context, page.pictures)
            self._made += 1
            self._documents[self._made] = page, document
            return LaidOut(self._made, len(document.pages), _anchors(document))

        return _done(made)

    def paint(self, laid_out: LaidOut, boxes: "Boxes | None" = None) -> "Future[bytes]":
        """See `Typesetter`."""
        from sjs_forms.typesetting.html_pages import painted_page

        def painted() -> bytes:
            page, document = self._documents.pop(laid_out.number)
            return painted_page(page.templates, page.template, document, boxes)

        return _done(painted)


def _anchors(document: "Document") -> dict[str, int]:
    found: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for anchor in page.anchors:
            found.setdefault(anchor, number)
    return found


def _done(call: Callable[[], _Result]) -> "Future[_Result]":
    future: Future[_Result] = Future()
    try:
        future.set_result(call())
    except Exception as problem:  # raised when the result is asked for, as from another process
        future.set_exception(problem)
    return future


class Cancellable:
    """Wraps a typesetter so that waiting for its results raises Cancelled if the job was."""

    def __init__(self, typesetter: Typesetter, progress: "Progress") -> None:
        self._typesetter, self._progress = typesetter, progress

    def lay_out(self, page: FilledTemplate) -> "Future[LaidOut]":
        """See `Typesetter`."""
        self._progress.check()
        with self._progress.interruptible():  # the work may be done in this process
            ordered = self._typesetter.lay_out(page)
        return _Awaited(ordered, self._progress)

    def paint(self, laid_out: LaidOut, boxes: "Boxes | None" = None) -> "Future[bytes]":
        """See `Typesetter`."""
        self._progress.check()
        with self._progress.interruptible():
            ordered = self._typesetter.paint(laid_out, boxes)
        return _Awaited(ordered, self._progress)


class _Awaited(Future[_Result]):
    """A future whose `result` checks for cancellation while it waits; nothing else is used."""

    def __init__(self, ordered: "Future[_Result]", progress: "Progress") -> None:
        super().__init__()
        self._ordered, self._progress = ordered, progress

    def result(self, timeout: float | None = None) -> _Result:  # noqa: ARG002 - until cancelled
        return self._progress.result(self._ordered)


def typeset(typesetter: Typesetter, page: FilledTemplate) -> bytes:
    """Return one template of the notice as PDF."""
    return typesetter.paint(typesetter.lay_out(page).result()).result()
