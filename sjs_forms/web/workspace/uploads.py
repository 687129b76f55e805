"""Receives files from a page: one request each, with the bytes as its body, up to a limit."""

import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.files.safe_names import safe_file_name


class UploadTooLarge(SjsFormsError):
    """Raised for a file that is larger than the notice allows."""


class UploadBroken(SjsFormsError):
    """Raised if the browser sent fewer bytes than it announced."""


@dataclass(slots=True)
class Incoming:
    """Received files that are not part of the application yet: scans, or Word forms.

    Each is in a folder of its own below `folder`, so that it keeps its name. `job` is the job that
    was started for them, or "".
    """

    folder: Path
    files: list[Path] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    job: str = ""

    async def take(self, request: Request, otherwise: str, limit: int) -> None:
        """Receive one more file of at most `limit` bytes, called `otherwise` if it has no name.

        Raises UploadTooLarge or UploadBroken.
        """
        name = safe_file_name(request.query_params.get("name", "") or otherwise)
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / secrets.token_hex(4)
        place.mkdir()
        await receive(request, place / name, limit)
        self.files.append(place / name)
        self.names.append(name)

    def named(self, text: str) -> str:
        """Return a text with the files' names in place of their paths."""
        for path in self.files:
            text = text.replace(str(path), path.name)
        return text

    def clear(self) -> None:
        """Discard all of them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.files.clear()
        self.names.clear()
        self.job = ""


async def receive(request: Request, target: Path, limit: int) -> None:
    """Write the body of a request to `target`, at most `limit` bytes.

    Raises UploadTooLarge as soon as that is known, and UploadBroken if the body is incomplete; the
    file is then removed.
    """
    announced = int(request.headers.get("content-length") or 0)
    try:
        _check_size(announced, limit)
        count = 0
        with target.open("wb") as file:
            async for chunk in request.stream():
                count += len(chunk)
                _check_size(count, limit)
                file.write(chunk)
        if count != announced:
            raise UploadBroken("文件没有传完整。", "请再选一次。")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _check_size(count: int, limit: int) -> None:
    if count > limit:
        raise UploadTooLarge(
            f"文件超过 {limit // 1_000_000} MB 的上限。", "请分成几个文件，或降低扫描精度。"
        )
