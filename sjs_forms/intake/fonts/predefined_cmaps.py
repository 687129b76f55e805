"""Adobe's character collections: predefined CMaps, and the characters of their CIDs.

The tables are Adobe's cmap-resources as included in pdfminer.six. The code spaces, which these
lack, are defined here (PDF 32000-1, table 118); by them a string is split into codes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sjs_forms.intake.fonts.cmaps import Space
from sjs_forms.intake.fonts.code_charts import is_meaningless

_ORDERINGS = (
    ("Japan1", r"UniJIS|.*RKSJ|(78|Add|Ext|NWP)-|Hankaku|Hiragana|Katakana|Roman|WP|EUC|H$|V$"),
    ("CNS1", "UniCNS|B5|ET|HK|CNS"),
    ("Korea1", "UniKS|KSC"),
    ("GB1", "UniGB|GB"),
)
KNOWN_ORDERINGS = frozenset(ordering for ordering, _ in _ORDERINGS)

_ONE_80 = "00-80"
_SPACES = (
    (r".*UTF32", "00000000-0010ffff"),
    (r".*UTF16", "0000-d7ff d800dc00-dbffdfff e000-ffff"),
    (r".*UTF8", "00-7f c080-dfbf e08080-efbfbf f0808080-f7bfbfbf"),
    (r".*UCS2", "0000-ffff"),
    (r"(GB|GBT)-EUC", f"{_ONE_80} a1a1-fefe"),
    (r"(GB|GBT)pc-EUC", f"{_ONE_80} a1a1-fcfe fd-ff"),
    (r"GBKp?-EUC", f"{_ONE_80} 8140-fefe"),
    (r"GBK2K", "00-7f 81308130-fe39fe39 8140-fefe"),
    (r"B5pc", f"{_ONE_80} a140-fcfe fd-ff"),
    (r"(HK|ETHK|ET|B5)", f"{_ONE_80} 8140-fefe"),
    (r"CNS-EUC", f"{_ONE_80} 8ea1a1a1-8ea7fefe a1a1-fefe"),
    (r"(83pv|90pv)-RKSJ", f"{_ONE_80} 8140-9ffc a0-df e040-fcfc fd-ff"),
    (r".*RKSJ", f"{_ONE_80} 8140-9ffc a0-df e040-fcfc"),
    (r"(78-)?EUC", f"{_ONE_80} 8ea0-8edf a1a1-fefe"),
    (r"KSCms-UHC", f"{_ONE_80} 8141-fefe"),
    (r"KSC-Johab", f"{_ONE_80} 8431-fefe"),
    (r"KSCpc-EUC", "00-84 a141-fdfe fe-ff"),
    (r"KSC-EUC", f"{_ONE_80} a1a1-fefe"),
    (r"Hankaku|Roman|WP-Symbol", "00-ff"),
    (r"", "2121-7e7e"),
)
_DIRECT = (
    ("UTF32", "utf-32-be"),
    ("UTF16", "utf-16-be"),
    ("UTF8", "utf-8"),
    ("UCS2", "utf-16-be"),
)
_BUILT_ON = {"UniJIS-UCS2-HW": "UniJIS-UCS2", "ETenms-B5": "ETen-B5"}
"""Maps of which pdfminer has only the differences from a base map."""


@dataclass(frozen=True, slots=True)
class Predefined:
    """A CMap that PDF readers must know: its code space, collection and direction."""

    name: str
    ordering: str
    spaces: tuple[Space, ...]
    vertical: bool
    codes: Mapping[Any, Any]

    def cid(self, code: bytes) -> int | None:
        """Return the CID of a code, or None."""
        found: Any = self.codes
        for byte in code:
            found = found.get(byte) if isinstance(found, Mapping) else None
        return found if isinstance(found, int) else None

    def text(self, code: bytes) -> str:
        """Return the text of a code, or ""."""
        codec = next((codec for part, codec in _DIRECT if part in self.name), None)
        if codec is not None:
            try:
                return code.decode(codec)
            except UnicodeDecodeError:
                return ""
        cid = self.cid(code)
        return "" if cid is None else character_of(self.ordering, cid, self.vertical)


@lru_cache(maxsize=8)
def predefined(name: str) -> Predefined | None:
    """Return the predefined CMap of that name (without slash), or None."""
    from pdfminer.cmapdb import CMapDB, CMapError

    if not re.fullmatch(r"[A-Za-z0-9\-]{1,32}", name) or name.startswith("to-unicode"):
        return None
    try:
        codes: Any = vars(CMapDB.get_cmap(name))["code2cid"]
        for own, base in _BUILT_ON.items():
            if name.startswith(own):
                below = vars(CMapDB.get_cmap(name.replace(own, base)))["code2cid"]
                codes = _joined(below, codes)
    except (CMapError, OSError, KeyError):
        return None
    ordering = next(order for order, names in _ORDERINGS if re.match(names, name))
    ranges = next(ranges for names, ranges in _SPACES if re.match(names, name)).split()
    spaces = tuple(
        (bytes.fromhex(first), bytes.fromhex(last))
        for first, _, last in (span.partition("-") for span in ranges)
    )
    return Predefined(name, ordering, spaces, name.endswith("V"), codes)


def _joined(base: Mapping[Any, Any], more: Mapping[Any, Any]) -> dict[Any, Any]:
    """Merge one table of codes over another."""
    joined = dict(base)
    for byte, found in more.items():
        below = joined.get(byte)
        if isinstance(found, Mapping) and isinstance(below, Mapping):
            joined[byte] = _joined(below, found)
        else:
            joined[byte] = found
    return joined


def character_of(ordering: str, cid: int, vertical: bool = False) -> str:
    """Return the character of a CID in a collection, or "" if unknown.

    In vertical writing, the CID of a turned character gives the character itself.
    """
    tables = [_texts(ordering, vertical), _texts(ordering, not vertical)]
    found = [table[cid] for table in tables if cid in table]
    return next((text for text in found if not is_meaningless(text)), "")


@lru_cache(maxsize=8)
def _texts(ordering: str, vertical: bool) -> Mapping[int, str]:
    from pdfminer.cmapdb import CMapDB

    if ordering not in KNOWN_ORDERINGS:
        return {}
    return CMapDB.get_unicode_map(f"Adobe-{ordering}", vertical).cid2unichr
