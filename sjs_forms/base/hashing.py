"""Digests: of files as others check them, of streams as only we do."""

from hashlib import blake2b, sha256
from pathlib import Path

from sjs_forms.base.progress import Progress, quiet

_BLOCK = 1 << 20
"""Bytes that are read at a time: with fewer, threads wait for each other more than they hash."""


def digest(path: Path, progress: Progress = quiet) -> str:
    """SHA-256 of a file's bytes, in hexadecimal. Raises OSError or Cancelled."""
    found = sha256()
    with path.open("rb", buffering=0) as file:
        block = memoryview(bytearray(_BLOCK))
        while size := file.readinto(block):
            found.update(block[:size])
            progress.check()
    return found.hexdigest()


def stream_digest(data: bytes | memoryview) -> bytes:
    """32 bytes that tell one stream's data from another's.

    BLAKE2b, for half the time of SHA-256: every picture of a volume goes through it.
    """
    return blake2b(data, digest_size=32).digest()
