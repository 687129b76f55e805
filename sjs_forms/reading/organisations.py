"""Names of organisations in running text."""

import re
from typing import Literal

from sjs_forms.reading.page_text import Found

_ENDS = (
    r"(?:公司|合伙企业(?:\((?:有限合伙|普通合伙|特殊普通合伙)\))?|事务所(?:\([^)]{2,8}\))?"
    r"|研究院|研究所|研究中心|中心|学院|大学|医院|实验室|学会|协会|联盟|基金会|集团|厂|院|所)"
)
NAME = rf"[\u4e00-\u9fffA-Za-z0-9()·&\-]{{2,38}}?{_ENDS}"
"""A name up to the first ending that it may have; what follows may belong to it too."""
_ENDED = re.compile(_ENDS + "$")
_LONGER = re.compile(r"[\u4e00-\u9fff]{1,20}")
_LABEL = re.compile(
    r"类型|账号|账户|帐号|开户|法定代表人|负责人|注册资本|住所|地址|成立日期|统一社会信用代码|纳税人"
    r"|电话|联系人|证照|证件|经营|营业期限|币种|客户号|性质"
)
"""What follows a name on a line that was not divided: the next label."""
_STOPS = re.compile(r"[,;:。、]")
_OPEN = re.compile(r"\([^)]*$")


def completed(found: Found) -> Found | None:
    """Return the name in what stands after a label; None if it is none.

    One that was broken over two lines is put together, if so it has an ending.
    """
    name = _cut(found.text)
    if name and not _ENDED.search(name) and name == found.text and found.after:
        whole = _cut(found.text + found.after)
        name = whole if _ENDED.search(whole) else name
    return Found(name, found.box) if len(name) > 1 else None


def _cut(text: str) -> str:
    """Return text up to a mark that no name has, or the next label."""
    for pattern in (_STOPS, _LABEL, _OPEN):
        if match := pattern.search(text):
            text = text[: match.start()]
    return text


def name_outcome(name: str, read: str) -> Literal["same", "differs", "unread"]:
    """Return whether what was read is a name, another, or neither for certain."""
    if read == name:
        return "same"
    if read.startswith(name):
        more = read[len(name) :]
        is_longer = _LONGER.fullmatch(more) is not None and _ENDED.search(more) is not None
        return "unread" if is_longer else "same"
    if name.startswith(read) or not has_ending(read):
        return "unread"
    return "differs"


def has_ending(read: str) -> bool:
    """Return whether a name ends as those of organisations do."""
    return _ENDED.search(read) is not None
