"""The remarks of intake on files that it accepts. Each function returns one remark.

Those on Office documents are in `office.office_remarks`.
"""

from collections.abc import Sequence

from sjs_forms.base.findings.file_refusal import FILE
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.remedies import Remedy, ReplaceFile

_MAX_RUNS = 20
"""Ranges of page numbers that a sentence lists."""


def remark(code: str, message: str, remedy: Remedy | str) -> Finding:
    """Return a warning about the file as a whole."""
    return warning(code, WHOLE, "", message, remedy)


def ranges_of(numbers: Sequence[int]) -> str:
    """Format ascending page numbers from 1 for a sentence, consecutive ones as ranges."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    ranges = "、".join(str(a) if a == b else f"{a}–{b}" for a, b in runs[:_MAX_RUNS])
    return f"第 {ranges} 页" + (f"等 {len(numbers)} 页" if len(runs) > _MAX_RUNS else "")


def _pages_of(numbers: list[int]) -> str:
    """Format the first few page numbers, from 1, for a sentence."""
    head = "、".join(str(number) for number in numbers[:8])
    return f"第 {head} 页" + (f"等 {len(numbers)} 页" if len(numbers) > 8 else "")


def repaired(pages: int = 0) -> Finding:
    """The file was damaged; what can be shown was recovered.

    `pages` is the count it states, if all of them are there.
    """
    there = f"；文件所记的 {pages} 页都在" if pages else ""
    return remark(
        "attachment-repaired",
        f"“{FILE}”的文件结构有损坏，已修复后收入{there}。",
        "请在装订版中逐页核对这份材料；如有缺失，请重新索取原件。",
    )


def lost_pages(numbers: list[int], pages: int, kept: int) -> Finding:
    """`numbers` are missing pages (from 1) of the original file, which had `pages`."""
    return remark(
        "attachment-pages-lost",
        f"“{FILE}”原有 {pages} 页，其中{ranges_of(numbers)}在文件里已残缺，没有收入；"
        f"收入了其余 {kept} 页。",
        ReplaceFile("请向出具方重新索取完整的文件，或重新下载、扫描后替换。"),
    )


def cut_short(kept: int) -> Finding:
    """The file is truncated, and its original page count is unknown."""
    return remark(
        "attachment-pages-lost",
        f"“{FILE}”不完整，在末尾被截断（可能没有下载或复制完）；收入了能读出的 {kept} 页，"
        f"第 {kept} 页之后可能还有缺页。",
        ReplaceFile("请向出具方重新索取完整的文件，或重新下载、扫描后替换。"),
    )


def files_joined(files: int, kept: int) -> Finding:
    """The file is several PDFs one behind the other; readers show one of them."""
    return remark(
        "attachment-pages-lost",
        f"“{FILE}”里首尾相接地存了 {files} 份 PDF，阅读器只认得其中一份，"
        f"收入的是这一份的 {kept} 页。",
        ReplaceFile("请向出具方重新索取，或把各份分别导出、用 PDF 软件合并后替换。"),
    )


def update_lost(pages: int) -> Finding:
    """The last incremental update is truncated; the `pages` are those before it."""
    return remark(
        "attachment-update-lost",
        f"“{FILE}”的末尾被截断：最后一次保存的修改（填写、批注、签章等）已残缺，"
        f"收入的是修改之前的第 1–{pages} 页。",
        ReplaceFile("请逐页核对；如有缺失，请重新索取、下载或扫描后替换。"),
    )


def blank_pages(numbers: list[int]) -> Finding:
    """`numbers` are pages (from 1) on which nothing is left."""
    return remark(
        "attachment-pages-blank",
        f"“{FILE}”{ranges_of(numbers)}是空白：文件有损坏，这些页的内容可能已经丢失。",
        ReplaceFile("请向出具方重新索取完整的文件，或重新下载、扫描后替换。"),
    )


def incomplete_pages(numbers: list[int]) -> Finding:
    """`numbers` are pages (from 1) of which a part is lost."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{ranges_of(numbers)}可能不完整：这些页的一部分内容在文件里已损坏或丢失。",
        ReplaceFile("请对照原件逐页核对；如有缺失，请重新索取、下载或扫描后替换。"),
    )


