"""Files that a page sends: one request each, the bytes as they are, counted while they come."""

import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.safe_names import safe_name


class UploadTooLarge(SjsFormsError):
    """A file is larger than the notice allows."""


class UploadBroken(SjsFormsError):
    """The browser sent less than it had announced."""


@dataclass(slots=True)
class Incoming:
    """Files that were sent and are not part of the application yet: scans, or Word forms.

    Each lies in a folder of its own below `folder`, so that it keeps its name.
    """

    folder: Path
    files: list[Path] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    async def take(self, request: Request, otherwise: str, limit: int) -> None:
        """Receive one more file of at most `limit` bytes, called `otherwise` if it has no name.

        Raises UploadTooLarge or UploadBroken.
        """
        name = safe_name(request.query_params.get("name", "") or otherwise)
        self.folder.mkdir(exist_ok=True)
        place = self.folder / secrets.token_hex(4)
        place.mkdir()
        await receive(request, place / name, limit)
        self.files.append(place / name)
        self.names.append(name)

    def named(self, text: str) -> str:
        """Return a text that speaks of the files by their names, not by where they lie."""
        for path in self.files:
            text = text.replace(str(path), path.name)
        return text

    def clear(self) -> None:
        """Forget all of them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.files.clear()
        self.names.clear()


async def receive(request: Request, target: Path, limit: int) -> None:
    """Write the body of a request to `target`, at most `limit` bytes.

    Raises UploadTooLarge as soon as that is known, UploadBroken where the body is cut short; then
    nothing is left.
    """
    announced = int(request.headers.get("content-length") or 0)
    try:
        _hold(announced, limit)
        count = 0
        with target.open("wb") as file:
            async for chunk in request.stream():
                count += len(chunk)
                _hold(count, limit)
                file.write(chunk)
        if count != announced:
            raise UploadBroken("文件没有传完整。", "请再选一次。")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _hold(count: int, limit: int) -> None:
    if count > limit:
        raise UploadTooLarge(
            f"文件超过 {limit // 1_000_000} MB 的上限。", "请分成几个文件，或降低扫描精度。"
        )
