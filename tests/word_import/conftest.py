"""Forms to read back: filled as `fill` fills them, without the detour through a zip."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.domain.answers.answer_values import answers_given
from sjs_forms.domain.answers.no_answer_words import no_answer
from sjs_forms.domain.fields.entries import Entry
from sjs_forms.domain.fields.line import printed_line
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.places import written_at
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.word_filling import template_path
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.ooxml import read_word
from sjs_forms.word_import.slot_answers import slots_of
from sjs_forms.word_import.transcript import Transcript, read_document, transcribe
from sjs_forms.word_import.word_blocks import Block, DocumentText
from sjs_forms.word_import.word_files import patterns
from tests.samples import QUALIFICATIONS, Application

PROGRAMME = load_programme("sjs-platform-2025")
FORMS = tuple(form.id for form in PROGRAMME.forms)
PATTERNS = patterns(PROGRAMME)
LABELS = [wording.text for pattern in PATTERNS for wording in pattern.wordings]

_TAG = re.compile(r"\{\{ ([\w.\[\]]+) \}\}")


_ROW_TAG = re.compile(r"\{%tr (if|else|endif)(?: ([\w.]+))? %\}")


@cache
def template(form: str) -> DocumentText:
    with template_path(PROGRAMME, form).open("rb") as stream:
        return read_word(stream)


def filled(form: str, context: dict[str, Any]) -> DocumentText:
    """The blocks of a form as Word would hold them once filled."""

    def value(path: str) -> Any:
        found: Any = context
        for name, index in re.findall(r"(\w+)|\[(\d+)\]", path):
            found = found[name] if name else found[int(index)]
        return found

    blocks = []
    gone: set[int] = set()
    shown = True
    for block in template(form).blocks:
        if tag := _ROW_TAG.fullmatch(block.text.strip()):
            shown = value(tag[2]) if tag[1] == "if" else not shown if tag[1] == "else" else True
        if tag or not shown:
            gone.add(block.spot.row)
            continue
        lines: list[str] = []
        loop = None
        for line in block.lines:
            if line.startswith("{%p for"):
                loop = line.split()[4]
            elif line.startswith("{%p"):
                loop = None
            elif loop:
                lines += value(loop)
            else:
                lines += _TAG.sub(lambda match: value(match[1]), line).split("\n")
        kept = tuple(line for line in lines if line.strip())
        if kept or block.spot.row:
            row = block.spot.row - sum(other < block.spot.row for other in gone)
            blocks.append(Block(kept, replace(block.spot, row=row)))
    return DocumentText(tuple(blocks))


def transcript_of(*written: DocumentText) -> Transcript:
    """What these documents say, read in the notice's order."""
    documents: list[Any] = []
    for number, each in enumerate(written, start=1):
        documents.append(read_document(PATTERNS, f"表{number}.docx", each, documents))
    return transcribe(PROGRAMME, documents)


def answers_in(transcript: Transcript) -> Application:
    return Application.model_validate(merged({}, transcript.values))


def read_back(application: Application) -> tuple[Application, Transcript]:
    """An application after its forms were filled and read."""
    context = form_context(PROGRAMME, application)
    transcript = transcript_of(*(filled(form, context) for form in FORMS))
    return answers_in(transcript), transcript


def without_strokes(application: Application) -> Application:
    """The answers as they come back: lines that say 无 or 同上 are none.

    Numbers of telephones, codes and addresses are as any reader has them.
    """
    raw = application.model_dump(mode="json")
    for answer, value in answers_given(PROGRAMME.fields, application):
        if value and answer.kind.name in ("phone", "email", "uscc"):
            place, read = answer.place, answer.kind.read(Entry(printed_line(value)))
            written_at(raw, place[:-1])[place[-1]] = read.value
    for field in slots_of(PROGRAMME.fields).values():
        *way, last = field.place
        holder: Any = raw
        for step in way:
            holder = holder[step] if not isinstance(step, int) or step < len(holder) else None
            if holder is None:
                break
        if field.kind == "line" and holder and no_answer(printed_line(holder[last])):
            holder[last] = None
    return Application.model_validate(raw)


HOSTILE = [
    *LABELS,
    *(f"{label}：" for label in LABELS),
    "☑",
    "□国家工程研究中心\t☑全国重点实验室",
    "2025年3月1日",
    "单位负责人：（签章）\n(单位公章)\n2025年1月1日",
    "单位负责人：（签章）\n(单位公章)",
    "）",
    "（统一社会信用代码：91110107MA01ABCD1K）",
    "（市级，某局认定）",
    "中心（市级）",
    "____",
    "——",
    "无",
    "同上",
    "口",
    "\ufeff甲\xa0",
    "{{ x }}",
    "附4-2\n承诺书\n我公司",
]
_characters = st.characters(exclude_categories=["Cs"])
words = st.sampled_from(HOSTILE) | st.text(_characters, max_size=30)
lines = st.none() | (words | st.lists(words, max_size=4).map("".join)).map(usual_characters)
short = lines.map(lambda text: text[:200] if text else text)
texts = st.none() | st.lists(words, max_size=6).map("\n".join).map(usual_characters)
days = st.none() | st.dates().map(str)
areas = st.none() | st.floats(1e-9, 1e7) | st.integers(1, 10_000_000)


def _things(**fields: Any) -> Any:
    return st.fixed_dictionaries(fields)


people = _things(name=short, mobile=short, landline=short)
applications = _things(
    applicant=_things(name=short, uscc=short),
    term=_things(start=days, end=days),
    contact=_things(name=short, phone=short, email=short),
    platform=_things(
        name=short,
        address=short,
        accredited_on=days,
        accredited_by=short,
        construction=texts,
        category=_things(
            kind=st.sampled_from([None, "newly_accredited", "newly_relocated"]), date=days
        ),
        total_area_sqm=areas,
        rd_office_area_sqm=areas,
        qualifications=st.sets(st.sampled_from(QUALIFICATIONS)).map(sorted),
        other_qualification=_things(
            name=short, level=st.sampled_from([None, "national", "municipal"]), authority=short
        ),
    ),
    founders=st.lists(_things(name=short, uscc=short, address=short), max_size=3),
    legal_representative=people,
    liaison=people,
    remarks=texts,
    opinion=texts,
    signed_on=days,
)
