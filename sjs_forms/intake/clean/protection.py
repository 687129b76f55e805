"""Tells PDFs under rights management from damaged ones.

Rights management either uses a security handler of its own (PDF 32000-1, 7.6.1), or embeds the
encrypted document in a plain one whose page says so (PDF 2.0, 7.6.7).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from pikepdf import Pdf

from sjs_forms.intake.kinds.refused_kinds import refused_type
from sjs_forms.pdf.objects import entry, items, name_of, tree_pairs

_PDFIUM_SECURITY = 5
"""PDFium's error number for a security handler other than /Standard."""

_FEW_PAGES = 2
"""Maximum pages of a document that may be only such a notice."""

_LARGEST_SEARCHED = 64_000_000
_PAYLOAD = re.compile(rb"MicrosoftIRMServices|/FoxitRMS|/EncryptedPayload")
_NOTICE = re.compile(
    r"(?:document|file|pdf)[^.]{0,60}(?:is|has been)[^.]{0,30}(?:protected|encrypted|restricted)"
    r"|(?:文档|文件|pdf)[^。]{0,30}(?:受|已|被)[^。]{0,20}(?:保护|加密|限制)"
    r"|information (?:rights|protection)|rights[ -]management|权限管理",
    re.IGNORECASE,
)


def refuse_locked(source: Path) -> None:
    """Raise FileRefused if the file is encrypted by a security handler other than /Standard."""
    try:
        pypdfium2.PdfDocument(source).close()
    except pypdfium2.PdfiumError as problem:
        if getattr(problem, "err_code", None) == _PDFIUM_SECURITY:
            raise refused_type("protected") from problem


def refuse_wrapper(pdf: Pdf, source: Path, first_text: Callable[[], str]) -> None:
    """Raise FileRefused if the document `source` only wraps an encrypted one.

    `first_text` returns the text of its first page.
    """
    embedded = list(_embedded(pdf))
    is_wrapper = any(_is_payload(file) for file in embedded)
    if not is_wrapper and len(pdf.pages) <= _FEW_PAGES:
        is_notice = bool(embedded) and _NOTICE.search(" ".join(first_text().split()))
        is_wrapper = bool(is_notice) or _names_payload(source)
    if is_wrapper:
        raise refused_type("protected")


def _embedded(pdf: Pdf) -> Iterator[Any]:
    files = entry(entry(pdf.Root, "/Names"), "/EmbeddedFiles")
    for _, file in tree_pairs(files, "/Names"):
        yield file
    yield from items(entry(pdf.Root, "/AF"))


def _is_payload(file: Any) -> bool:
    relation = name_of(entry(file, "/AFRelationship"))
    names = (str(entry(file, key) or "") for key in ("/F", "/UF"))
    return (
        relation == "/EncryptedPayload"
        or entry(file, "/EP") is not None
        or any("MicrosoftIRMServices" in name for name in names)
    )


def _names_payload(source: Path) -> bool:
    """Return whether the bytes mention an encrypted document that no list of the file names."""
    if source.stat().st_size > _LARGEST_SEARCHED:
        return False
    return _PAYLOAD.search(source.read_bytes()) is not None
