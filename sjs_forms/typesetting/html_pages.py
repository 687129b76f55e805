"""Turns a notice's HTML templates into PDF: Jinja2 fills them, WeasyPrint lays out and paints.

Data and templates are untrusted. Autoescaping is always on, templates are sandboxed, and a name
missing from the context is an error. Only files of the notice's folder, shared fonts and pages, and
pictures passed by name (made:NAME) are loaded.
"""

import zlib
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sjs_forms.base.font_coverage import has_rare
from sjs_forms.base.resources import fonts_folder, pages_folder, templates_folder
from sjs_forms.domain.notice.notice_templates import NoticeTemplates
from sjs_forms.domain.placement import Boxes
from sjs_forms.typesetting.font_settings import check_fonts, font_configuration
from sjs_forms.typesetting.lines.chinese_words import inner_places, words, words_in_word
from sjs_forms.typesetting.lines.dot_leaders import join_leaders
from sjs_forms.typesetting.lines.justification import justify
from sjs_forms.typesetting.lines.line_balance import balanced_lines
from sjs_forms.typesetting.lines.line_breaks import with_break_marks, with_inner_breaks
from sjs_forms.typesetting.lines.text_widths import Typeface
from sjs_forms.typesetting.notice_files import own_files_only, stylesheet
from sjs_forms.typesetting.page_limits import other_size
from sjs_forms.typesetting.template_mistakes import (
    UnprintableValue,
    filling,
    laying_out,
    printable,
    template_fault,
)
from sjs_forms.typesetting.weasyprint_loader import load_weasyprint, warnings_as_faults

if TYPE_CHECKING:
    from weasyprint.document import Document

FORMS = "forms/"
"""Where a notice has the templates of its forms."""
_TRIAL_FONT = "NotoSerifSC-Digits.ttf"
_NOTICES = 8
_STYLESHEETS = 32
_FONTS = 64
"""Size of the caches per process. A worker uses few notices, usually one."""
_RARE_FONTS = "rare.css"
_BASE = "base.css"
_BREAKS = "data-breaks"
"""Attribute of a template element that says where lines of its text may end."""


def html_of(templates: NoticeTemplates, template: str, context: Mapping[str, Any]) -> str:
    """Return one of the notice's templates filled, such as forms/commitment.html.

    Raises TemplateMistake, or Fault for a template of the package.
    """
    with filling(templates, template, context):
        html = _environment(templates.folder).get_template(template).render(context)
    return html  # noqa: RET504 - inside `with` mypy would not see that it always returns


@lru_cache(maxsize=_NOTICES)
def _environment(folder: Path) -> Environment:
    """Return a notice's templates. Each is compiled once per process, and again if its file
    changes.
    """
    shared = {pages_folder().name: FileSystemLoader(pages_folder())}
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader((FileSystemLoader(folder), PrefixLoader(shared))),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lines"] = _lines
    environment.filters["lines_in_word"] = partial(_lines, cut=words_in_word)
    return environment


def _lines(
    text: str, face: Typeface | None = None, measure: float = 0, *bounds: float, cut: Any = words
) -> str:
    """Implement the filters `lines` and, where Word must break the same way, `lines_in_word`.

    Breaks the text into even lines (see `line_balance`), for `white-space: pre-line`. `face` and
    `measure` (in em) are those of the element's style. `bounds` are the widths of the last and the
    first line, if narrower. Blanks to be filled in by hand are kept. Raises UnprintableValue for an
    unknown face or measure.
    """
    numbers = all(isinstance(each, int | float) for each in (measure, *bounds))
    if face not in get_args(Typeface) or not numbers or measure <= 0 or not isinstance(text, str):
        raise UnprintableValue(
            f"“lines”要写明字体（{'、'.join(get_args(Typeface))}）和每行的字数，"
            'lines("Song", 20) 的样子，用于一项文字'
        )
    if not text.strip():
        return text
    return "\n".join(balanced_lines(str(text), face, measure, *bounds, cut=cut))


def lay_out(
    templates: NoticeTemplates, html: str, pictures: Mapping[str, bytes] | None = None
) -> "Document":
    """Lay out filled HTML; `len(result.pages)` is its page count.

    `pictures` are JPEG files, shown as made:NAME. Raises LayoutWarned on any WeasyPrint
    warning, MachineLacks if its system libraries are missing.
    """
    made_of = html_with_base()
    folder = templates.folder
    fetcher = own_files_only(folder, pictures)
    with warnings_as_faults():
        document = made_of(string=html, base_url=folder.as_uri() + "/", url_fetcher=fetcher)
        sheets = [_stylesheet(folder, *sheet) for sheet in _linked(folder, document)]
        if has_rare(html):
            rare = fonts_folder() / _RARE_FONTS
            sheets.append(_stylesheet(fonts_folder(), rare, rare.read_bytes()))
        _mark_line_breaks(document.etree_element.find("body"))
        laid_out = document.render(font_config=font_configuration(), stylesheets=sheets)
        justify(laid_out)
        join_leaders(laid_out)
    return laid_out


@cache
def html_with_base() -> Any:
    """Return WeasyPrint's HTML class with our base stylesheet; see templates/base.css."""

    class HtmlWithBase(load_weasyprint().HTML):  # type: ignore[misc]  # the library is untyped
        """Called by WeasyPrint for the user-agent stylesheet."""

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: ARG002 - as asked
            base = templates_folder() / _BASE
            return [_stylesheet(base.parent, base, base.read_bytes())]

    return HtmlWithBase


