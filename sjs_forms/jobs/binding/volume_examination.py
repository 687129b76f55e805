"""Examines an assembled volume: its text with PDFium, all that it draws with qpdf.

Both mostly release the interpreter lock. PDFium is used by one thread only, which reads the texts
of the source pages while the volume is assembled, draws the pictures for the job sheet, and
compares the volume's texts with those of the source pages while the job sheet is typeset.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sjs_forms.base.errors import Fault
from sjs_forms.base.output.followed_file import FollowedFile, followed
from sjs_forms.base.progress import Progress, Within
from sjs_forms.printing.print_job import PrintJob
from sjs_forms.printing.sheet_files import side_digests
from sjs_forms.printing.wrap_and_job_sheet import thumbnails
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.volume.origin_texts import origin_texts
from sjs_forms.volume.plan_views import manifest_sides
from sjs_forms.volume.side_origins import Origin
from sjs_forms.volume.verify import verify_volume

_log = logging.getLogger(__name__)


class Examination:
    """The examination of a volume, which is assembled after its source pages are known."""

    def __init__(
        self, origins: Mapping[int, Origin], pdfium: ThreadPoolExecutor, progress: Progress
    ) -> None:
        self._origins, self._pdfium, self._progress = origins, pdfium, progress
        self._part = Within(progress)
        self._texts = pdfium.submit(origin_texts, origins, self._part)

    @contextmanager
    def of(
        self, folder: Path, plan: BindingPlan, streams: Mapping[int, bytes], job: PrintJob
    ) -> Iterator["ExaminedVolume"]:
        """Examine the volume in `folder` while the `with` body runs.

        `streams` holds known digests of its streams. Raises Fault at the end if the volume is
        wrong, and Cancelled.
        """
        path, sides = folder / VOLUME, manifest_sides(plan)
        with followed(path) as written:
            written.final_to(path.stat().st_size)
            pictures = self._pdfium.submit(thumbnails, path, job)
            faults = self._pdfium.submit(
                lambda: tuple(verify_volume(path, sides, self._texts.result(), self._part))
            )
            examined = ExaminedVolume(
                folder, plan, streams, self._origins, written, pictures, self._progress
            )
            try:
                yield examined
            except Exception:  # a faulty volume explains any other error: report that
                _log.warning("a job failed while the volume was examined", exc_info=True)
                _raise_faults(self._progress.result(faults), examined.differing, self._origins)
                raise
            _raise_faults(self._progress.result(faults), examined.differing, self._origins)

    def end(self) -> None:
        """Cancel what is not done."""
        self._part.cancel()


@dataclass(frozen=True)
class ExaminedVolume:
    """The results of an examination, each waited for when it is asked for."""

    folder: Path
    plan: BindingPlan
    streams: Mapping[int, bytes]
    origins: Mapping[int, Origin]
    written: FollowedFile
    drawn: "Future[dict[str, bytes]]"
    progress: Progress

    @property
    def pictures(self) -> Mapping[str, bytes]:
        """The `thumbnails` of the job sheet."""
        return self.progress.result(self.drawn)

    @property
    def sha256(self) -> str:
        """The volume's SHA-256 in hexadecimal."""
        return self.written.sha256(self.progress)

    @property
    def digests(self) -> tuple[str, ...]:
        """The digest of each side, computed in this thread."""
        return self._compared[0]

    @property
    def differing(self) -> tuple[int, ...]:
        """The sides that draw something else than their source page, compared in this thread."""
        return self._compared[1]

    @cached_property
    def _compared(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        return side_digests(self.plan, self.folder, self.origins, self.streams, self.progress)


@contextmanager
def examination_of(origins: Mapping[int, Origin], progress: Progress) -> Iterator[Examination]:
    """Begin with the source pages of a volume's sides, which is assembled in the `with` body."""
    with ThreadPoolExecutor(1, thread_name_prefix="pdfium") as pdfium:
        examined = Examination(origins, pdfium, progress)
        try:
            yield examined
        finally:
            examined.end()


def _raise_faults(
    faults: tuple[str, ...], differing: Sequence[int], origins: Mapping[int, Origin]
) -> None:
    """Raise Fault if anything was found."""
    found = list(faults)
    for side in differing:
        page = origins[side]
        found.append(f"第 {side} 页画的与“{page.name}”第 {page.page + 1} 页不同")
    if found:
        raise Fault("生成的装订版与计划不符：" + "；".join(found[:5]) + "。")
