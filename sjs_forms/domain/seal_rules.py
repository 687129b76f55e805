"""Where the notice requires the seal, and the finding for a page on which none was found. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import FindingPlace
from sjs_forms.base.findings.remedies import ReplaceFile
from sjs_forms.domain.programme import SealRule
from sjs_forms.domain.source_facts import Ink, SealLook


class SealPage(Protocol):
    """The properties of a page that matter for seals."""

    @property
    def seal(self) -> SealLook:
        """As in `source_facts.PageFacts`."""

    @property
    def ink(self) -> Ink | None:
        """As in `source_facts.PageFacts`."""


def pages_to_seal(
    rule: SealRule, documents: Sequence[Sequence[SealPage]]
) -> Iterator[tuple[int, int]]:
    """Yield document and page (from 0) of a material's pages that must have the seal.

    Blank pages at the start and end are skipped. If `each` document has one, it is on the page that
    shows it, else on the first.
    """
    last = len(documents) - 1
    if rule.at == "first" and documents:
        yield 0, _inked(documents[0])[0]
    elif rule.at == "last" and documents:
        yield last, _inked(documents[last])[-1]
    elif rule.at == "each":
        for at, pages in enumerate(documents):
            red = [index for index, page in enumerate(pages) if page.seal == "red"]
            yield at, (red or _inked(pages))[0]


def _inked(pages: Sequence[SealPage]) -> Sequence[int]:
    """Return the inked pages, as far as known; all if none is."""
    found = [index for index, page in enumerate(pages) if page.ink is None or any(page.ink.rows)]
    return found or range(max(len(pages), 1))


def unsealed(look: SealLook, page: str, place: FindingPlace, label: str) -> Finding | None:
    """Return a warning if a page, named `page` in Chinese, must have the seal and shows none."""
    if look in ("", "red"):
        return None
    if look == "grey":
        return warning(
            "seal-in-grey",
            place,
            label,
            f"{page}应盖公章，是黑白件，请自行核对：看不出有没有红色公章。",
            ReplaceFile("请对照原件核对；通知要求清晰的盖章扫描件，最好用彩色重新扫描。"),
        )
    colourless = "；整页没有颜色，如是黑白件，请自行核对" if look == "colourless" else ""
    return warning(
        "seal-not-seen",
        place,
        label,
        f"{page}应盖公章，未见红色公章{colourless}。",
        ReplaceFile("请确认已盖章；没有盖的，盖章后用彩色重新扫描；印迹太淡的，请重新盖清楚。"),
    )
