"""Kinds of files that cannot become pages, each with advice on how to get one that can."""

from dataclasses import dataclass

from sjs_forms.base.findings.file_refusal import FILE, FileRefused
from sjs_forms.base.findings.remedies import ReplaceFile


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    remedy: str
    code: str = "attachment-type"


_PRINT = "用“打印 → Microsoft Print to PDF”（Mac 上用“导出为 PDF”）得到 PDF，放在这里替换它"
_UNPACK = "请把它解压，把解压出的文件中要用的放进这一项，再把压缩包移走（不移走会一直提示）"

_KINDS = {
    "program": _Kind(
        "是一个程序，不是文档", "请换成真正的材料文件（PDF、OFD、图片或 Office 文档）"
    ),
    "text": _Kind("是纯文本，没有版面", "请粘贴到 Word 中排好版，另存为 PDF 后再放进来"),
    "table": _Kind(
        "是纯文本的数据表（CSV 一类），没有版面",
        "请用 WPS 或 Excel 打开，调好列宽和页面，另存为 PDF 后再放进来",
    ),
    "html": _Kind(
        "是网页，不是文档（多半是下载时存成了登录页或提示页）",
        "请在浏览器中打开它，用“打印 → 另存为 PDF”得到 PDF，或重新下载原文件",
    ),
    "html-table": _Kind(
        "其实是网页格式的表格（系统导出的 .xls、.doc 常是这样）",
        "请用 WPS 或 Excel、Word 打开它，另存为 PDF（或真正的 .xlsx、.docx）后再放进来",
    ),
    "web-archive": _Kind(
        "是网页存档（MHTML，Word 的“单个文件网页”也是）",
        "请用 Word、WPS 或浏览器打开它，另存为（打印成）PDF 后再放进来",
    ),
    "xml": _Kind(
        "是 XML 数据，没有版面",
        "请在导出它的系统里改为导出或打印 PDF，再放进来",
    ),
    "invoice": _Kind(
        "是 XML 格式的电子发票数据，没有版面",
        "请在电子税务局或开票方给的链接里下载同一张发票的 OFD 或 PDF，放在这里替换它",
    ),
    "xps": _Kind("是 XPS 文档", f"请用 Windows 的“XPS 查看器”打开它，{_PRINT}"),
    "iwork": _Kind(
        "是苹果 iWork 文稿（Pages、Numbers 或 Keynote）",
        "请在 Mac（或 iCloud.com 网页）上打开它，用“文件 → 导出为 → PDF”得到 PDF 后再放进来",
    ),
    "zip": _Kind("是 ZIP 压缩包", _UNPACK),
    "rar": _Kind("是 RAR 压缩包", _UNPACK),
    "archive": _Kind("是压缩包或光盘映像", _UNPACK),
    "mail": _Kind(
        "是一封邮件",
        "请打开它，把里面的附件单独存出来，放进这一项；正文也要用的，打印成 PDF；再把邮件移走",
    ),
    "mail-part": _Kind(
        "是 Outlook 邮件的 winmail.dat，附件包在里面",
        "请用 Outlook 打开原邮件，把附件单独存出来，放进这一项，再把它移走",
    ),
    "shortcut": _Kind(
        "只是快捷方式或网址，文件本身不在这里",
        "请打开它找到真正的文件（在线文档请下载为 PDF），把文件放进这一项，再删去快捷方式",
    ),
    "cloud": _Kind(
        "只是网盘的占位文件，文件本身还在云端",
        "请在网盘中把它下载到本机，再放进来",
    ),
    "hollow": _Kind(
        "里面全是空白字节，没有内容（多半是网盘没有下载完，或复制时中断了）",
        "请在网盘中把它下载到本机，或从原处再复制一次",
    ),
    "apple": _Kind(
        "只是苹果系统的附属文件（名字以“._”开头的一类），不是文档",
        "请换成名字里没有“._”的那个文件",
    ),
    "torrent": _Kind("是下载种子，文件本身不在这里", "请用下载软件把文件下载下来，再放进来"),
    "cad": _Kind(
        "是 CAD 图纸",
        "请用 CAD 软件（或看图软件）打开它，打印成 PDF（图纸用 A3 或 A4）后再放进来",
    ),
    "visio": _Kind("是 Visio 图", "请用 Visio（或 WPS）打开它，另存为 PDF 后再放进来"),
    "publisher": _Kind("是 Publisher 文档", "请用 Publisher 打开它，另存为 PDF 后再放进来"),
    "word-processor": _Kind(
        "是较少用的文字处理格式",
        "请用制作它的软件（或 WPS）打开，另存为 PDF 后再放进来",
    ),
    "note": _Kind("是 OneNote 笔记", "请在 OneNote 中打开它，用“文件 → 导出 → PDF”得到 PDF"),
    "cnki": _Kind(
        "是知网文献（CAJ 等）",
        f"请在知网改下 PDF 格式，或用 CAJViewer 打开，{_PRINT}",
    ),
    "ebook": _Kind("是电子书", f"请用阅读软件打开它，只把需要的页{_PRINT}"),
    "printer": _Kind(
        "是发给打印机的文件（PRN 一类）",
        "请重新打印一次，打印机选“Microsoft Print to PDF”，不要勾“打印到文件”",
    ),
    "vector": _Kind("是矢量图", "请用能编辑它的软件打开，导出为 PDF 后再放进来"),
    "design": _Kind(
        "是设计软件的文件（PSD、CDR 一类）", "请用设计软件打开它，导出为 PDF 或高清图片后再放进来"
    ),
    "media": _Kind("是音频或视频，不能印在纸上", "请移走；需要画面的，请截图另存为图片再放进来"),
    "font": _Kind("是字体文件，不是文档", "请移走"),
    "data": _Kind(
        "是数据库或程序数据，不是文档",
        "请在使用它的软件里把需要的内容打印成 PDF 再放进来；不需要的请移走",
    ),
    "key": _Kind(
        "是数字证书或密钥，不是材料",
        "请移走并妥善保管，不要随材料提交；需要证明的，请放证书页面的截图或打印成的 PDF",
    ),
    "signed": _Kind(
        "是签名封装（P7M、P7S 一类），文件本身包在里面或在别处",
        "请用签署它的软件打开，取出里面的 PDF 放到这里，再把它移走",
    ),
    "protected": _Kind(
        "受权限管理或加密软件保护，在这里打不开（文件没有损坏）",
        "请在有权限的电脑上打开它，另存或打印成不受保护的 PDF 后再放进来；"
        "不允许另存的，请向制作单位或本单位的信息部门申请解密后的文件",
        code="attachment-protected",
    ),
    "unknown": _Kind(
        "不是认识的文件类型",
        f"请用能打开它的软件打开，{_PRINT}；在本单位的电脑上能打开、换一台就打不开的，"
        "多半由加密软件加了密，请先申请解密",
    ),
}


def refused_type(kind: str) -> FileRefused:
    """Return the refusal of a kind, with its own advice."""
    known = _KINDS.get(kind, _KINDS["unknown"])
    action = ReplaceFile(f"{known.remedy}。", is_renamed=True)
    return FileRefused(known.code, f"“{FILE}”{known.what}，不能装订。", action)
