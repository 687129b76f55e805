"""The content of the divider pages, and the position and height of their thumb tabs."""

from dataclasses import dataclass

from sjs_forms.domain.placement import A4_HEIGHT, MM
from sjs_forms.domain.print_rules import Binding
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.plan_views import ContentsRow, chinese_number, contents_rows

_NO_GROUND = "transparent"
_BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class DividerPage:
    """A divider page: its colours, its documents and its tab.

    On coloured paper the divider is black on an unprinted ground, and its tab a black block.
    `tab_top` and `tab_height` are in millimetres, the former from the head of the page.
    """

    numeral: str
    title: str
    hint: str
    colour: str
    ink: str
    tab_text: str
    tab_top: float
    tab_height: float
    rows: tuple[ContentsRow, ...]


def divider_pages(plan: BindingPlan, binding: Binding) -> tuple[DividerPage, ...]:
    """Return the dividers in order, each tab below the last, so that a closed book shows all."""
    rows = contents_rows(plan)
    sections = [part.section for part in plan.dividers if part.section is not None]
    steps = max((section.number for section in sections), default=1)
    pitch, height = tab_steps(binding, steps)
    on_paper = plan.divider_colour == "paper"
    pages = []
    for section in sections:
        pages.append(
            DividerPage(
                chinese_number(section.number),
                section.title,
                section.material.hint,
                _NO_GROUND if on_paper else section.material.colour,
                _BLACK if on_paper else section.material.ink,
                section.material.short,
                round(binding.tab_top_mm + (section.number - 1) * pitch, 2),
                round(height, 2),
                tuple(row for row in rows if row.level and plan.part(row.part).section is section),
            )
        )
    return tuple(pages)


def tab_steps(binding: Binding, steps: int) -> tuple[float, float]:
    """Return pitch and height of `steps` tabs in millimetres.

    They are the policy's if all tabs fit on the page; otherwise both are reduced so that none
    overlaps or leaves the page.
    """
    room = A4_HEIGHT / MM - 2 * binding.tab_top_mm
    pitch = min(binding.tab_pitch_mm, room / steps)
    return pitch, min(binding.tab_height_mm, pitch * 0.9)
