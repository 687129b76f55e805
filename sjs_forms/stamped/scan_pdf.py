"""Binds scanned pages into one PDF, in order and upright; their content is unchanged."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A page of a clean PDF (index from 0), and the clockwise turn that sets it upright."""

    clean: Path
    index: int
    turn: int


def bind_scans(pages: Sequence[ScanPage], title: str, target: Path) -> None:
    """Write the pages to `target`, with the same bytes every time. Links are left out."""
    import pikepdf

    with ExitStack() as opened, pikepdf.new() as bound:
        sources: dict[Path, pikepdf.Pdf] = {}
        for page in pages:
            if page.clean not in sources:
                sources[page.clean] = opened.enter_context(pikepdf.open(page.clean))
            bound.pages.append(sources[page.clean].pages[page.index])
            last = bound.pages[-1]
            last.rotate(page.turn, relative=True)
            if "/Annots" in last:
                del last["/Annots"]
        bound.docinfo["/Title"] = pikepdf.String(title)
        bound.save(target, deterministic_id=True)
