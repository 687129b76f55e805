"""What is to be said of an overview as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OverviewRemarks:
    """What is to be said of all applicants together.

    With `answers_only` no files were looked at, so that nothing is said of what is missing. `kept`
    are files that a user had changed, each with the name that it has now.
    """

    answers_only: bool = False
    kept: Mapping[str, str] = field(default_factory=dict)


PLAIN = OverviewRemarks()
"""Nothing to be said."""
