"""A trial of a notice: its forms filled and laid out, a volume bound of them, for its author.

What keeps an application of the notice from being filled or built is found here, before anyone
fills one in.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.progress import quiet
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Gap
from sjs_forms.jobs.options import PLAIN, ReadyApplication

_FIRST_MARK = 0xF0000
"""The first character of a private plane: one stands for each answer, and no form has it."""
_UNFILLED = re.compile(r"\{\{|\}\}|\{%|%\}|[｛｝]")
_HIDDEN = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_SHOWN = 3
_LENGTH = 20
"""How many texts off the page a message names, and how many characters of each."""


def unfilled_form(programme: Programme, form: str, application: Application) -> Iterator[str]:
    """Yield what is wrong with a form that is filled with an application, as Word and for the PDF.

    A form of which a file is missing is tried with the other alone.
    """
    from sjs_forms.typesetting.form_context import form_context
    from sjs_forms.typesetting.html_pages import html_of, laid_out_page, painted_page
    from sjs_forms.typesetting.page_limits import off_the_page
    from sjs_forms.typesetting.word_filling import fill_word
    from sjs_forms.word_import.ooxml import read_word

    names = _names(programme.fields)
    plain = form_context(programme, application)
    context = {key: _marked(value, key, names) for key, value in plain.items()}
    texts: dict[str, str] = {}
    word, page = f"forms/{form}.docx", f"forms/{form}.html"
    try:
        if (programme.folder / word).is_file():
            filled = read_word(BytesIO(fill_word(programme, form, context)))
            aside = [each.text for each in filled.aside]
            texts[word] = "\n".join([*(block.text for block in filled.blocks), *aside])
        if (programme.folder / page).is_file():
            texts[page] = _HIDDEN.sub("", html_of(programme.templates, page, context))
            document = laid_out_page(programme.templates, page, plain)
            painted_page(programme.templates, page, document)
            yield from _cut_off(page, tuple(dict.fromkeys(off_the_page(document))))
    except SjsFormsError as problem:
        yield problem.message
        return
    for name, text in texts.items():
        if found := _UNFILLED.search(text):
            around = text[max(found.start() - 10, 0) : found.end() + 10]
            shown = "".join(one for one in " ".join(around.split()) if ord(one) < _FIRST_MARK)
            advice = "花括号要用英文的，成对写作 {{ }}。"
            yield f"{name} 印出了没有填写的花括号：“{shown}”；{advice}"
    if len(texts) == 2:
        yield from _told_apart(names, texts)


def _cut_off(page: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        shown = "、".join(
            f"“{each[:_LENGTH]}{'…' * (len(each) > _LENGTH)}”" for each in texts[:_SHOWN]
        )
        yield (
            f"{page} 的文字有印到纸外的：{shown}。"
            "请改窄表格，并给格子写上 overflow-wrap: anywhere，使没有空格的长字也换行。"
        )


def _told_apart(names: Mapping[str, tuple[str, str]], texts: Mapping[str, str]) -> Iterator[str]:
    """Yield each answer that only one of the two versions of a form prints."""
    printed = {name: {mark for mark, _ in names.values() if mark in texts[name]} for name in texts}
    (one, marks), (other, other_marks) = printed.items()
    labels = dict(names.values())
    for has, lacks, only in ((one, other, marks - other_marks), (other, one, other_marks - marks)):
        for mark in sorted(only):
            yield f"{has} 印有“{labels[mark]}”，{lacks} 没有；两者应当一样。"


def _names(fields: NoticeFields) -> dict[str, tuple[str, str]]:
    """Each path of the context with the mark of its answer, and the answer's label."""
    named: dict[str, Any] = {}
    for printed in fields.printings():
        question = None if printed.is_combined else fields.question_at(printed.place)
        if question is not None and isinstance(question.kind, RowsKind):
            for column in question.kind.fields:
                place = (*printed.place, 0, column.place[-1])
                named[f"{printed.path}.{column.place[-1]}"] = place
            continue
        named[printed.path] = printed.place
        if printed.tick:
            named[printed.tick] = printed.place
    labels = {place: fields.label_of(place) for place in named.values()}
    for derived in fields.derived:
        named[derived.at] = (derived.at,)
        labels[(derived.at,)] = derived.label
    marks = {place: chr(_FIRST_MARK + number) for number, place in enumerate(labels)}
    return {path: (marks[place], labels[place]) for path, place in named.items()}


def _marked(value: Any, path: str, names: Mapping[str, tuple[str, str]]) -> Any:
    """Return a value of the context with the mark of its answer behind each text."""
    if isinstance(value, Mapping):
        return {key: _marked(inner, f"{path}.{key}", names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_marked(inner, path, names) for inner in value]
    steps = path.split(".")
    prefixes = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    mark = next((names[prefix][0] for prefix in prefixes if prefix in names), "")
    return f"{value}{mark}" if isinstance(value, str) else value


def unread_forms(programme: Programme, application: Application) -> Iterator[str]:
    """Yield what `import` would not read back of the forms as `fill` writes them."""
    from sjs_forms.typesetting.word_filling import word_forms
    from sjs_forms.word_import.answer_differences import differences
    from sjs_forms.word_import.transcript import transcribe
    from sjs_forms.word_import.word_files import documents_of, open_files

    try:
        with temporary_folder(Path(gettempdir())) as folder:
            paths = []
            for name, data in word_forms(programme, application).items():
                paths.append(Path(folder, name))
                paths[-1].write_bytes(data)
            opened = open_files(paths, programme.intake)
        transcript = transcribe(programme, documents_of(programme, opened))
    except SjsFormsError as problem:
        yield f"填好的 Word 表格无法读回：{problem.message}"
        return
    for found in transcript.findings:
        yield f"填好的 Word 表格读回时：{found.message}"
    for unlike in differences(application, transcript):
        yield f"填好的 Word 表格读回后，“{unlike.label}”由“{unlike.ours}”变成“{unlike.theirs}”。"


def unbound_volume(programme: Programme, application: Application) -> Iterator[str]:
    """Yield what keeps a volume of forms and placeholders from being bound, with all its pages."""
    from sjs_forms.jobs.binding.volume_files import Binder
    from sjs_forms.typesetting.typesetter import LocalTypesetter
    from sjs_forms.volume.binding_plan import Edition
    from sjs_forms.volume.layout import lay_out_forms, lay_out_volume
    from sjs_forms.volume.sections import sections

    gaps = tuple(Gap(each, each.title, "试") for each in programme.materials if not each.form)
    ready = ReadyApplication(programme, application, (), (), gaps)
    typesetter = LocalTypesetter()
    try:
        forms = lay_out_forms(programme, application, typesetter)
        pages = {made.form.id: made.layout.pages for made in forms}
        pdfs = {made.form.id: typesetter.paint(made.layout).result() for made in forms}
        whole = sections(programme, (), pages, gaps)
        volume = lay_out_volume(programme, application, whole, typesetter, gaps, Edition(True))
        with temporary_folder(Path(gettempdir())) as folder:
            Binder(ready, lambda: ready, PLAIN, typesetter, quiet).bind(volume, pdfs, Path(folder))
    except SjsFormsError as problem:
        yield problem.message
