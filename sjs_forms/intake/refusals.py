"""All refusals of files by intake, with their messages. Each function returns one refusal.

Messages name the file by the placeholder FILE, because the same bytes may be in the cache under
another name; `named()` inserts the user's name last.
"""

from sjs_forms.base.findings.file_refusal import FILE, FileGone, FileRefused, PasswordNeeded
from sjs_forms.base.findings.remedies import InstallOffice, PlainAction, ReplaceFile


def empty() -> FileRefused:
    """A file of no bytes."""
    return FileRefused(
        "attachment-empty",
        f"“{FILE}”是空文件（0 字节）。",
        "请重新复制或下载这份材料；在网盘（OneDrive、坚果云、百度网盘等）里的，请先下载到本机。",
    )


def no_pages() -> FileRefused:
    """A document that opens but has no page."""
    return FileRefused("attachment-empty", f"“{FILE}”里一页也没有。", "请重新导出或扫描这份材料。")


def unreadable(why: str) -> FileRefused:
    """A file damaged beyond repair."""
    return FileRefused(
        "attachment-unreadable",
        f"“{FILE}”已损坏，无法读取（{why}）。",
        "请向出具方重新索取，或重新下载、扫描后替换。",
    )


def unknown_coding() -> FileRefused:
    """A picture in an unsupported encoding; it need not be damaged."""
    return FileRefused(
        "attachment-unreadable",
        f"“{FILE}”的图像编码本工具读不了（编码少见，或文件不完整）。",
        "请用看图软件打开，能正常显示的，另存为 PNG 或 JPEG 后替换；打不开的，请重新索取或扫描。",
    )


def truncated() -> FileRefused:
    """A truncated picture."""
    return unreadable("图像数据不完整，后半部分缺失")


def missing() -> FileGone:
    """A file that does not exist."""
    return FileGone(
        "attachment-unreadable",
        f"“{FILE}”不存在。",
        "请核对文件名（含扩展名）和所在文件夹；在网络文件夹或移动硬盘上的，请确认连接正常。",
    )


def encrypted(password: str | None) -> PasswordNeeded:
    """A document whose password is missing or wrong."""
    if password:
        return PasswordNeeded(
            "attachment-encrypted",
            f"“{FILE}”已加密，给出的密码不对。",
            "请核对密码，或在阅读器中去掉密码后另存一份再放进来。",
        )
    return PasswordNeeded(
        "attachment-encrypted",
        f"“{FILE}”已加密，需要密码才能打开。",
        PlainAction.ENTER_PASSWORD,
    )


def too_intricate(bound: int) -> FileRefused:
    """A drawing, a font or the like that unpacks to more than `bound` bytes."""
    return FileRefused(
        "attachment-too-large",
        f"“{FILE}”里有一处图形（或字体）过于复杂，解压后的数据超过上限 {bound / 1e6:g} MB。",
        "请在原软件中把它“打印为 PDF”时选“作为图像打印”，或打印后扫描（300 dpi 足够），再替换。",
    )


def entangled(bound: int) -> FileRefused:
    """Forms that draw each other so often that no program can show them."""
    return FileRefused(
        "attachment-too-large",
        f"“{FILE}”里的图形层层嵌套，一页要画 {bound // 10_000} 万次以上，任何软件都显示不完。",
        "请在原软件中重新导出 PDF，或扫描打印件后替换。",
    )


def out_of_memory() -> FileRefused:
    """Working on it took more memory than one file may use."""
    return FileRefused(
        "attachment-too-large",
        f"处理“{FILE}”所需的内存超过上限。",
        "请拆成几个较小的文件，或以较低的分辨率（300 dpi 足够）重新扫描。",
        passing=True,
    )


def timed_out(seconds: float) -> FileRefused:
    """It was not finished within its time."""
    return FileRefused(
        "attachment-timeout",
        f"处理“{FILE}”超过 {seconds:g} 秒仍未完成，已停止。",
        "请拆成几个较小的文件，或在阅读器中“打印为 PDF”后用打印所得的文件替换。",
    )


