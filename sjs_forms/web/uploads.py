"""Files that a page sends: one request each, the bytes as they are, counted while they come."""

from pathlib import Path

from starlette.requests import Request

from sjs_forms.base.errors import SjsFormsError


class UploadTooLarge(SjsFormsError):
    """A file is larger than the notice allows."""


class UploadBroken(SjsFormsError):
    """The browser sent less than it had announced."""


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
