"""The one way intake says no, and every sentence with which it does.

Sentences name the file through the placeholder FILE, because the same bytes may lie in the
cache under another name; `named()` puts the user's own words in at the last moment.
"""

from dataclasses import dataclass, replace

from sjs_forms.facts import Remark

FILE = "\ufffc"
"""Stands in every sentence for the file as the user wrote it."""

_MOST_RUNS = 20
"""Runs of page numbers that a sentence names."""

_AS_PDF = "请在原软件中打开它，另存（导出）为 PDF 后再放进来"


class Unusable(Exception):
    """A file that cannot be taken in: stable `code`, Chinese `message` and `remedy`.

    `passing` says that the same file may do better another time (a program is missing, the
    time ran out), so that the refusal must not be remembered.
    """

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.code = code
        self.message = message
        self.remedy = remedy

    @property
    def passing(self) -> bool:
        """Whether another try may end otherwise."""
        return self.code in ("attachment-timeout", "attachment-office")

    def named(self, shown: str) -> "Unusable":
        """The same refusal in the user's own words for the file."""
        return Unusable(
            self.code, self.message.replace(FILE, shown), self.remedy.replace(FILE, shown)
        )


class Damaged(Exception):
    """This reader cannot make the file out; another may."""


class Pageless(Damaged):
    """This reader opens the document and finds no page in it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    remedy: str


_REFUSED = {
    "program": _Kind("是一个程序，不是文档", "请换成真正的材料文件（PDF、图片或 Office 文档）"),
    "text": _Kind("是纯文本，没有版面", "请粘贴到 Word 中排好版，另存为 PDF 后再放进来"),
    "html": _Kind(
        "是网页，不是文档（多半是下载时存成了登录页或提示页）",
        "请在浏览器中打开它，用“打印 → 另存为 PDF”得到 PDF，或重新下载原文件",
    ),
    "ofd": _Kind("是 OFD 版式文件，暂不支持", "请在税务平台（或 OFD 阅读器）中导出 PDF 后再放进来"),
    "zip": _Kind("是 ZIP 压缩包", "请先解压，把里面的文件逐个作为附件列出"),
    "rar": _Kind("是 RAR 压缩包", "请先解压，把里面的文件逐个作为附件列出"),
    "archive": _Kind("是压缩包", "请先解压，把里面的文件逐个作为附件列出"),
    "mail": _Kind("是一封邮件", "请把邮件里的附件单独存出来，再作为附件列出"),
    "vector": _Kind("是矢量图", _AS_PDF),
    "unknown": _Kind("不是认识的文件类型", _AS_PDF),
}


def refused_type(kind: str) -> Unusable:
    """A file of a type that no page can be made of; each type with its own advice."""
    known = _REFUSED.get(kind, _REFUSED["unknown"])
    return Unusable("attachment-type", f"“{FILE}”{known.what}，不能装订。", f"{known.remedy}。")


def empty() -> Unusable:
    """A file of no bytes."""
    return Unusable(
        "attachment-empty", f"“{FILE}”是空文件（0 字节）。", "请重新复制或下载这份材料。"
    )


def no_pages() -> Unusable:
    """A document that opens but has no page."""
    return Unusable("attachment-empty", f"“{FILE}”里一页也没有。", "请重新导出或扫描这份材料。")


def unreadable(why: str) -> Unusable:
    """Damaged beyond what any reader repairs."""
    return Unusable(
        "attachment-unreadable",
        f"“{FILE}”已损坏，无法读取（{why}）。",
        "请向出具方重新索取，或重新下载、扫描后替换。",
    )


def truncated() -> Unusable:
    """A picture that ends too early."""
    return unreadable("图像数据不完整，后半部分缺失")


def missing() -> Unusable:
    """The file is not there, or its owner does not let us read it."""
    return Unusable(
        "attachment-unreadable",
        f"“{FILE}”不存在或没有读取权限。",
        "请核对文件名（含扩展名）和所在文件夹，并确认它没有被别的程序占用。",
    )


def encrypted(password: str | None) -> Unusable:
    """A document that opens only with a password, which is missing or wrong."""
    if password:
        return Unusable(
            "attachment-encrypted",
            f"“{FILE}”已加密，application.json 中给出的 password 不对。",
            "请核对密码，或在阅读器中去掉密码后另存一份再放进来。",
        )
    return Unusable(
        "attachment-encrypted",
        f"“{FILE}”已加密，需要密码才能打开。",
        "请在 application.json 该附件中写明 password，或去掉密码后另存一份再放进来。",
    )


def too_large(what: str, found: str, bound: str) -> Unusable:
    """Past one of the bounds; `what` says which, `found` and `bound` carry their units."""
    return Unusable(
        "attachment-too-large",
        f"“{FILE}”的{what}为 {found}，超过上限 {bound}。",
        "请拆成几个较小的文件，或以较低的分辨率（300 dpi 足够）重新扫描。",
    )


def entangled(bound: int) -> Unusable:
    """Forms that draw each other so often that no program comes to an end with it."""
    return Unusable(
        "attachment-too-large",
        f"“{FILE}”里的图形层层嵌套，一页要画 {bound // 10_000} 万次以上，任何软件都显示不完。",
        "请在原软件中重新导出 PDF，或扫描打印件后替换。",
    )


def out_of_memory() -> Unusable:
    """Working on it took more memory than one file may have."""
    return Unusable(
        "attachment-too-large",
        f"处理“{FILE}”所需的内存超过上限。",
        "请拆成几个较小的文件，或以较低的分辨率（300 dpi 足够）重新扫描。",
    )


def timed_out(seconds: float) -> Unusable:
    """Not done within its time."""
    return Unusable(
        "attachment-timeout",
        f"处理“{FILE}”超过 {seconds:g} 秒仍未完成，已停止。",
        "请拆成几个较小的文件，或在阅读器中“打印为 PDF”后用打印所得的文件替换。",
    )


def portfolio() -> Unusable:
    """A PDF that is only a wrapper round other files."""
    return Unusable(
        "attachment-portfolio",
        f"“{FILE}”是 PDF 文件包（作品集），本身没有材料页，内容都在内嵌的文件里。",
        "请用 Acrobat 打开，把内嵌的文件逐个另存出来，再分别作为附件列出。",
    )


def xfa() -> Unusable:
    """An XFA form, whose pages exist only in the program that made it."""
    return Unusable(
        "attachment-xfa",
        f"“{FILE}”是 XFA 动态表单，没有可印刷的真实页面。",
        "请用 Acrobat Reader 打开，用“打印 → Microsoft Print to PDF”另存为普通 PDF 后替换。",
    )


def office_missing() -> Unusable:
    """An Office document on a machine without LibreOffice."""
    return Unusable(
        "attachment-office",
        f"“{FILE}”是 Office 文档，而本机没有安装 LibreOffice，无法转换。",
        "请安装 LibreOffice，或用 WPS、Word 打开后另存为 PDF 再放进来。",
    )


def office_failed() -> Unusable:
    """LibreOffice made nothing of the document."""
    return Unusable(
        "attachment-unreadable",
        f"“{FILE}”无法由 LibreOffice 转换成 PDF（文件可能已损坏或加了密码）。",
        "请用 WPS、Word 打开后另存为 PDF 再放进来。",
    )


def office_encrypted() -> Unusable:
    """An Office document under a password."""
    return Unusable(
        "attachment-encrypted",
        f"“{FILE}”是加了密码的 Office 文档。",
        "请用 WPS、Word 打开后另存为 PDF（不加密码）再放进来。",
    )


def _ranges_of(numbers: list[int]) -> str:
    """Page numbers from 1, in ascending order, runs of them joined, for a sentence."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = "、".join(str(a) if a == b else f"{a}–{b}" for a, b in runs[:_MOST_RUNS])
    return f"第 {told} 页" + (f"等 {len(numbers)} 页" if len(runs) > _MOST_RUNS else "")


