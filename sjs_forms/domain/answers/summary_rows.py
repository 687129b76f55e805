"""Recognises rows of a table that are about other rows: totals, notes and signatures."""

import re
import unicodedata
from collections.abc import Iterable

_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|累计|汇总|平均|总数|合计数|(?:grand|sub)?total|sum)(?:数|值)?:?"
    r"(?:\d+(?:家|个|户|份|项)?(?:单位|企业|公司)?)?|共\d+(?:家|个|户|份|项)(?:单位|企业|公司)?|"
    r"[-—(]*(?:以下|下面)?(?:空白|无正文|无内容|无)?[-—)]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?[\d,.]+(?:%|平方米|平米|m2|家|个|户|份|项|万|元)*")
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填[表报](?:人|单位|日期|时间)|制表人?|审[核批]人?|复核人?|经办人?|"
    r"负责人|领导签字|联系人|联系电话|日期|(?:填报)?单位\(?(?:盖章|公章)\)?):.*",
    re.DOTALL,
)


def is_summary(cells: Iterable[str]) -> bool:
    """Return whether a row holds totals (合计 and only numbers), or notes with their labels.

    `cells` are the texts of its cells; blank ones do not count.
    """
    said = [re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) for text in cells]
    texts = [text for text in said if text and not _NUMBER.fullmatch(text)]
    if not texts:
        return False
    return all(_TOTAL.fullmatch(text) for text in texts) or all(
        _NOTE.fullmatch(text) for text in said if text
    )
