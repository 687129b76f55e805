"""Digests of files, which others can check, and of streams, which only this program uses."""

from hashlib import blake2b, sha256
from pathlib import Path

from sjs_forms.base.progress import Progress, quiet

BLOCK = 1 << 20
"""Bytes read at a time. With smaller blocks, threads wait for each other more than they hash."""


def digest(path: Path, progress: Progress = quiet) -> str:
    """Return the SHA-256 of a file in hexadecimal. Raises OSError or Cancelled."""
    found = sha256()
    with path.open("rb", buffering=0) as file:
        block = memoryview(bytearray(BLOCK))
        while size := file.readinto(block):
            found.update(block[:size])
            progress.check()
    return found.hexdigest()


def stream_digest(data: bytes | memoryview) -> bytes:
    """Return a digest of 32 bytes that identifies a stream's data.

    BLAKE2b takes half the time of SHA-256, and every picture of a volume is digested.
    """
    return blake2b(data, digest_size=32).digest()
