"""Limits of all attachments of an application together."""

from collections.abc import Sequence
from contextlib import suppress

from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.domain.folder.offered_files import Offered


def bytes_of(offered: Sequence[Offered]) -> int:
    """Return the total size of all offered files, each counted once."""
    total = 0
    for path in {item.path for item in offered if item.path is not None}:
        with suppress(OSError):
            total += path.stat().st_size
    return total


def too_large(total: int, limit: int) -> Finding:
    """Return the finding on attachments of more bytes in total than the limit."""
    return error(
        "attachment-total-size",
        WHOLE,
        "附件",
        f"附件共 {total / 1e6:,.0f} MB，超过一份申报 {limit / 1e6:,.0f} MB 的上限，没有读取。",
        "请以较低的分辨率重新扫描（300 dpi 足够），或去掉不需要的附件。",
    )


def too_many(count: int, limit: int) -> Finding:
    """Return the finding on more attachments than the limit."""
    return error(
        "attachment-too-many",
        WHOLE,
        "附件",
        f"附件共 {count} 个，超过 {limit} 个的上限。",
        "请把同类的小文件合并成一个 PDF 再列入。",
    )
