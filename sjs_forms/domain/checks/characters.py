"""Finds characters that cannot be printed: invisible ones, and those that no bundled font has."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import AnswerPlace, FindingPlace
from sjs_forms.base.font_coverage import has_glyph, is_invisible
from sjs_forms.domain.answers.answer_values import answers_given
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.notice.notice_fields import NoticeFields


def check_characters(
    fields: NoticeFields, application: Application, offered: Sequence[Offered]
) -> Iterator[Finding]:
    """Yield a finding for every answer or title with characters that cannot be printed."""
    for place, text, allowed in _texts(fields, application):
        yield from _judge(text, AnswerPlace(place), fields.label_of(place), allowed)
    for item in offered:
        if not _is_answer(item, application):
            yield from _judge(item.title, item.place, f"附件“{_file_name(item.file)}”的标题", "")


def _is_answer(item: Offered, application: Application) -> bool:
    """Return whether the title was written in application.json, and so is checked there."""
    return any(item.title == written.title for written in application.attachments or ())


def _texts(fields: NoticeFields, application: Application) -> Iterator[tuple[Place, str, str]]:
    """Yield every printed text: its place, itself, and the invisible characters it may contain."""
    for answer, value in answers_given(fields, application):
        if isinstance(value, str):
            yield answer.place, value, "\n" if isinstance(answer.kind, TextKind) else ""
    for index, attachment in enumerate(application.attachments or ()):
        if attachment.title:
            yield ("attachments", index, "title"), attachment.title, ""


def _judge(text: str, where: FindingPlace, label: str, allowed: str) -> Iterator[Finding]:
    seen = dict.fromkeys(text.replace("\r\n", "\n"))
    invisible = [c for c in seen if is_invisible(c) and c not in allowed]
    if invisible:
        yield error(
            "text-control-character",
            where,
            label,
            f"“{label}”含有看不见的字符：{'、'.join(map(_name, invisible))}，"
            f"第一个在第 {text.index(invisible[0]) + 1} 个字处。",
            "多半是从别处粘贴带来的，请删去后重新输入。",
        )
    missing = [c for c in seen if not is_invisible(c) and not has_glyph(c)]
    if missing:
        yield error(
            "text-no-glyph",
            where,
            label,
            f"“{label}”中有字体印不出的字符：{'、'.join(map(_name, missing))}，"
            f"第一个在第 {text.index(missing[0]) + 1} 个字处。",
            "表情符号请删去；生僻字请换用通行写法，或留空打印后手填。",
        )


def _file_name(file: str) -> str:
    return PurePosixPath(file.replace("\\", "/")).name


def _name(character: str) -> str:
    names = {"\n": "换行", "\r": "回车", "\t": "制表符"}
    if character in names:
        return names[character]
    code = f"U+{ord(character):04X}"
    return code if is_invisible(character) else f"{character}（{code}）"
