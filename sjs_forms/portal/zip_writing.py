"""Writes 在线申报.zip: files are stored one after the other, and none is held in memory."""

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, BinaryIO, cast

from pikepdf import Pdf

from sjs_forms import TOOL, __version__
from sjs_forms.base.errors import Refused
from sjs_forms.base.files.stable_bytes import zip_member
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.file_refusal import FileChanged, FileGone, FileRefused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.remedies import Advice
from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Gap, Source
from sjs_forms.intake import machine_faults
from sjs_forms.intake.original_file import Original
from sjs_forms.portal.downsampling import is_too_fine, reduce
from sjs_forms.portal.list_rows import PackedEntry, findings, rows
from sjs_forms.portal.list_workbook import Heading, list_bytes
from sjs_forms.portal.material_pdf import clean_of, finish, merged, open_large, page_count, save
from sjs_forms.portal.zip_file_names import LIST, PORTAL, MaterialFiles, ZipFile, files_by_material

_BLOCK = 1 << 20
_OURS = 1 << 20
"""Approximate upper bound of the bytes that bookmarks and links add."""
_LONG = 1 << 31
"""Bytes from which an entry gets the ZIP64 header; half of the format's limit."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What is submitted: notice, applicant, files, and whether it is a draft."""

    programme: Programme
    application: Application
    sources: tuple[Source, ...]
    gaps: tuple[Gap, ...]
    draft: bool

    @property
    def applicant(self) -> str:
        """Return the applicant's name; "" if it is blank."""
        return role_of(self.programme.fields, self.application, "applicant") or ""


def write_portal(
    submission: Submission,
    folder: Path,
    final_to: Callable[[int], None] | None = None,
    progress: Progress = quiet,
) -> tuple[Finding, ...]:
    """Write the zip into `folder`, which holds the forms. Returns the findings about it.

    `final_to` is called after each material with the number of bytes that will not change any more.
    Raises Cancelled, and Refused if an attachment has changed since it was read.
    """
    programme = submission.programme
    packed = []
    with (
        TemporaryDirectory(prefix=".portal-", dir=folder) as scratch,
        (folder / PORTAL).open("w+b") as target,
        zipfile.ZipFile(target, "w") as archive,
    ):
        packer = _Packer(archive, submission, folder, Path(scratch), progress)
        wanted = tuple(files_by_material(programme, submission.sources, submission.gaps))
        for done, group in enumerate(wanted):
            progress(Stage.PACKING, done, len(wanted))
            packed.append((group, [packer.pack(group, entry) for entry in group.entries]))
            if final_to is not None:
                target.flush()
                final_to(target.tell())
        archive.writestr(
            zip_member(LIST), list_bytes(_heading(submission), rows(packed, programme.portal))
        )
        progress(Stage.PACKING, len(wanted), len(wanted))
    return findings(packed, programme.portal)


def _heading(submission: Submission) -> Heading:
    return Heading(
        submission.programme.title,
        submission.applicant,
        submission.programme.volume.draft_mark if submission.draft else "",
    )


class _Packer:
    """Writes one entry after the other into the zip."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        submission: Submission,
        folder: Path,
        scratch: Path,
        progress: Progress,
    ) -> None:
        self._progress = progress
        self._archive = archive
        self._submission = submission
        self._folder = folder
        self._scratch = scratch

    def pack(self, group: MaterialFiles, entry: ZipFile) -> PackedEntry:
        """Write the entry and return a description of it."""
        if entry.kind == "word" and entry.form is not None:
            with (self._folder / f"{entry.form.stem}.docx").open("rb") as given:
                return self._copied(entry, given, None)
        if entry.form is not None:
            with (self._folder / f"{entry.form.stem}.pdf").open("rb") as given:
                return self._copied(entry, given, page_count(given))
        if entry.kind == "original":
            return self._original(entry)
        return self._merged(group, entry)

    def _original(self, entry: ZipFile) -> PackedEntry:
        source = entry.sources[0]
        assert source.facts is not None
        assert source.offered.path is not None
        try:
            with (
                Original(source.offered.path) as given,
                self._member(entry.name, given.size) as member,
            ):
                if given.copy(member) != source.facts.sha256:
                    raise machine_faults.changed()
        except FileRefused as problem:
            raise Refused((_lost(source, problem),)) from problem
        return PackedEntry(entry, self._size(entry), source.facts.given)

    def _merged(self, group: MaterialFiles, entry: ZipFile) -> PackedEntry:
        with ExitStack() as stack:
            pdf, before = merged(entry.sources), None
            given = {clean_of(source) for source in entry.sources}  # a file used twice counts once
            at_most = _OURS + sum(path.stat().st_size for path in given)
            rules = self._submission.programme.portal
            if at_most > rules.max_bytes and is_too_fine(pdf, rules):
                pdf, before = self._reduced_if_large(pdf)
                stack.enter_context(pdf)
            finish(pdf, entry.sources, self._info(group))
            save(pdf, self._member(entry.name, at_most))
            return PackedEntry(entry, self._size(entry), len(pdf.pages), before)

    def _reduced_if_large(self, pdf: Pdf) -> tuple[Pdf, int | None]:
        """Return the PDF, with reduced pictures if it is too large, and its size before that."""
        rules = self._submission.programme.portal
        path = self._scratch / "merged.pdf"
        with path.open("wb") as target:
            save(pdf, target)
        size, count = path.stat().st_size, 0
        if size > rules.max_bytes:
            count = reduce(path, rules, self._progress)
        return open_large(path), size if count else None

    def _info(self, group: MaterialFiles) -> dict[str, str]:
        return {
            "/Title": f"{group.number}. {group.material.title}",
            "/Author": self._submission.applicant,
            "/Creator": TOOL,
            "/Producer": f"{TOOL} {__version__}",
        }

    def _copied(self, entry: ZipFile, given: BinaryIO, pages: int | None) -> PackedEntry:
        with self._member(entry.name, os.fstat(given.fileno()).st_size) as member:
            shutil.copyfileobj(given, member, _BLOCK)
        return PackedEntry(entry, self._size(entry), pages)

    def _member(self, name: str, at_most: int) -> BinaryIO:
        # Use the ZIP64 header only if it may be needed, because some portals cannot read it.
        long = at_most > _LONG
        member = self._archive.open(zip_member(name), "w", force_zip64=long)
        return cast(BinaryIO, _Member(member, self._progress))

    def _size(self, entry: ZipFile) -> int:
        return self._archive.getinfo(entry.name).file_size


class _Member(io.RawIOBase):
    """A zip member being written. Writing raises Cancelled if the job was cancelled."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        super().__init__()
        self._file, self._progress = file, progress

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._progress.check()
        return self._file.write(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _lost(source: Source, problem: FileRefused) -> Finding:
    """Return the finding on an attachment that has changed since it was read."""
    file = source.offered.file
    found = problem.named(file).finding.at(source.offered.place, source.offered.material.title)
    if isinstance(problem, FileGone):
        return replace(
            found,
            template=f"附件“{FILE}”在生成过程中读不到了。",
            files=(file,),
            action=Advice("请等文件复制完、网盘同步完，关闭占用它的程序，再生成一次。"),
        )
    if isinstance(problem, FileChanged):
        return replace(
            found,
            template=f"附件“{FILE}”在生成过程中被改动过。",
            files=(file,),
            action=Advice("请等文件复制完、网盘同步完，关闭正在编辑它的程序，再生成一次。"),
        )
    return found
