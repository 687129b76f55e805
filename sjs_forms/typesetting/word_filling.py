"""Fills a notice's .docx templates with docxtpl.

The only module that uses docxtpl. Data are untrusted: they are escaped, a name missing from the
context is an error, and nothing in an answer is read as a tag. The same context gives the same
bytes.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sjs_forms.base.files.stable_bytes import fix_zip
from sjs_forms.base.libraries.python_docx_loader import fix_properties, load_python_docx
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.files_outside_attachments import WORD_SUFFIX
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.template_mistakes import filling, printable
from sjs_forms.typesetting.word_row_heights import raise_row_heights

_TEXTS = 64
"""Texts of templates kept in a process: some four for each form."""


def fill_word(programme: Programme, form: str, context: Mapping[str, Any]) -> bytes:
    """Return one form of the notice, such as `commitment`, filled as Word.

    Raises TemplateMistake if template and context do not match, Fault if it is of the package.
    """
    filled = BytesIO()
    with filling(programme.templates, f"forms/{form}{WORD_SUFFIX}", context):
        template = _template_class()(str(template_path(programme, form)))
        template.render(_literal(context), _environment(), autoescape=True)
        raise_row_heights(template.docx)
        fix_properties(template.docx, programme.dated)
        template.save(filled)
    return fix_zip(filled.getvalue())


def word_forms(programme: Programme, application: Application) -> dict[str, bytes]:
    """Return each form of the notice, filled as Word, by its file name. Raises what
    `fill_word` raises."""
    context = form_context(programme, application)
    return {
        f"{form.stem}{WORD_SUFFIX}": fill_word(programme, form.id, context)
        for form in programme.forms
    }


@cache
def _template_class() -> Any:
    """Return docxtpl's class of templates, with python-docx patched."""
    import docxtpl

    load_python_docx()
    prepared = lru_cache(maxsize=_TEXTS)(docxtpl.DocxTemplate(None).patch_xml)

    class Template(docxtpl.DocxTemplate):  # type: ignore[misc]  # the library is untyped
        """Caches the Jinja source of each text, which is the same whenever a form is filled."""

        def patch_xml(self, src_xml: str) -> str:
            """Called by docxtpl for the text of each part."""
            return str(prepared(src_xml))

    return Template


class _CachingEnvironment(ImmutableSandboxedEnvironment):
    """Compiles each text once: docxtpl passes the same XML whenever it fills the same form."""

    from_string = lru_cache(maxsize=_TEXTS)(ImmutableSandboxedEnvironment.from_string)  # type: ignore[assignment]


@cache
def _environment() -> Environment:
    return _CachingEnvironment(undefined=StrictUndefined, autoescape=True, finalize=printable)


def template_path(programme: Programme, form: str) -> Path:
    """Return the path of a form's Word template."""
    return programme.folder / "forms" / f"{form}.docx"


def _literal(value: Any) -> Any:
    """Return the context with every string escaped for XML, Jinja and docxtpl.

    docxtpl rewrites `{_{`, `}_}`, `{_%` and `%_}` in filled text. An underscore written as a
    character reference is skipped by it and decoded by the XML parser.
    """
    from markupsafe import Markup, escape

    if isinstance(value, str):
        return Markup(str(escape(value)).replace("_", "&#95;"))
    if isinstance(value, Mapping):
        return {key: _literal(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_literal(part) for part in value]
    return value
