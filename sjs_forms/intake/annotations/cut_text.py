"""The remark on text of form fields and notes that does not fit its area."""

from collections.abc import Sequence

from sjs_forms.base.findings.file_refusal import FILE
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.remedies import ReplaceFile
from sjs_forms.intake.file_remarks import ranges_of, remark

_BEGINNING = 12
"""Characters of a text that are quoted."""


def text_cut(cut: Sequence[tuple[int, str]]) -> Finding:
    """Text of which a part is not printed; pages, from 0, with the text, in order."""
    pages = sorted({page + 1 for page, _ in cut})
    first = " ".join(cut[0][1].split())
    quoted = first[:_BEGINNING] + ("……" if len(first) > _BEGINNING else "")
    more = f"等 {len(cut)} 处" if len(cut) > 1 else ""
    return remark(
        "attachment-text-cut",
        f"“{FILE}”{ranges_of(pages)}有填写的内容放不进它的方框，印出来只有一部分（“{quoted}”{more}）。",
        ReplaceFile("请在原软件中缩短文字或改小字号（如设为“自动”），另存后替换。"),
    )
