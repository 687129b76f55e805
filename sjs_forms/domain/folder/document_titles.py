"""Makes document titles from file names, and recognises those that are uninformative.

Such names are given by cameras, scanners and messengers, or are left from templates.
"""

import re
from pathlib import PurePath

from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.domain.folder.numbered_names import leading_number

_SUFFIXES = re.compile(r"(\.(pdf|jpe?g|png|tiff?|docx?|xlsx?|wps|ofd))+", re.IGNORECASE)


def title_of(name: str) -> str:
    """Return the title of a file: its name without suffix and ordering number.

    Second codes of a character are replaced by the usual one, see `usual_characters`.
    """
    stem = PurePath(usual_characters(name)).stem
    while _SUFFIXES.fullmatch(PurePath(stem).suffix):
        stem = PurePath(stem).stem
    numbered = leading_number(stem)
    rest = numbered.rest if numbered and numbered.sure else ""
    return rest or stem.strip() or name


_DEVICES = re.compile(
    r"(?<![A-Za-z])(?:"
    r"(?:IMG|VID|PXL|MVIMG|PANO|BURST|DSC[NF]?|SAM|DJI|GOPR|PICT|CCF|CIMG|KIMG)[_\- ]?\d{3,}"
    r"|IMG-\d+-WA\d+|P\d{7,}|mmexport[_\-]?\d*|wx_camera[_\-]?\d*|Wechat(?:IMG)?(?=[_\-\d]|$)"
    r"|Screen[_\- ]?(?:shot|capture)s?|Snipaste|hdImg|tb_image_share"
    r"|CamScanner|Adobe ?Scan|Office ?Lens|Microsoft ?Lens|Genius ?Scan|Scan(?:ned)?[_\- ]?\d{3,}"
    r"|SKM(?:BT)?_?[A-Z]?\d{4,}|MX-?\w+_\d{6,}|KM_C?\d{4,}|doc\d{4,})(?![A-Za-z])"
    r"|微信(?:图片|截图|拍照)(?:编辑)?|企业微信(?:截图|图片)?|QQ(?:图片|截图|浏览器截图)|钉钉(?:截图|图片)?"
    r"|扫描全能王|全能扫描王|夸克扫描王?|布丁扫描|WPS扫描|拍照扫描",
    re.IGNORECASE,
)
"""Names given only by cameras, scanners, messengers and their programs."""

_INVOICE = re.compile(r"dzfp[_-]\d+(?:[_-](?P<seller>.*?))?(?:[_-]\d+)?", re.IGNORECASE)
"""The tax office's name of an electronic invoice: its number, the seller, the time."""

_DRAFTS = re.compile(
    r"(?:最终|最新|终极|最后)(?:版本?|稿)|(?:最终|最新|终极)$|(?:定|终|初|草|改后)稿|终版"
    r"|(?:修改|改好|待修改|修改后)[版稿]|(?<![A-Za-z])(?:final|draft|copy)(?![A-Za-z])",
    re.IGNORECASE,
)
"""An author's name for a version of a document; not part of its title."""

_VERSION = re.compile(r"[-_ ]?(?<![A-Za-z])v(?:er)?\.? ?\d+(?:\.\d+)*$", re.IGNORECASE)
_VERSIONED = ("系统", "软件", "平台", "程序", "app")
"""Products whose version is part of their name."""

_COPY = re.compile(
    r"\s*[-_ ]\s*副本\s*(?:[（(]\d+[）)])?$|^副本[-_ ]|^复件\s*(?:[（(]\d+[）)])?\s+"
)
_DUPLICATE = ("执照", "证书", "许可证", "登记证", "资质证")
"""Documents that are issued as 正本 and 副本."""

_COUNT = re.compile(r"\s*[（(]\d{1,2}[）)]$")

