"""Word files as LibreOffice shows them, once it is told what its import leaves out.

LibreOffice reads a .docx without three of its rules (7.4; its DomainMapper.cxx): it sets a fifth of
an em between Chinese and Latin whatever w:autoSpaceDE and w:autoSpaceDN say, it takes
w:overflowPunct for its opposite, and it has marks of its own where w:noLineBreaksBefore and
w:noLineBreaksAfter name others. Its own format knows all three. So the file is converted to that,
the rules are put in as the Word file states them, and the pages are made from there.
"""

import re
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree

from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.office import convert

PROCESSES = 2
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SETTINGS = '<config:config-item-set config:name="ooo:configuration-settings">'


def word_pdfs(documents: Sequence[bytes], folder: Path, limits: IntakeLimits) -> list[bytes]:
    """The pages of Word files as PDF, in the order given."""
    paths = [folder / f"{number}.docx" for number in range(len(documents))]
    for path, data in zip(paths, documents, strict=True):
        path.write_bytes(data)
    with ThreadPoolExecutor(PROCESSES) as pool:
        shares = [paths[first::PROCESSES] for first in range(PROCESSES)]
        done = list(pool.map(lambda share: _pdfs(share, folder, limits), shares))
    return [done[n % PROCESSES][n // PROCESSES] for n in range(len(paths))]


def _pdfs(paths: Sequence[Path], folder: Path, limits: IntakeLimits) -> list[bytes]:
    if not paths:
        return []
    flat = convert(paths, folder, limits, "fodt")
    for path, read in zip(paths, flat, strict=True):
        text = read.read_text(encoding="utf-8")
        read.write_text(_with_rules_of(path, text), encoding="utf-8")
    return [pdf.read_bytes() for pdf in convert(flat, folder, limits, "pdf")]


def _with_rules_of(word: Path, flat: str) -> str:
    """LibreOffice's reading of a Word file with the rules that it left out."""
    with zipfile.ZipFile(word) as package:
        styles = etree.fromstring(package.read("word/styles.xml"))
        settings = etree.fromstring(package.read("word/settings.xml"))
    normal = styles.find(f"{_W}style[@{_W}default='1'][@{_W}type='paragraph']/{_W}pPr")
    spaced = any(_is_on(normal, tag) for tag in ("autoSpaceDE", "autoSpaceDN"))
    rules = {
        "style:text-autospace": "ideograph-alpha" if spaced else "none",
        "style:punctuation-wrap": "hanging" if _is_on(normal, "overflowPunct") else "simple",
    }
    for name, value in rules.items():
        flat = re.sub(rf'{name}="[^"]*"', f'{name}="{value}"', flat)
    marks = {
        "BeginLine": settings.find(f"{_W}noLineBreaksBefore").get(f"{_W}val"),
        "EndLine": settings.find(f"{_W}noLineBreaksAfter").get(f"{_W}val"),
    }
    assert _SETTINGS in flat
    return flat.replace(_SETTINGS, _SETTINGS + _forbidden(marks))


def _is_on(properties: etree._Element, tag: str) -> bool:
    found = properties.find(f"{_W}{tag}")
    return found is None or found.get(f"{_W}val") not in ("0", "false", "off")


def _forbidden(marks: dict[str, str]) -> str:
    items = {"Language": "zh", "Country": "CN", "Variant": "", **marks}
    written = "".join(
        f'<config:config-item config:name="{name}" config:type="string">'
        f"{quoteattr(value)[1:-1]}</config:config-item>"
        for name, value in items.items()
    )
    return (
        '<config:config-item-map-indexed config:name="ForbiddenCharacters">'
        f"<config:config-item-map-entry>{written}</config:config-item-map-entry>"
        "</config:config-item-map-indexed>"
    )