def portfolio() -> FileRefused:
    """A PDF that is only a wrapper for other files."""
    return FileRefused(
        "attachment-portfolio",
        f"“{FILE}”是 PDF 文件包（作品集），本身没有材料页，内容都在内嵌的文件里。",
        ReplaceFile(
            "请用 Acrobat 打开它，把内嵌的文件逐个另存出来，放进这一项，再把它移走。",
            is_renamed=True,
        ),
    )


def xfa() -> FileRefused:
    """An XFA form, whose pages exist only in the program that made it."""
    return FileRefused(
        "attachment-xfa",
        f"“{FILE}”是 XFA 动态表单，没有可印刷的真实页面。",
        "请用 Acrobat Reader 打开，用“打印 → Microsoft Print to PDF”另存为普通 PDF 后替换。",
    )


def office_missing() -> FileRefused:
    """An Office document on a machine without LibreOffice."""
    return FileRefused(
        "attachment-office",
        f"“{FILE}”是 Office 文档，而本机没有安装 LibreOffice，无法转换。",
        InstallOffice("用 WPS、Word 打开后另存为 PDF 再放进来。"),
    )


def office_failed() -> FileRefused:
    """A document that LibreOffice could not convert; another version of it may."""
    return FileRefused(
        "attachment-unreadable",
        f"“{FILE}”无法由 LibreOffice 转换成 PDF"
        "（文件可能已损坏或加了密码，也可能是本机的 LibreOffice 不能正常工作）。",
        "请用 WPS、Word 打开后另存为 PDF 再放进来。",
        passing=True,
    )


def office_encrypted() -> FileRefused:
    """An encrypted Office document."""
    return FileRefused(
        "attachment-encrypted",
        f"“{FILE}”是加了密码的 Office 文档。",
        "请用 WPS、Word 打开后另存为 PDF（不加密码）再放进来。",
    )


def confinement_missing() -> FileRefused:
    """A legacy Office document on a machine that cannot confine LibreOffice."""
    return FileRefused(
        "attachment-office",
        f"“{FILE}”可能引用本机的其他文件（旧格式的 Office 文档看不出来），"
        "而本机不能限制 LibreOffice 读取哪些文件。",
        "请用 WPS、Word 打开后另存为 PDF（或 .docx、.xlsx、.pptx）再放进来。",
    )


def ofd_encrypted() -> FileRefused:
    """An OFD document encrypted as a whole (GM/T 0099), or with encrypted members."""
    return FileRefused(
        "attachment-encrypted",
        f"“{FILE}”是加密的 OFD 文件。",
        "请在 OFD 阅读器中打开，另存为不加密的 OFD 或 PDF 后替换。",
    )


def ofd_with_dtd() -> FileRefused:
    """An OFD document with a part that declares a document type; no writer of OFD does."""
    return FileRefused(
        "attachment-unreadable",
        f"“{FILE}”的内部结构不合 OFD 的规范（含有 DTD），没有读取。",
        "请向出具方重新索取，或在 OFD 阅读器中导出 PDF 后替换。",
    )


def ofd_too_intricate(what: str) -> FileRefused:
    """An OFD document past the bound `what`."""
    return FileRefused(
        "attachment-too-large",
        f"“{FILE}”的内容过于复杂，超过上限 {what}。",
        "请在 OFD 阅读器中导出 PDF，或打印后扫描（300 dpi 足够），再替换。",
    )


def ofd_unreadable(why: str) -> FileRefused:
    """An OFD document of which no page can be read."""
    return FileRefused(
        "attachment-unreadable",
        f"“{FILE}”是 OFD 文件，但读不出页面（{why}）。",
        "请先用 OFD 阅读器打开；能正常显示的，导出 PDF 后替换；打不开的，请向出具方重新索取。",
    )
