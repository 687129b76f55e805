"""Digests: of files as others check them, of streams as only we do."""

from hashlib import blake2b, file_digest
from pathlib import Path


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def stream_digest(data: bytes | memoryview) -> bytes:
    """32 bytes that tell one stream's data from another's.

    BLAKE2b, for half the time of SHA-256: every picture of a volume goes through it.
    """
    return blake2b(data, digest_size=32).digest()
