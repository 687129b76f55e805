"""Names of organisations in running text."""

import re

from sjs_forms.reading.page_text import Found

_ENDS = (
    r"(?:公司|合伙企业(?:\((?:有限合伙|普通合伙|特殊普通合伙)\))?|事务所(?:\([^)]{2,8}\))?"
    r"|研究院|研究所|研究中心|中心|学院|大学|医院|实验室|学会|协会|联盟|基金会|集团|厂|院|所)"
)
NAME = rf"[\u4e00-\u9fffA-Za-z0-9()·&\-]{{2,38}}?{_ENDS}"
"""A name up to the first ending that it may have; what follows may belong to it too."""
_WHOLE = re.compile(NAME + r"(?=$|[^\u4e00-\u9fff])")
_ENDED = re.compile(_ENDS + "$")


def completed(found: Found) -> Found:
    """Return a name that was broken over two lines in one piece, if so it has an ending."""
    if _ENDED.search(found.text) or not found.after:
        return found
    match = _WHOLE.match(found.text + found.after)
    if match and len(match[0]) > len(found.text):
        return Found(match[0], found.box, found.after[len(match[0]) - len(found.text) :])
    return found


def same_name(name: str, read: str, after: str = "") -> bool:
    """Return whether a name is what was read, or what was read with what stands after it."""
    return read == name or ((read + after).startswith(name) and name.startswith(read))