def _mark_line_breaks(element: Any, breaks: str = "") -> None:
    """Mark in all text of an element where Pango may end lines.

    Within data-breaks="words" lines end between words; within data-breaks="code" also inside one.
    """
    breaks = element.get(_BREAKS, breaks)
    if element.text:
        element.text = _text_with_breaks(element.text, breaks)
    for child in element:
        _mark_line_breaks(child, breaks)
        if child.tail:
            child.tail = _text_with_breaks(child.tail, breaks)


def _text_with_breaks(text: str, breaks: str) -> str:
    if breaks == "code":
        return with_inner_breaks(text)
    return with_break_marks(text, inner_places(text) if breaks == "words" else ())


def _linked(folder: Path, document: Any) -> list[tuple[Path, bytes]]:
    """Remove the stylesheets linked in the document's head; return their files and contents.

    They are passed to WeasyPrint already parsed, so they have the rank of user stylesheets, below
    those of the document.
    """
    head = document.etree_element.find("head")
    found = []
    for link in head.findall("link[@rel='stylesheet'][@href]"):
        path = stylesheet(folder, link.get("href"))
        if path is not None:  # else WeasyPrint reports it
            head.remove(link)
            found.append((path, path.read_bytes()))
    return found


def _stylesheet(folder: Path, path: Path, content: bytes) -> Any:
    """Return a parsed stylesheet of the notice, whose fonts are loaded."""
    return _parsed(folder, path, content, font_configuration())


@lru_cache(maxsize=_STYLESHEETS)
def _parsed(folder: Path, path: Path, content: bytes, fonts: Any) -> Any:
    """Parse a stylesheet once per process. Its fonts are loaded into `fonts` alone."""
    return load_weasyprint().CSS(
        string=content.decode(),
        base_url=path.as_uri(),
        url_fetcher=own_files_only(folder),
        font_config=fonts,
    )


def paint(document: "Document", boxes: Boxes | None = None) -> bytes:
    """Paint the laid-out document as PDF, with the same bytes every time.

    With `boxes` it has a trim box, and viewers are told to print it unscaled. Raises LayoutWarned
    on any WeasyPrint warning, ForeignFont if another font was used than the stylesheets load.
    """

    def finish(painted: "Document", pdf: Any) -> None:
        check_fonts(painted)
        for thing in pdf.objects:
            if getattr(thing, "compress", False):
                _compress_font(thing)
        if boxes is not None:
            _set_boxes(pdf, boxes)

    with warnings_as_faults():
        return document.write_pdf(finisher=finish)  # type: ignore[no-any-return]


def _compress_font(stream: Any) -> None:
    """Compress a stream of one piece, as fonts are. pydyf's best level takes twice as long for 0.3
    %.
    """
    if len(stream.stream) == 1 and isinstance(stream.stream[0], bytes):
        stream.stream = [_compressed(stream.stream[0])]
        stream.extra["Filter"] = "/FlateDecode"
        stream.compress = False


@lru_cache(maxsize=_FONTS)
def _compressed(font: bytes) -> bytes:
    return zlib.compress(font)


def _set_boxes(pdf: Any, boxes: Boxes) -> None:
    for page in pdf.objects:
        if isinstance(page, dict) and page.get("Type") == "/Page":
            page["TrimBox"] = _inset(page["MediaBox"], boxes.trim)
            page["BleedBox"] = _inset(page["MediaBox"], boxes.bleed)
    pdf.catalog["ViewerPreferences"] = type(pdf.catalog)({"PrintScaling": "/None"})


def _inset(box: Any, by: float) -> Any:
    left, bottom, right, top = box
    return type(box)([left + by, bottom + by, right - by, top - by])


def laid_out_page(
    templates: NoticeTemplates,
    template: str,
    context: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
) -> "Document":
    """Fill and lay out one template of the notice. A mistake in a notice's own names the file.

    Raises what `html_of` and `lay_out` raise. The page of a form is A4 upright, as the plan says.
    """
    html = html_of(templates, template, context)
    with laying_out(templates, template):
        document = lay_out(templates, html, pictures)
    size = other_size(document) if template.startswith(FORMS) else ""
    if size:
        said = f"{template} 的页面应是 A4 竖放，现为 {size} 毫米，请改正样式 @page 的 size。"
        raise template_fault(templates, said)
    return document


def painted_page(
    templates: NoticeTemplates, template: str, document: "Document", boxes: Boxes | None = None
) -> bytes:
    """Paint what `laid_out_page` laid out; a mistake in a notice's own names the file."""
    with laying_out(templates, template):
        return paint(document, boxes)


def render(templates: NoticeTemplates, template: str, context: Mapping[str, Any]) -> bytes:
    """Fill, lay out and paint one template of the notice."""
    return painted_page(templates, template, laid_out_page(templates, template, context))


def trial_run() -> None:
    """Lay out and paint a line in a bundled font, as a test. Raises what `paint` raises."""
    face = f'@font-face {{ font-family: T; src: url("{(fonts_folder() / _TRIAL_FONT).as_uri()}") }}'
    html = f"<title>试</title><style>{face} p {{ font-family: T }}</style><p>1</p>"
    weasyprint = load_weasyprint()
    with warnings_as_faults():
        page = weasyprint.HTML(string=html, url_fetcher=own_files_only(fonts_folder()))
        laid_out = page.render(font_config=font_configuration())
    paint(laid_out)