def unwritten_end() -> Finding:
    """The end of a picture file was never written."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”的末尾全是空白字节，多半没有下载或复制完，画面可能有一部分是黑的、灰的或缺失。",
        ReplaceFile("请在装订版中核对这幅图；不完整的，请重新下载、复制或扫描后替换。"),
    )


def rasterised(dpi: int) -> Finding:
    """Only a picture of each page could be recovered."""
    return remark(
        "attachment-rasterised",
        f"“{FILE}”损坏较重，各页已按 {dpi} dpi 画成图片收入，文字不能再选取。",
        ReplaceFile("请在装订版中逐页核对这份材料；如能重新索取原件，请替换。"),
    )


def signed() -> Finding:
    """A digital signature does not survive merging."""
    return remark(
        "attachment-signed",
        f"“{FILE}”带有数字签名（电子签章）；合并装订后只保留外观，签名无法再验证。",
        "无需修改；原文件会随在线申报材料一并提交，供验证签名。",
    )


def low_resolution(numbers: list[int], dpi: int) -> Finding:
    """`numbers` are the pages (from 1) that print below 150 dpi; `dpi` is the lowest."""
    return remark(
        "attachment-low-resolution",
        f"“{FILE}”{_pages_of(numbers)}印在 A4 纸上只有约 {dpi} dpi，可能不清晰。",
        ReplaceFile("请以 300 dpi（至少 150 dpi）重新扫描，或用更高像素重新拍摄。"),
    )


def cut(numbers: list[int], parts: int, rough: int) -> Finding:
    """`numbers` are the pages (from 1) cut for length; `rough` counts cuts through content."""
    through = f"其中 {rough} 处找不到空白，切口可能穿过图文；" if rough else ""
    return remark(
        "attachment-cut",
        f"“{FILE}”{_pages_of(numbers)}是长条（如手机长截图），整幅缩到一页会看不清，"
        f"已在空白处裁成 {parts} 页 A4；{through}各页前后相接，不重复，也不缺失。",
        "请在装订版中核对裁开的各页；要换别的裁法，请自行分成几页再放进来。",
    )


def shrunk(numbers: list[int], percent: int) -> Finding:
    """`numbers` are the pages (from 1) too small to read on A4; `percent` is the lowest scale."""
    return remark(
        "attachment-shrunk",
        f"“{FILE}”{_pages_of(numbers)}幅面很大，装订时缩小到 {percent}%，文字可能看不清。",
        "请确认缩小后仍能看清；看不清的，请分成几张 A4 或 A3，或向受理窗口另交原图。",
    )


def font_unknown(font: str, pages: list[int]) -> Finding:
    """A font without its file, and with codes of unknown meaning. `pages` count from 0."""
    where = _pages_of([page + 1 for page in pages])
    return remark(
        "attachment-font-unknown",
        f"“{FILE}”{where}的字体{_font(font)}没有嵌入文件，文件里也没有说明各编码是什么字；"
        "无法确定是哪些字，印出来是方框或错字。",
        ReplaceFile(f"{_EMBED}，再替换这份材料。"),
    )


def glyphs_missing(font: str, pages: list[int], signs: str) -> Finding:
    """A font without its file, with characters in no bundled font. `pages` count from 0."""
    where = _pages_of([page + 1 for page in pages])
    some = signs[:20] + ("等" if len(signs) > 20 else "")
    return remark(
        "attachment-font-glyphs",
        f"“{FILE}”{where}的字体{_font(font)}没有嵌入文件，随附的字体里又没有这些字：{some}，"
        "它们印出来是方框。",
        ReplaceFile(f"{_EMBED}，再替换这份材料。"),
    )


def text_missing(pages: list[int], signs: str) -> Finding:
    """Text of form fields or notes with characters in no bundled font. `pages` count from 0."""
    where = _pages_of([page + 1 for page in pages])
    some = signs[:20] + ("等" if len(signs) > 20 else "")
    return remark(
        "attachment-font-glyphs",
        f"“{FILE}”{where}的表单内容或批注文字里有随附的字体没有的字：{some}，它们印出来是方框。",
        ReplaceFile("请用填写它的软件“打印”成 PDF，或打印后扫描，再替换这份材料。"),
    )


def fonts_left() -> Finding:
    """Fonts too irregular to be replaced, which stay without their files."""
    return remark(
        "attachment-font-unknown",
        f"“{FILE}”有字体没有嵌入文件，也无法补上；在别的电脑和印刷厂显示的字可能不同或缺失。",
        ReplaceFile(f"{_EMBED}，再替换这份材料。"),
    )


_EMBED = "请在原软件中重新导出 PDF，选择“嵌入所有字体”；或在能正常显示它的电脑上打印成 PDF"


def _font(name: str) -> str:
    """Return a font's name for a sentence, without unprintable characters."""
    shown = "".join(sign for sign in name if sign.isprintable()).strip()[:40]
    return f"“{shown}”" if shown else "（未命名）"


