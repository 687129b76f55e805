"""The zip of an OFD file. Writers differ in the case, slashes and folders of its paths."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO
from urllib.parse import unquote

from sjs_forms.base.files.plain_files import open_zip
from sjs_forms.base.findings import file_refusal
from sjs_forms.base.system_errors import is_system_error
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import refusals
from sjs_forms.intake.ofd.bounds import MAX_MEMBERS, MAX_RATIO, RATIO_FROM, OfdDamaged
from sjs_forms.intake.ofd.structure.xml_nodes import parsed

_ENCRYPTED, _IN_UTF8 = 0x1, 0x800
"""Flags of a member (APPNOTE 4.4.4)."""
_ENTRY = "ofd.xml"
_ENCRYPTIONS = ("encryptions.xml", "decryptseed.dat")
"""Parts of an encrypted OFD (GM/T 0099)."""

_DEEPEST = 32
"""Limit on the parent folders in which a reference is looked up."""


class OfdArchive:
    """The members of the file by their paths; the file must stay open while they are read."""

    def __init__(self, file: BinaryIO, limits: IntakeLimits) -> None:
        """Raises FileRefused for a file that is no zip, encrypted, or beyond a limit."""
        self._limits, self._left = limits, limits.max_decoded_bytes
        self._file = file
        try:
            self._zip = open_zip(self._file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
            raise refusals.unreadable("压缩包的目录已损坏") from problem
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._folded: dict[str, str] = {}
        self._bases: dict[str, set[str]] = {}
        self._incomplete: set[str] = set()
        self._list()

    def _list(self) -> None:
        members = [found for found in self._zip.infolist() if not found.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise file_refusal.too_large("内含文件数", f"{len(members):,}", f"{MAX_MEMBERS:,}")
        for found in members:
            name = _plain(_decoded(found))
            self._members.setdefault(name, found)
            self._folded.setdefault(name.lower(), name)
            self._bases.setdefault(posixpath.basename(name).lower(), set()).add(name)
        if any(name in self._bases for name in _ENCRYPTIONS):
            raise refusals.ofd_encrypted()
        if any(found.flag_bits & _ENCRYPTED for found in members):
            raise refusals.ofd_encrypted()

    def entry(self) -> str:
        """Return the path of OFD.xml, the nearest to the root. Raises FileRefused without one."""
        found = sorted(self._bases.get(_ENTRY, ()), key=lambda name: (name.count("/"), name))
        if not found:
            raise refusals.unreadable("缺少 OFD.xml")
        return found[0]

    def resolved(self, reference: str, base: str = "") -> str | None:
        """Return the member that `base` (another member) refers to, or None.

        Tries the path as written, from the root, and from each parent folder; each also ignoring
        case. As a last resort, tries the base name if only one member has it. A path with escapes
        such as %20 is then tried without them.
        """
        written = reference.strip().replace("\\", "/")
        bare = unquote(written)
        found = self._found(written, base) if written else None
        return self._found(bare, base) if found is None and bare != written else found

    def is_guess(self, reference: str, name: str) -> bool:
        """Return whether `resolved` found the member `name` by its base name alone."""
        stated = (_plain(path.strip()).lower() for path in (reference, unquote(reference)))
        found = f"/{name.lower()}"
        return not any(found.endswith(f"/{path}") for path in stated)

    def _found(self, written: str, base: str) -> str | None:
        for place in _places(written, base):
            name = _plain(posixpath.join(place, written.lstrip("/")))
            found = name if name in self._members else self._folded.get(name.lower())
            if found is not None:
                return found
        alike = self._bases.get(posixpath.basename(written).lower(), set())
        return next(iter(alike)) if len(alike) == 1 else None

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raises OfdDamaged, FileRefused past a bound, or OSError."""
        found = self._members[name]
        most = min(self._left, self._limits.max_content_bytes)
        try:
            with self._zip.open(found) as member:
                data = member.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            ValueError,
        ) as problem:
            raise OfdDamaged(name) from problem
        except (OSError, RuntimeError) as problem:
            if is_system_error(problem):
                raise
            raise OfdDamaged(name) from problem
        bomb = len(data) > RATIO_FROM and len(data) > MAX_RATIO * max(found.compress_size, 1)
        if len(data) > most or bomb:
            mega = f"{most / 1e6:,.0f} MB"
            raise file_refusal.too_large("解压后的数据", f"{mega}以上", mega)
        self._left -= len(data)
        return data

    def xml(self, name: str) -> Any:
        """Return the root of a part. Raises as `read` and `xml_nodes.parsed`."""
        part = parsed(self.read(name))
        if not part.is_complete:
            self._incomplete.add(name)
        return part.root

    def is_complete(self, name: str) -> bool:
        """Return whether a part that was parsed is well-formed, so that nothing of it is lost."""
        return name not in self._incomplete

    def part(self, reference: str, base: str) -> tuple[str, Any]:
        """Return the path and root of a part that another refers to. Raises OfdDamaged as well."""
        name = self.resolved(reference, base)
        if name is None:
            raise OfdDamaged(reference)
        return name, self.xml(name)


def _decoded(found: zipfile.ZipInfo) -> str:
    """Return a member's name, which is in UTF-8 or GBK without a flag that says which."""
    if found.flag_bits & _IN_UTF8 or found.filename.isascii():
        return found.filename
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return found.filename.encode("cp437").decode(encoding)
    return found.filename


def _places(written: str, base: str) -> Iterator[str]:
    """Yield the folders in which a reference from the member `base` is looked up, in order."""
    folder = posixpath.dirname(_plain(base))
    if not written.startswith("/"):
        yield folder
    yield ""
    for _ in range(_DEEPEST):
        if not folder:
            return
        yield folder
        folder = posixpath.dirname(folder)


def _plain(name: str) -> str:
    """Return a path without a leading slash and without `..`."""
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/")
