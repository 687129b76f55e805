"""Writes 退补通知.docx, which tells an applicant what to correct, and the same text for a mail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.batch.outputs.overview.letter_wording import (
    DAY,
    SUBJECT,
    TO_CONFIRM,
    TO_MEND,
    closing,
    message_of,
    opening,
    remedy_of,
)
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.text_document import Paragraph, TextDocument, text_docxs

LETTER, MAIL = "退补通知.docx", "退补通知.txt"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: the applicant's name and number, and what he must correct or confirm.

    Each item says what is wrong, and what to do. `answers_only` says that his files were not
    looked at.
    """

    number: str
    name: str
    to_mend: tuple[tuple[str, str], ...]
    to_confirm: tuple[tuple[str, str], ...]
    answers_only: bool = False


def letter_of(
    number: str,
    name: str,
    findings: Sequence[Finding],
    programme: Programme | None,
    answers_only: bool = False,
) -> Letter | None:
    """Return the letter about findings, or None if there is nothing to write about."""
    findings = [each for each in findings if not each.has(Trait.OFFICE)]
    errors = blocking(findings)
    must = [each for each in findings if each in errors or each.has(Trait.AWAITS_SCAN)]
    fields = programme.fields if programme else None

    def items(chosen: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys((message_of(each), remedy_of(each, fields)) for each in chosen))

    to_mend, to_confirm = items(must), items([each for each in findings if each not in must])
    if not (to_mend or to_confirm):
        return None
    return Letter(number, name, to_mend, to_confirm, answers_only)


def letter_docxs(letters: Iterable[Letter], programme: Programme) -> Iterator[bytes]:
    """Yield the letters as Word. The same letter gives the same bytes."""
    return text_docxs((_document(each, programme) for each in letters), programme.dated)


def _document(letter: Letter, programme: Programme) -> TextDocument:
    first = opening(programme, letter.number, letter.answers_only)
    parts = [Paragraph(f"{letter.name}："), Paragraph(first)]
    for heading, items in _sections(letter):
        parts.append(Paragraph(heading, "heading"))
        parts += [
            Paragraph(f"{index}.\t{message}{remedy}", "step")
            for index, (message, remedy) in enumerate(items, 1)
        ]
    parts.append(Paragraph(""))
    parts.append(Paragraph(closing(programme, letter.answers_only)))
    parts.append(Paragraph(""))
    parts += [Paragraph(issuer, "signature") for issuer in programme.issuers]
    parts.append(Paragraph(DAY, "signature"))
    return TextDocument(SUBJECT, tuple(parts))


def letter_text(letter: Letter, programme: Programme) -> bytes:
    """Return the letter as text for a mail, in UTF-8 that Windows' editor recognises."""
    lines = [f"{letter.name}：", "", opening(programme, letter.number, letter.answers_only)]
    for heading, items in _sections(letter):
        lines += ["", heading]
        lines += [f"{index}. {each}{remedy}" for index, (each, remedy) in enumerate(items, 1)]
    lines += ["", closing(programme, letter.answers_only), "", "、".join(programme.issuers), ""]
    return "\r\n".join(lines).encode("utf-8-sig", "replace")


def _sections(letter: Letter) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    named = ((TO_MEND, letter.to_mend), (TO_CONFIRM, letter.to_confirm))
    given = [(title, items) for title, items in named if items]
    return [(f"{'一二'[index]}、{title}", items) for index, (title, items) in enumerate(given)]
