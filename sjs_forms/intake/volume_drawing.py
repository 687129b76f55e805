"""Draws the sides of a finished volume in a confined process: its pages are applicants' own."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.progress import never_cancelled
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import FileRefused
from sjs_forms.intake.page_drawing import PageUndrawable
from sjs_forms.intake.process.worker_pool import WorkerPool, in_a_worker
from sjs_forms.intake.worker_drawing import PICTURE


class VolumeDrawing:
    """A volume that a process of its own draws, side by side. A context manager.

    `limits` apply to each side.
    """

    def __init__(
        self,
        volume: Path,
        limits: IntakeLimits,
        is_cancelled: Callable[[], bool] = never_cancelled,
    ) -> None:
        self.volume = volume
        self._limits, self._is_cancelled = limits, is_cancelled

    def __enter__(self) -> Self:
        """Prepare the process. Raises MachineLacks or another system error."""
        with ExitStack() as stack:
            try:
                pool = stack.enter_context(WorkerPool())
                folder = stack.enter_context(temporary_folder())
                self._place = stack.enter_context(pool.workplace(folder, self._is_cancelled))
                self._source = self._place.give(self.volume, "volume.pdf")
            except OSError as problem:
                raise as_own_error(problem) from problem
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._stack.close()

    def picture(self, side: int, dpi: float, quality: int | None = None) -> bytes:
        """Return a side, from 1, as JPEG of a quality, or as PNG.

        Raises PageUndrawable, Cancelled, and system errors as `as_own_error` converts them.
        """
        made = self._place.made / "picture"
        try:
            in_a_worker(
                *(self._place, PICTURE, self._source, made, self._limits, None),
                page=side,
                dpi=dpi,
                quality=quality,
            )
            return made.read_bytes()
        except FileRefused as problem:
            raise PageUndrawable(f"第 {side} 面") from problem
        except OSError as problem:
            raise as_own_error(problem) from problem
