"""What pages offer to do with the photographs in a file."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from sjs_forms.jobs.session import FileState
from sjs_forms.web.workspace.open_application import id_of, version_of


@dataclass(frozen=True, slots=True)
class PhotoOffer:
    """A file with photographs to straighten, or to take back as they were.

    `pages`, from 1 in its clean PDF, are those that are certain: none if it is only to be taken
    back. `rotate` is how it will be turned afterwards.
    """

    id: str
    name: str
    pages: tuple[int, ...]
    is_taken: bool
    rotate: int
    version: str

    @property
    def words(self) -> str:
        """What the button says."""
        if self.is_taken:
            return "与原来的照片比较"
        return "拉平这张照片" if len(self.pages) == 1 else f"拉平这 {len(self.pages)} 张照片"


def photo_offer(file: FileState) -> PhotoOffer | None:
    """Return what a file's photographs can become, or None if nothing can be done."""
    pages = tuple(at + 1 for at in file.photographs or ())
    if not pages and not file.straighten:
        return None
    name = PurePosixPath(file.file.replace("\\", "/")).name
    version = version_of(file.original) if file.original else ""
    return PhotoOffer(id_of(file.where), name, pages, file.straighten, file.rotate, version)
