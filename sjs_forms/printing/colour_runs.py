"""Assigns sheets to press runs when a shop prints coloured sheets separately.

A sheet has two sides and belongs to the run of the more demanding one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sjs_forms.volume.binding_plan import BindingPlan, Side
from sjs_forms.volume.plan_views import side_title

Run = Literal["colour", "stock", "mono"]
"""Printed in colour; printed in black on coloured paper; printed in black on white."""

MERGING_LIST = "合册表.csv"
_FILES: dict[Run, str] = {"colour": "彩页.pdf", "stock": "彩纸页.pdf", "mono": "内页.pdf"}
_PAPER: dict[Run, str] = {"colour": "白纸，彩色", "stock": "彩纸，黑色", "mono": "白纸，黑色"}


@dataclass(frozen=True, slots=True)
class PrintRun:
    """The sheets of one run, in the order of the volume, and the file that holds them."""

    run: Run
    file: str
    sheets: tuple[int, ...]


def print_runs(plan: BindingPlan) -> tuple[PrintRun, ...]:
    """Return the runs that the volume needs. Each sheet is in exactly one; empty runs are
    omitted.
    """
    sheets: dict[Run, list[int]] = {run: [] for run in _FILES}
    for faces in plan.faces:
        sheets[_run_of(faces, plan)].append(faces[0].sheet)
    return tuple(PrintRun(run, _FILES[run], tuple(found)) for run, found in sheets.items() if found)


def _run_of(faces: Sequence[Side], plan: BindingPlan) -> Run:
    if any(side.coloured for side in faces):
        return "colour"
    if plan.divider_colour == "paper" and any(side.kind == "divider" for side in faces):
        return "stock"
    return "mono"


def merging_list(plan: BindingPlan, runs: Sequence[PrintRun]) -> list[list[str]]:
    """Return a header and a row for every sheet in order: where it is printed, what it is.

    First and last page are two columns, because a spreadsheet reads 1-2 as a date.
    """
    rows = [["张", "文件", "首页", "末页", "用纸", "正面", "背面"]]
    place = {
        sheet: (run, 2 * ordinal + 1) for run in runs for ordinal, sheet in enumerate(run.sheets)
    }
    for faces in plan.faces:
        run, page = place[faces[0].sheet]
        recto, verso = (side_title(plan, side) for side in faces)
        rows.append(
            [
                str(faces[0].sheet),
                run.file,
                str(page),
                str(page + 1),
                _PAPER[run.run],
                recto,
                verso,
            ]
        )
    return rows