def animated() -> Finding:
    """Only the first frame of an animation is printed."""
    return remark(
        "attachment-animated",
        f"“{FILE}”是动图，只收入第一帧。",
        "如需其他画面，请把它们分别存成图片，与它放在一起。",
    )


def pictures_lost(count: int) -> Finding:
    """The file's own index lists further pictures that cannot be read."""
    return remark(
        "attachment-pictures-lost",
        f"“{FILE}”还应含有另外 {count} 幅图，但读不出来，只收入了能读出的图。",
        "多为手机随照片存下的预览图，可不处理；若是另外的材料，请单独存成图片再列为附件。",
    )


def pictures_dropped(count: int) -> Finding:
    """Small grey pictures after a photo that look like its depth or gain map."""
    return remark(
        "attachment-pictures-dropped",
        f"“{FILE}”在照片之外另含 {count} 幅缩小的灰度图（多为手机的景深、亮度数据），没有收入。",
        "若是另外的材料，请单独存成图片再列为附件。",
    )


def pictures_beside(count: int) -> Finding:
    """A file with more pictures than the one that viewers show."""
    return remark(
        "attachment-pictures-dropped",
        f"“{FILE}”里另有 {count} 幅图，只收入了主图。",
        "请用看图软件把其余各幅分别存成 PNG 或 JPEG，再列为附件。",
    )


def embedded_dropped() -> Finding:
    """Files embedded in the PDF are not printed."""
    return remark(
        "attachment-embedded-files",
        f"“{FILE}”里内嵌的其他文件不会装订。",
        "如内嵌文件也是申报材料，请另存出来，与它放在一起。",
    )


def annotations_undrawn(pages: list[int]) -> Finding:
    """Annotations without an appearance that cannot be drawn; pages from 1."""
    return remark(
        "attachment-annotation-undrawn",
        f"“{FILE}”{_pages_of(pages)}有批注或图章没有自带外观，画不出来，装订版中看不到。",
        "请核对这些页；看不到的内容要印出的，请在 Acrobat 或 WPS 中打开，“打印为 PDF”后替换。",
    )


def ticks_doubtful(pages: list[int]) -> Finding:
    """Check boxes whose recorded state differs from the one shown; pages from 1."""
    return remark(
        "attachment-tick-doubtful",
        f"“{FILE}”{_pages_of(pages)}有勾选框，文件里记录的选择与显示的不一致，按显示的印出。",
        "请核对这些页的勾选；不对的，请在阅读器中重新勾选后“打印为 PDF”替换。",
    )


def notes_closed(pages: list[int]) -> Finding:
    """Notes of which only the icon is on the page; pages from 1."""
    return remark(
        "attachment-notes",
        f"“{FILE}”{_pages_of(pages)}有便签式批注，装订版中只有图标，看不到批注的文字。",
        "批注文字不必提交的可以不管；要提交的，请在阅读器中连同批注一起打印为 PDF 后替换。",
    )


