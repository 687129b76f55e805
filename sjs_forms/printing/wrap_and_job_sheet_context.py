"""Template contexts of the wrap and the job sheet: all their words and measures, in millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.line import printed_line
from sjs_forms.domain.programme import Programme
from sjs_forms.printing.print_job import TRIM_HEIGHT, TRIM_WIDTH, PrintJob, SealPlace, SheetRange
from sjs_forms.printing.spine import PITCH
from sjs_forms.volume.own_pages import cover_context
from sjs_forms.volume.plan_views import AWAITED

SLUG = 10.0
"""Margin of paper around the trimmed wrap, for its marks."""
MARK = 5.0
"""Length of a crop or fold mark, which begins a millimetre outside the bleed."""


@dataclass(frozen=True, slots=True)
class Density:
    """How tightly the job sheet is set: type size in points, and the maximum rows of each list."""

    size_pt: float
    rows: int


DENSITIES = (
    Density(9.5, 24),
    *(Density(8.5, rows) for rows in (36, 24, 18, 15, 12, 10, 8)),
    Density(8, 5),
)
"""Tried in turn until the job sheet fits one page."""
_PICTURES = 12
_MESSAGE, _DOUBT = 58, 90
"""Characters of a message on the job sheet: one line, or two if it shows a changed answer."""

_DUPLEX = {"long-edge": "沿长边翻转"}
_DIVIDERS = {"ink": "印在白纸上，整面彩色。", "paper": "换彩纸，黑色印。"}
_STATES = {
    "to-seal": "待盖",
    "check": "核对扫描件",
    "not-seen": "未见红章",
    "grey": "黑白件待核",
    "missing": "材料未到",
}


def wrap_context(programme: Programme, application: Application, job: PrintJob) -> dict[str, Any]:
    """Return the context of pages/wrap.html: back, spine and front from left to right."""
    front = TRIM_WIDTH + job.spine.width_mm
    return {
        "cover": cover_context(programme, application, job.volume_title),
        "media": {"width": job.wrap_width_mm + 2 * SLUG, "height": TRIM_HEIGHT + 2 * SLUG},
        "slug": SLUG,
        "panel": {"width": TRIM_WIDTH, "height": TRIM_HEIGHT, "front": round(front, 2)},
        "spine": _spine(job),
        "marks": wrap_marks(job),
        "caption": (
            f"封面书脊　展开 {job.wrap_width_mm:g} × {TRIM_HEIGHT:g} 毫米"
            f"（封底 {TRIM_WIDTH:g} + 书脊 {job.spine.width_mm:.1f} + 封面 {TRIM_WIDTH:g}），"
            f"四边出血 {job.bleed_mm:g} 毫米　内页 {job.sheets} 张 {job.stock.title}　"
            f"{job.cover.title}，按 100% 原大单面印"
        ),
        "draft": programme.volume.draft_mark if job.draft else None,
    }


def _spine(job: PrintJob) -> dict[str, Any]:
    text = job.spine.text
    return {
        "left": TRIM_WIDTH,
        "width": job.spine.width_mm,
        "size": text.size_pt if text else 0,
        "pitch": PITCH,
        "runs": text.runs if text else (),
    }


def wrap_marks(job: PrintJob) -> list[dict[str, Any]]:
    """Return crop marks at the corners and fold marks beside the spine, as thin rectangles.

    `left` and `top` are measured from the left and head of the untrimmed sheet.
    """
    right, foot = SLUG + job.wrap_width_mm, SLUG + TRIM_HEIGHT
    clear = job.bleed_mm + 1
    above, below = SLUG - clear - MARK, foot + clear
    folds = (SLUG + TRIM_WIDTH, SLUG + TRIM_WIDTH + job.spine.width_mm)
    marks = [_upright(x, y, "crop") for x in (SLUG, right) for y in (above, below)]
    marks += [_level(x, y) for x in (above, right + clear) for y in (SLUG, foot)]
    marks += [_upright(x, y, "fold") for x in folds for y in (above, below)]
    return marks


def _upright(left: float, top: float, kind: str) -> dict[str, Any]:
    return {"kind": kind, "left": round(left, 3), "top": top, "width": 0, "height": MARK}


def _level(left: float, top: float) -> dict[str, Any]:
    return {"kind": "crop", "left": round(left, 3), "top": top, "width": MARK, "height": 0}


def job_sheet_context(
    programme: Programme, application: Application, job: PrintJob, sha256: str, density: Density
) -> dict[str, Any]:
    """Return the context of pages/jobsheet.html, set as tightly as `density` says."""
    rows = density.rows
    missing = [_short(message) for message in job.missing]
    missing += [_short(message, _DOUBT) for message in job.doubts]
    return {
        "size": density.size_pt,
        "programme": programme.title,
        "title": programme.volume.cover_title + job.volume_title,
        "applicant": printed_line(role_of(programme.fields, application, "applicant")),
        "platform": printed_line(role_of(programme.fields, application, "subject")),
        "filing_number": job.filing_number,
        "draft": programme.volume.draft_mark if job.draft else None,
        "facts": _facts(job),
        "pictures": pictures_shown(job),
        "dividers_count": len(job.coloured),
        "dividers_how": _DIVIDERS[job.dividers],
        "dividers": job.coloured[:rows],
        "dividers_more": max(0, len(job.coloured) - rows),
        "ranges": [_range_row(job.ranges, coloured, rows) for coloured in (True, False)],
        "seals": [_seal_row(place) for place in job.seals[:rows]],
        "seals_more": max(0, len(job.seals) - rows),
        "missing_title": "付印前还缺、待核对" if job.doubts else "付印前还缺",
        "missing": missing[:rows],
        "complete": job.complete,
        "missing_more": max(0, len(missing) - rows),
        "remarks": job.remarks,
        "submit_to": programme.submit_to,
        "sha256": sha256,
    }


def _facts(job: PrintJob) -> list[tuple[str, str]]:
    spine, stock, cover = job.spine, job.stock, job.cover
    text = " · ".join(run.text for run in spine.text.runs) if spine.text else ""
    margin = f"订口留空 {job.binding_margin_mm:g} 毫米" if job.binding_margin_mm else "不另留订口"
    wide, high = f"{TRIM_WIDTH:g}", f"{TRIM_HEIGHT:g}"
    return [
        ("份数", f"{job.copies} 册，内容相同"),
        ("每册", f"{job.sides} 面，{job.sheets} 张 {job.paper}；成品 {wide} × {high} 毫米"),
        (
            "合计用纸",
            f"内页 {job.sheets_in_all} 张（其中彩页 {job.copies * len(job.coloured)} 张），"
            f"封面 {job.copies} 张",
        ),
        ("内页", f"{job.paper} {stock.title}，单张厚 {stock.caliper_mm:g} 毫米"),
        ("印法", f"双面，{_DUPLEX[job.duplex]}；按 100% 原大，不缩放"),
        ("装订", f"{job.binding}，左侧装订；{margin}"),
        ("封面", f"{cover.title}，厚 {cover.caliper_mm:g} 毫米；单面印"),
        ("封面展开", f"{job.wrap_width_mm:g} × {high} 毫米，四边出血 {job.bleed_mm:g} 毫米"),
        (
            "书脊",
            f"{spine.width_mm:.1f} 毫米（{job.sheets}×{stock.caliper_mm:g}＋封面 2×"
            f"{cover.caliper_mm:g}＋胶 {job.glue_mm:g}）",
        ),
        ("书脊文字", f"{_short(text)}（{spine.note}）" if text else f"{spine.note}。"),
    ]


def pictures_shown(job: PrintJob) -> list[dict[str, Any]]:
    """Return the cover and dividers, which the job sheet shows small. `side` is of the volume."""
    shown = [{"side": 1, "caption": "第1张", "note": "封面"}]
    shown += [
        {"side": sheet.side, "caption": f"第{sheet.sheet}张", "note": sheet.colour_name}
        for sheet in job.coloured
    ]
    return shown[:_PICTURES]


def _range_row(ranges: Sequence[SheetRange], coloured: bool, rows: int) -> dict[str, Any]:
    """Return the sheets that need colour, or do not, as 3、8—9."""
    alike = [run for run in ranges if run.coloured == coloured]
    shown = [str(run.first) if run.sheets == 1 else f"{run.first}—{run.last}" for run in alike]
    return {
        "name": "彩色" if coloured else "黑白",
        "count": sum(run.sheets for run in alike),
        "spans": shown[: rows * 2],
        "more": max(0, len(shown) - rows * 2),
    }


def _seal_row(place: SealPlace) -> dict[str, Any]:
    sheets = str(place.sheet)
    if place.last_sheet != place.sheet:
        sheets = f"{place.sheet}—{place.last_sheet}"
    return {
        "title": place.title,
        "side": "全部" if place.side is None else str(place.side),
        "sheet": sheets,
        "label": place.label or "—",
        "state": AWAITED if place.awaits_stamp else _STATES[place.state],
    }


def _short(text: str, most: int = _MESSAGE) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
