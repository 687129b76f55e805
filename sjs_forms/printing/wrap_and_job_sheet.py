"""封面书脊.pdf and 印制单.pdf, laid out and painted from the print job."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.domain.application import Application
from sjs_forms.domain.placement import MM, Boxes
from sjs_forms.domain.programme import Programme
from sjs_forms.pdf.drawing import PageRenderer
from sjs_forms.printing.print_job import PrintJob
from sjs_forms.printing.wrap_and_job_sheet_context import (
    DENSITIES,
    SLUG,
    Density,
    job_sheet_context,
    pictures_shown,
    wrap_context,
)
from sjs_forms.typesetting.template_mistakes import template_fault
from sjs_forms.typesetting.typesetter import FilledTemplate, LaidOut, Typesetter

WRAP = "封面书脊.pdf"
JOB_SHEET = "印制单.pdf"
_THUMBNAIL_DPI = 30
_THUMBNAIL_QUALITY = 90


@dataclass(frozen=True, slots=True)
class PrintPages:
    """Lays out and paints the print shop's pages of an application's volume."""

    programme: Programme
    application: Application
    typesetter: Typesetter

    def order_wrap(self, job: PrintJob) -> "Future[LaidOut]":
        """Start the layout of the wrap, which needs no part of the job that is known only later."""
        context = wrap_context(self.programme, self.application, job)
        return self.typesetter.lay_out(
            FilledTemplate(self.programme.templates, "pages/wrap.html", context)
        )

    def wrap(self, laid_out: LaidOut, job: PrintJob) -> "Future[bytes]":
        """Start painting the wrap. Raises Fault if it has more than one page."""
        if laid_out.pages != 1:
            raise template_fault(
                self.programme.templates, "pages/wrap.html 的封面书脊排版超出一页。"
            )
        boxes = Boxes(trim=SLUG * MM, bleed=(SLUG - job.bleed_mm) * MM)
        return self.typesetter.paint(laid_out, boxes)

    def order_job_sheet(
        self, job: PrintJob, sha256: str, pictures: Mapping[str, bytes]
    ) -> Callable[[], bytes]:
        """Start the layout of the job sheet: one page with the largest type and most rows that fit.

        `sha256` is the volume's, `pictures` are its `thumbnails`. Returns a function that waits for
        the sheet as PDF; it raises Fault if not even the tightest setting fits.
        """

        def ordered(density: Density) -> "Future[LaidOut]":
            context = job_sheet_context(self.programme, self.application, job, sha256, density)
            return self.typesetter.lay_out(
                FilledTemplate(self.programme.templates, "pages/jobsheet.html", context, pictures)
            )

        first = ordered(DENSITIES[0])

        def painted() -> bytes:
            for density in DENSITIES:
                sheet = (first if density is DENSITIES[0] else ordered(density)).result()
                if sheet.pages == 1:
                    return self.typesetter.paint(sheet).result()
            raise template_fault(
                self.programme.templates, "pages/jobsheet.html 的印制单排版超出一页。"
            )

        return painted


def thumbnails(volume: Path, job: PrintJob) -> dict[str, bytes]:
    """Return small pictures of sides of a volume, by the names used on the job sheet.

    JPEG data are embedded in a PDF unchanged; a PNG would be decoded and compressed again.
    """
    with PageRenderer(volume) as renderer:
        return {
            f"side-{shown['side']}": renderer.jpeg(
                shown["side"], _THUMBNAIL_DPI, _THUMBNAIL_QUALITY
            )
            for shown in pictures_shown(job)
        }
