"""What a page is filled from: the folder of a notice's templates, and the names of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class NoticeTemplates:
    """The templates of the notice `id` in `folder`.

    `places` has, by the label of each answer, the path that a template writes for it. A small part
    of a notice, because it is sent to the process that sets type.
    """

    id: str
    folder: Path
    places: Mapping[str, str]