_GENERIC = re.compile(
    r"新建 ?(?:Microsoft ?)?"
    r"(?:Word|Excel|PPT|PowerPoint|DOCX?|XLSX?|PDF|WPS|文字|表格|演示|文本)? ?"
    r"(?:文档|文件|文稿|工作表|演示文稿|文本文档)?|新(?=扫描|文件|文档)|未命名|无标题"
    r"|扫描[件版仪]?|(?:屏幕|手机)?截[图屏]|屏幕快照|图片|图像|照片|相片|拍照|相机|文档|文件|附件|材料|资料"
    r"|合并|打印[版件]?|复印件|测试|下载|副本|复件|正面|反面|第?\d*[页张]|页面|上午|下午|[号年月日时分秒]"
    r"|com(?:\.\w+)+|(?<![A-Za-z])(?:untitled|new|document|docx?|files?|images?|img|pic|picture|photo"
    r"|scan|scanned|scanner|pages?|print|output|export|download|merged?|combined?|compressed|temp|tmp"
    r"|test|pdf|jpe?g|png|dsc|min|copy|[ap]m|at|no|of|the|wa)(?![A-Za-z])",
    re.IGNORECASE,
)
"""Words that fit any file; beside other words they are kept."""

_HASH = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}"
    r"|(?=(?:[A-Za-z]*\d){3})(?=[0-9]*[A-Za-z])[A-Za-z0-9]{20,}[\w\-=+@]*",
    re.IGNORECASE | re.ASCII,
)
_TIME = re.compile(
    r"(?:19|20)\d{2}(?:[-._年]?\d{1,2}(?:[-._月]?\d{1,2}日?)?)?(?:[-_. T]*\d{1,2}[-.:：_]?\d{2}"
    r"(?:[-.:：_]?\d{2,5})?)?|\d{1,2}[-.]\d{1,2}[-.](?:19|20)\d{2}(?:[ _]+\d{1,2}[.:]\d{2})?|\d{6,}"
)
_LETTER = re.compile(r"[^\W\d_]")
_FEW = 2
"""A title of at most this many Latin letters is uninformative."""


def clearer_title(title: str) -> str | None:
    """Return a better title for an uninformative one, or None if it is clear.

    The result is empty if no part of it is useful, so that another source must be used.
    """
    title = title.strip()
    if invoice := _INVOICE.fullmatch(title):
        return "-".join(filter(None, ("发票", invoice["seller"])))
    kept = _without_marks(title)
    if kept != title:
        kept = _tidy(kept, _DEVICES.search(title) is not None)
    if not _says_something(kept):
        return ""
    return None if kept == title else kept


def _without_marks(text: str) -> str:
    """Return the text without names of devices and marks of drafts and copies."""
    text = _DEVICES.sub(" ", text)
    copied = _COPY.sub("", text)
    if not copied.endswith(_DUPLICATE):
        text = copied
    plain = _COUNT.sub("", text)
    version = _VERSION.sub("", plain)
    if version != plain and not version.rstrip(" -_").lower().endswith(_VERSIONED):
        text = plain = version
    drafted = _DRAFTS.sub(" ", plain)
    return text if drafted == plain else drafted


def _tidy(text: str, is_of_device: bool) -> str:
    """Return the text as a title: no empty brackets, no stray or repeated separators."""
    if is_of_device:
        text = re.sub(r"^[\d_\-. ]+|[\d_\-. ]+$", "", _TIME.sub(" ", text))
    text = re.sub(r"[（(【\[]\s*[）)】\]]", " ", text)
    text = re.sub(r"\s*[-_—][-_—\s]*", "-", text)
    return re.sub(r"\s+", " ", text).strip(" -.·、，：:；+~～")


def _says_something(text: str) -> bool:
    """Return whether words remain without numbers, dates and words that fit any file."""
    left = _GENERIC.sub(" ", _TIME.sub(" ", _HASH.sub(" ", text)))
    letters = _LETTER.findall(left)
    return len(letters) > _FEW or not all(letter.isascii() for letter in letters)