def _pages_of(numbers: list[int]) -> str:
    """Page numbers from 1, the first few of them, for a sentence."""
    head = "、".join(str(number) for number in numbers[:8])
    return f"第 {head} 页" + (f"等 {len(numbers)} 页" if len(numbers) > 8 else "")


def repaired(pages: int = 0) -> Remark:
    """The file was damaged; what can be shown has been saved.

    `pages` is how many it says it has, if all of them are there.
    """
    there = f"；文件所记的 {pages} 页都在" if pages else ""
    return Remark(
        "attachment-repaired",
        f"“{FILE}”的文件结构有损坏，已修复后收入{there}。",
        "请在装订版中逐页核对这份材料；如有缺失，请重新索取原件。",
    )


def lost_pages(numbers: list[int], pages: int, kept: int) -> Remark:
    """`numbers` are pages (from 1) of the file as it was, with `pages`, that are not in it now."""
    return Remark(
        "attachment-pages-lost",
        f"“{FILE}”原有 {pages} 页，其中{_ranges_of(numbers)}在文件里已残缺，没有收入；"
        f"收入了其余 {kept} 页。",
        "请向出具方重新索取完整的文件，或重新下载、扫描后替换。",
    )


def cut_short(kept: int) -> Remark:
    """The file ends too early, and nothing in it says how many pages it had."""
    return Remark(
        "attachment-pages-lost",
        f"“{FILE}”不完整，在末尾被截断（可能没有下载或复制完）；收入了能读出的 {kept} 页，"
        f"第 {kept} 页之后可能还有缺页。",
        "请向出具方重新索取完整的文件，或重新下载、扫描后替换。",
    )