def redaction_pending(pages: list[int]) -> Finding:
    """Redaction marks that were never applied; pages from 1."""
    return remark(
        "attachment-redaction",
        f"“{FILE}”{_pages_of(pages)}有尚未生效的密文（涂黑）标记，标记下的内容会照样印出。",
        ReplaceFile("要遮盖的，请在 Acrobat 中“应用密文”后另存，再替换；不必遮盖的，请删去标记。"),
    )


def layers_for_print() -> Finding:
    """Layers that are printed and not seen on a screen, or the other way round."""
    return remark(
        "attachment-layers",
        f"“{FILE}”有图层只在打印时出现，或只在屏幕上显示；装订版中是打印时的样子。",
        "请在装订版中核对这份材料；要印出屏幕上所见的，请在阅读器中调整图层后“打印为 PDF”替换。",
    )


_OFD_REPLACE = ReplaceFile("请与 OFD 阅读器中所见核对；不一致的，请在阅读器中导出 PDF 后替换。")


def ofd_documents_unread() -> Finding:
    """One of the documents in an OFD file cannot be read; its pages are missing."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”含有几份文档，其中有读不出来的，装订版中没有它们的页面。",
        ReplaceFile("请在 OFD 阅读器中核对；能正常显示的，导出 PDF 后替换；否则请重新索取。"),
    )


def ofd_pages_unread(pages: list[int]) -> Finding:
    """Pages (from 1) of an OFD file whose content cannot be read; they are blank."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{ranges_of(pages)}的内容读不出来，装订版中是空白或不完整的。",
        ReplaceFile("请在 OFD 阅读器中核对；能正常显示的，导出 PDF 后替换；否则请重新索取。"),
    )


def ofd_pictures_missing(pages: list[int]) -> Finding:
    """Pages (from 1) that show a picture which is not in the file."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{_pages_of(pages)}有图片不在文件里，没有印出。",
        _OFD_REPLACE,
    )


def ofd_pictures_unread(pages: list[int]) -> Finding:
    """Pages (from 1) with a picture that cannot be decoded."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{_pages_of(pages)}有图片读不出来，没有印出。",
        _OFD_REPLACE,
    )


def ofd_pictures_damaged(pages: list[int]) -> Finding:
    """Pages (from 1) with a picture of which a part is missing."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{_pages_of(pages)}有图片的数据残缺，印出来会缺一块。",
        ReplaceFile("请在 OFD 阅读器中核对；不完整的，请向出具方重新索取后替换。"),
    )


def ofd_seals_undrawn(pages: list[int]) -> Finding:
    """Pages (from 1) with a seal whose picture cannot be drawn."""
    return remark(
        "attachment-annotation-undrawn",
        f"“{FILE}”{_pages_of(pages)}的电子印章画不出来，装订版中看不到。",
        ReplaceFile("请在 OFD 阅读器中打开，导出 PDF（印章可见）后替换。"),
    )


def ofd_parts_undrawn(pages: list[int]) -> Finding:
    """Pages (from 1) with an object of a kind that is not drawn."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{_pages_of(pages)}有一部分图形画不出来。",
        _OFD_REPLACE,
    )


def ofd_shading_flat(pages: list[int]) -> Finding:
    """Pages (from 1) with a colour gradient that is drawn in one colour."""
    return remark(
        "attachment-shading",
        f"“{FILE}”{_pages_of(pages)}有渐变色画成了单一的颜色，文字和线条不受影响。",
        _OFD_REPLACE,
    )


def ofd_glyphs_missing(pages: list[int], signs: str) -> Finding:
    """Characters that no font has, on pages (from 1)."""
    some = signs[:20] + ("等" if len(signs) > 20 else "")
    return remark(
        "attachment-font-glyphs",
        f"“{FILE}”{_pages_of(pages)}有字没有可用的字体：{some}，它们印出来是方框。",
        _OFD_REPLACE,
    )


def ofd_fonts_replaced(pages: list[int]) -> Finding:
    """Pages (from 1) with text in an embedded font that cannot be read."""
    return remark(
        "attachment-font-unknown",
        f"“{FILE}”{_pages_of(pages)}所用的内嵌字体读不出来，已换用随附的字体，字形可能不同。",
        _OFD_REPLACE,
    )
