"""What is to be said of an overview as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sjs_forms.batch.outputs.common_files import kept_words

_NAMED = 10
"""Folders that a remark names."""


@dataclass(frozen=True, slots=True)
class OverviewRemarks:
    """What is to be said of all applicants together.

    With `answers_only` no files were looked at, so that nothing is said of what is missing. `kept`
    are files that a user had changed, each with the name that it has now, `left_over` folders of
    earlier runs that belong to no applicant of this one.
    """

    answers_only: bool = False
    kept: Mapping[str, str] = field(default_factory=dict)
    left_over: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Return the remarks as sentences in Chinese."""
        return (*kept_words(self.kept), *self._left_over_words())

    def _left_over_words(self) -> tuple[str, ...]:
        if not self.left_over:
            return ()
        names = "、".join(f"“{name}”" for name in self.left_over[:_NAMED])
        more = f"等 {len(self.left_over)} 个" if len(self.left_over) > _NAMED else ""
        return (
            f"{names}{more}是以前生成的，不属于这一批，没有计入本表，不要付印；不再需要的请移走。",
        )


PLAIN = OverviewRemarks()
"""Nothing to be said."""