def update_lost(pages: int) -> Remark:
    """What was saved last is cut off; the `pages` are those from before it."""
    return Remark(
        "attachment-update-lost",
        f"“{FILE}”的末尾被截断：最后一次保存的修改（填写、批注、签章等）已残缺，"
        f"收入的是修改之前的第 1–{pages} 页。",
        "请逐页核对；如有缺失，请重新索取、下载或扫描后替换。",
    )


def blank_pages(numbers: list[int]) -> Remark:
    """`numbers` are pages (from 1) on which nothing is left."""
    return Remark(
        "attachment-pages-blank",
        f"“{FILE}”{_ranges_of(numbers)}是空白：文件有损坏，这些页的内容可能已经丢失。",
        "请向出具方重新索取完整的文件，或重新下载、扫描后替换。",
    )


def incomplete_pages(numbers: list[int]) -> Remark:
    """`numbers` are pages (from 1) of which a part is lost."""
    return Remark(
        "attachment-pages-incomplete",
        f"“{FILE}”{_ranges_of(numbers)}可能不完整：这些页的一部分内容在文件里已损坏或丢失。",
        "请对照原件逐页核对；如有缺失，请重新索取、下载或扫描后替换。",
    )


def rasterised(dpi: int) -> Remark:
    """Only a picture of each page could be had."""
    return Remark(
        "attachment-rasterised",
        f"“{FILE}”损坏较重，各页已按 {dpi} dpi 画成图片收入，文字不能再选取。",
        "请在装订版中逐页核对这份材料；如能重新索取原件，请替换。",
    )


def signed() -> Remark:
    """A digital signature does not survive being merged."""
    return Remark(
        "attachment-signed",
        f"“{FILE}”带有数字签名（电子签章）；合并装订后只保留外观，签名无法再验证。",
        "无需修改；原文件会随在线申报材料一并提交，供验证签名。",
    )


def low_resolution(numbers: list[int], dpi: int) -> Remark:
    """`numbers` are the pages (from 1) that print below 150 dpi; `dpi` is the worst of them."""
    return Remark(
        "attachment-low-resolution",
        f"“{FILE}”{_pages_of(numbers)}印在 A4 纸上只有约 {dpi} dpi，可能不清晰。",
        "请以 300 dpi（至少 150 dpi）重新扫描，或用更高像素重新拍摄。",
    )


def animated() -> Remark:
    """Only the first frame of a moving picture is printed."""
    return Remark(
        "attachment-animated",
        f"“{FILE}”是动图，只收入第一帧。",
        "如需其他画面，请把它们分别存成图片再列为附件。",
    )


def embedded_dropped() -> Remark:
    """Files inside the PDF are not printed."""
    return Remark(
        "attachment-embedded-files",
        f"“{FILE}”里内嵌的其他文件不会装订。",
        "如内嵌文件也是申报材料，请另存出来并单独列为附件。",
    )


def in_words(remark: Remark, shown: str) -> Remark:
    """A remark in the user's own words for the file."""
    return replace(
        remark,
        message=remark.message.replace(FILE, shown),
        remedy=remark.remedy.replace(FILE, shown),
    )
