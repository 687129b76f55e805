"""Compares a finished volume's text with 在线申报.zip, where qpdf merged the same pages.

The clean PDFs no longer exist; volume and zip were made from them by different libraries.
"""

import logging
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import open_zip
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import RunJob
from sjs_forms.base.manifest import Manifest
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.pdf import large_streams
from sjs_forms.pdf.pypdf_names import quiet_pypdf
from sjs_forms.pdf.recursion_depth import allow_depth
from sjs_forms.pdf.text_comparison import missing
from sjs_forms.portal.zip_file_names import PORTAL
from sjs_forms.volume.built_folder import VOLUME

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A side (from 1) of a volume that shows a page of a material. `volume` is its folder."""

    volume: str
    side: int
    source: str


def verify_against_portal(folder: Path, progress: Progress = quiet) -> Iterator[Finding]:
    """Yield sides of an undamaged build whose text differs from their page in the zip.

    Compared with two readers, PDFium and pypdf. Yields nothing without a zip or if the notice is
    not installed. Raises OSError or Cancelled.
    """
    manifest = Manifest.read(folder)
    try:
        numbers = {
            material.id: number
            for number, material in enumerate(load_programme(manifest.programme).materials, 1)
        }
    except UsageFault:
        return
    if not (folder / PORTAL).is_file():
        return
    with (
        (folder / PORTAL).open("rb") as file,
        open_zip(file) as archive,
        temporary_folder() as scratch,
    ):
        for number, shown in _by_material(manifest, numbers).items():
            for name in _pdfs_of(archive, number):
                page = Path(archive.extract(name, scratch))
                yield from _differing(folder, name, page, shown, progress)
                page.unlink()


def _by_material(manifest: Manifest, numbers: Mapping[str, int]) -> dict[int, list[_Shown]]:
    """Return the sides that show pages of each material, in order, by the material's number."""
    volumes = {volume.folder for volume in manifest.volumes or ()}
    material = {(part.volume, part.id): part.material for part in manifest.parts}
    found: dict[int, list[_Shown]] = defaultdict(list)
    for side in manifest.sides:
        number = numbers.get(material.get((side.volume, side.part or "")) or "")
        if number is not None and side.kind in ("form", "attachment"):
            place = side.volume if side.volume in volumes else ""
            found[number].append(_Shown(place, side.side, side.source or ""))
    return found


def _pdfs_of(archive: zipfile.ZipFile, number: int) -> list[str]:
    """Return the material's PDFs in the zip, by the names from `zip_file_names`."""
    return [
        name
        for name in archive.namelist()
        if archive.getinfo(name).compress_type == zipfile.ZIP_STORED  # as we store them
        and name.startswith(f"{number}_")
        and "/" not in name
        and name.endswith(".pdf")
    ]


def _differing(
    folder: Path, name: str, material: Path, shown: Sequence[_Shown], progress: Progress
) -> Iterator[Finding]:
    told = set[_Shown]()

    for read in (_by_pdfium, _by_pypdf):
        wanted = list(_checking(progress, read(material, range(len(shown)))))
        found: list[str | None] = []
        for volume in dict.fromkeys(one.volume for one in shown):
            sides = [one.side - 1 for one in shown if one.volume == volume]
            found += _checking(progress, read(folder / volume / VOLUME, sides))
        for page, (one, text, there) in enumerate(zip(shown, wanted, found, strict=True), start=1):
            if one not in told and text is not None and missing(text, there or ""):
                told.add(one)
                yield _fault(one, f"“{PORTAL}”里“{name}”第 {page} 页")


def _checking(progress: Progress, texts: Iterator[str | None]) -> Iterator[str | None]:
    for text in texts:
        progress.check()
        yield text


def _by_pdfium(path: Path, pages: Sequence[int]) -> Iterator[str | None]:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as document:
        for index in pages:
            if index >= len(document):
                yield None
                continue
            with closing(document[index]) as page, closing(page.get_textpage()) as text:
                yield str(text.get_text_range())


def _by_pypdf(path: Path, pages: Sequence[int]) -> Iterator[str | None]:
    allow_depth()
    with large_streams.opened(path) as stream:
        reader = quiet_pypdf().PdfReader(stream)
        for index in pages:
            try:
                yield reader.pages[index].extract_text()
            except Exception:  # pypdf may fail in any way; the other reader has compared
                _log.info(
                    "pypdf reads no text of page %d of %s", index + 1, path.name, exc_info=True
                )
                yield None


def _fault(shown: _Shown, page: str) -> Finding:
    file = f"{shown.volume}/{VOLUME}" if shown.volume else VOLUME
    of_file = f"（“{shown.source}”）" if shown.source else ""
    return error(
        "volume-differs",
        FilePlace(file),
        file,
        f"第 {shown.side} 页{of_file}的文字与{page}的不同。",
        RunJob("请重新生成（{}）；如仍出现，请把申报文件夹反馈给我们。", ("build",)),
    )
