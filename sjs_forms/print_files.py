"""封面书脊.pdf and 印制单.pdf, laid out and painted from the print job."""

from collections.abc import Sequence
from pathlib import Path

from sjs_forms.application import Application
from sjs_forms.errors import Fault
from sjs_forms.finished import VOLUME
from sjs_forms.pictures import Camera
from sjs_forms.placement import MM
from sjs_forms.print_context import DENSITIES, SLUG, job_sheet_context, wrap_context
from sjs_forms.printing import PrintJob
from sjs_forms.programme import Programme
from sjs_forms.render import Boxes, html_of, lay_out, paint

WRAP = "封面书脊.pdf"
JOB_SHEET = "印制单.pdf"
_THUMBNAIL_DPI = 30
_THUMBNAIL_QUALITY = 90


def write_print_files(
    programme: Programme, application: Application, job: PrintJob, folder: Path, sha256: str
) -> None:
    """Write both into `folder`, where the finished volume, of that SHA-256, lies already."""
    (folder / WRAP).write_bytes(_wrap(programme, application, job))
    sheet = _job_sheet(programme, application, job, folder / VOLUME, sha256)
    (folder / JOB_SHEET).write_bytes(sheet)


def _wrap(programme: Programme, application: Application, job: PrintJob) -> bytes:
    context = wrap_context(programme, application, job)
    laid_out = lay_out(programme, html_of(programme, "pages/wrap.html", context))
    if len(laid_out.pages) != 1:
        raise Fault("封面书脊排版超出一页。")
    return paint(laid_out, Boxes(trim=SLUG * MM, bleed=(SLUG - job.bleed_mm) * MM))


def _job_sheet(
    programme: Programme, application: Application, job: PrintJob, volume: Path, sha256: str
) -> bytes:
    """One page, set as large and with as many rows of each list as it holds."""
    pictures: dict[str, bytes] = {}
    for density in DENSITIES:
        context = job_sheet_context(programme, application, job, sha256, density)
        if not pictures:
            pictures = _thumbnails(volume, [shown["side"] for shown in context["pictures"]])
        html = html_of(programme, "pages/jobsheet.html", context)
        laid_out = lay_out(programme, html, pictures)
        if len(laid_out.pages) == 1:
            return paint(laid_out)
    raise Fault("印制单排版超出一页。")


def _thumbnails(volume: Path, sides: Sequence[int]) -> dict[str, bytes]:
    """Small pictures of sides of the volume, by the names that the job sheet knows.

    JPEG goes into a PDF as it is: a PNG would be decoded and packed anew.
    """
    with Camera(volume) as camera:
        return {
            f"side-{side}": camera.jpeg(side, _THUMBNAIL_DPI, _THUMBNAIL_QUALITY) for side in sides
        }
