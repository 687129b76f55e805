"""The forms as Word: docxtpl fills a notice's .docx templates.

The only module that touches docxtpl. Data is hostile: it is escaped, a name the template knows
and the context does not is an error, and nothing in an answer is taken for a tag. The same
context gives the same bytes.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from sjs_forms.base.errors import Fault
from sjs_forms.base.stable_bytes import ClocklessZip, fix_zip
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.word_row_heights import give_rows_room


def fill_word(programme: Programme, form: str, context: Mapping[str, Any]) -> bytes:
    """The filled Word of one form of the notice, such as `commitment`.

    Raises Fault where the template and the context do not fit each other.
    """
    DocxTemplate = _docxtpl().DocxTemplate
    filled = BytesIO()
    try:
        template = DocxTemplate(str(template_path(programme, form)))
        template.render(_literal(context), _environment(), autoescape=True)
        give_rows_room(template.docx)
        fix_properties(template.docx, programme.window.start)
        template.save(filled)
    except Exception as problem:  # whatever docxtpl, python-docx, Jinja2, lxml or zipfile raise
        raise Fault(f"表格模板 {form}.docx 无法填写：{problem}") from problem
    return fix_zip(filled.getvalue())


@cache
def _docxtpl() -> Any:
    """The library; python-docx, with which it writes, no longer asks for the clock."""
    import docxtpl
    from docx.opc import phys_pkg

    phys_pkg.ZipFile = ClocklessZip  # type: ignore[attr-defined]
    return docxtpl


class _Remembering(Environment):
    """Compiles a text once: docxtpl hands over the same XML whenever it fills the same form."""

    from_string = lru_cache(maxsize=64)(Environment.from_string)  # type: ignore[assignment]


@cache
def _environment() -> Environment:
    return _Remembering(undefined=StrictUndefined, autoescape=True)


def fix_properties(document: Any, day: date) -> None:
    """Set the properties of a python-docx document that would tell of the hour or the machine."""
    moment = datetime.combine(day, time())
    properties = document.core_properties
    properties.created = properties.modified = properties.last_printed = moment
    properties.revision = 1
    properties.last_modified_by = properties.author


def template_path(programme: Programme, form: str) -> Path:
    """Where the Word template of a form stands."""
    return programme.folder / "forms" / f"{form}.docx"


def _literal(value: Any) -> Any:
    """The context with every string safe from XML, from Jinja and from docxtpl.

    docxtpl rewrites `{_{`, `}_}`, `{_%` and `%_}` in what it has filled: an underscore given as
    a character reference is passed over by it and read back by the XML parser.
    """
    from markupsafe import Markup, escape

    if isinstance(value, str):
        return Markup(str(escape(value)).replace("_", "&#95;"))
    if isinstance(value, Mapping):
        return {key: _literal(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_literal(part) for part in value]
    return value
