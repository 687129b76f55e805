"""样张.pdf: a built volume as spreads, for a check before printing; and its sides as pictures.

Each side is included unchanged (a form XObject) or as a JPEG, whichever is smaller. If the file is
too large for e-mail, the pictures' resolution is reduced step by step. Sides are drawn in a
confined process.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import inf
from pathlib import Path
from typing import Any

import pikepdf

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.manifest import Manifest, unreadable
from sjs_forms.base.output.output_folder import put_outputs
from sjs_forms.base.processes.thread_guard import one_thread_only
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.page_selection import BadSelection, select_pages
from sjs_forms.intake.volume_drawing import VolumeDrawing
from sjs_forms.printing.spreads import (
    FOOT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SCALE,
    SpreadSide,
    left_of,
    opens_at,
    proof_context,
    spreads,
)
from sjs_forms.typesetting.html_pages import render
from sjs_forms.volume.built_folder import job_folder, volume_of
from sjs_forms.volume.outline_and_links import number_text

LIMIT = 10_000_000
"""Bytes that mail servers accept."""
_QUALITIES = ((100, 70), (90, 60), (80, 50), (70, 42), (60, 36), (50, 30), (40, 25), (30, 20))
"""Dots per inch (at the page's true size) and JPEG quality, tried from fine to coarse."""
_AS_IT_IS = 12_000
"""A side of up to this many bytes is never replaced by a picture."""
_OBJECT = 40
"""Approximate bytes of an object besides its stream."""

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Proof:
    """A written proof: its path, the number of spreads, its size, the resolution of its pictures.

    `kept` is the new name of a foreign file that was at the target, if any.
    """

    path: Path
    spreads: int
    bytes: int
    dpi: int
    kept: tuple[str, ...] = ()


def default_target(folder: Path) -> Path:
    """Return the path beside the build folder, which stays as verified. Named after the volume's
    folder.
    """
    job, volume = job_folder(folder), folder.absolute()
    name = job.name if volume == job else f"{job.name}-{volume.name}"
    return job.parent / f"{name}-样张.pdf"


@one_thread_only
def write_proof(folder: Path, target: Path, progress: Progress, limit: int = LIMIT) -> Proof:
    """Write the proof of a built folder to `target`. Raises Cancelled."""
    _outside(target, folder)
    manifest = Manifest.read(folder)
    volume = volume_of(folder, manifest)
    progress.expect(len(manifest.sides))
    try:
        programme = load_programme(manifest.programme)
        context = proof_context(manifest, digest(volume))
        around = render(programme.templates, "pages/proof.html", context)
        with VolumeDrawing(volume, programme.intake, progress.is_cancelled) as drawing:
            data, dpi = _proof(drawing, manifest, around, limit, progress)
    except ValueError as problem:
        raise unreadable(folder) from problem
    kept = put_outputs([(target.name, data)], target.absolute().parent)
    return Proof(target, len(manifest.sides) // 2 + 1, len(data), dpi, kept)


@one_thread_only
def write_pictures(
    folder: Path, target: Path, sides: str | None, dpi: float
) -> tuple[int, tuple[str, ...]]:
    """Write the chosen sides as PNG into the folder `target`.

    Returns the number of files, and the new names of foreign files that were there.
    """
    _outside(target, folder)
    manifest = Manifest.read(folder)
    try:
        chosen = [index + 1 for index in select_pages(sides, len(manifest.sides))]
    except BadSelection as problem:
        raise UsageFault(f"--sides 有误：{problem}。", "写成 1-5 或 1,3,7-9 的样子。") from problem
    limits = load_programme(manifest.programme).intake
    with VolumeDrawing(volume_of(folder, manifest), limits) as drawing:
        digits = max(3, len(str(max(chosen, default=0))))
        pictures = ((f"{side:0{digits}}.png", drawing.picture(side, dpi)) for side in chosen)
        kept = put_outputs(pictures, target)
    return len(chosen), kept


def _outside(target: Path, folder: Path) -> None:
    if target.resolve().is_relative_to(job_folder(folder).resolve()):
        raise UsageFault(
            f"“{FILE}”在成册文件夹之内。",
            "成册文件夹要与清单一致，请写到别处。",
            target,
        )


def _proof(
    drawing: VolumeDrawing, manifest: Manifest, around: bytes, limit: int, progress: Progress
) -> tuple[bytes, int]:
    """Return the finest proof within the limit, else the coarsest, and its dots per inch."""
    rungs = [(dpi, quality, float(limit)) for dpi, quality in _QUALITIES]
    rungs.append((*_QUALITIES[-1], inf))
    with pikepdf.open(drawing.volume) as source:
        costs = _costs(source)
        for dpi, quality, room in rungs:
            pictures = _pictures(drawing, costs, (dpi, quality), room - len(around), progress)
            if pictures is not None:
                data = _painted(source, manifest, around, pictures)
                if len(data) <= room:
                    break
    return data, dpi


def _pictures(
    drawing: VolumeDrawing,
    costs: Sequence[float],
    quality_step: tuple[int, int],
    room: float,
    progress: Progress,
) -> dict[int, bytes] | None:
    """Return JPEGs of the sides that get smaller; None as soon as the total exceeds the room."""
    pictures: dict[int, bytes] = {}
    for side, cost in enumerate(costs, start=1):
        progress(Stage.DRAWING, side, len(costs))
        if cost > _AS_IT_IS:
            picture = drawing.picture(side, *quality_step)
            if len(picture) < cost:
                pictures[side] = picture
                cost = len(picture)
        room -= cost
        if room < 0:
            return None
    return pictures


def _costs(source: pikepdf.Pdf) -> list[float]:
    """Return the bytes of each page as it is. The size of shared objects (fonts) is divided."""
    sizes: dict[Key, int] = {}
    reached = [_reached(page.obj, sizes) for page in source.pages]
    users = Counter(key for keys in reached for key in keys)
    return [sum(sizes[key] / users[key] for key in keys) for keys in reached]


def _reached(page: Any, sizes: dict[Key, int]) -> set[Key]:
    """Return the objects reachable from a page's content and resources; adds sizes to `sizes`."""
    found: set[Key] = set()
    waiting = [page.get("/Contents"), page.get("/Resources")]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, pikepdf.Object):
            continue
        if thing.is_indirect:
            if thing.objgen in found:
                continue
            found.add(thing.objgen)
            size = int(thing.get("/Length", 0)) if isinstance(thing, pikepdf.Stream) else 0
            sizes[thing.objgen] = size + _OBJECT
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            waiting += [thing[key] for key in thing.keys() if key != "/Parent"]  # noqa: SIM118
        elif isinstance(thing, pikepdf.Array):
            waiting += list(thing)
    return found


def _painted(
    source: pikepdf.Pdf, manifest: Manifest, around: bytes, pictures: Mapping[int, bytes]
) -> bytes:
    """Draw the pages below what surrounds them on the spread."""
    with pikepdf.open(BytesIO(around)) as proof:
        for page, spread in zip(proof.pages, spreads(manifest.parts, manifest.sides), strict=True):
            leaves = [leaf for leaf in (spread.verso, spread.recto) if leaf and not leaf.blank]
            _lay_under(proof, page, source, leaves, pictures)
        with proof.open_outline() as outline:
            outline.root = [
                pikepdf.OutlineItem(title, spread, "Fit")
                for title, spread in opens_at(manifest.parts)
            ]
        proof.Root.PageMode = pikepdf.Name.UseOutlines
        stream = BytesIO()
        proof.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
        )
    return stream.getvalue()


def _lay_under(
    proof: pikepdf.Pdf,
    page: pikepdf.Page,
    source: pikepdf.Pdf,
    leaves: Sequence[SpreadSide],
    pictures: Mapping[int, bytes],
) -> None:
    resources = pikepdf.Dictionary(dict(page.obj.get("/Resources", {})))
    objects = pikepdf.Dictionary(dict(resources.get("/XObject", {})))
    drawn = []
    for leaf in leaves:
        name = f"/SjsSide{leaf.side}"
        picture = pictures.get(leaf.side)
        if picture is None:
            form = source.pages[leaf.side - 1].as_form_xobject()
            objects[name] = proof.copy_foreign(form)
            width = height = SCALE
        else:
            objects[name] = _image(proof, picture)
            width, height = PAGE_WIDTH, PAGE_HEIGHT
        matrix = (width, 0, 0, height, left_of(leaf.side), FOOT)
        drawn.append(f"q {' '.join(map(number_text, matrix))} cm {name} Do Q")
    resources.XObject = objects
    page.obj.Resources = resources
    page.contents_add("\n".join(drawn).encode(), prepend=True)


def _image(proof: pikepdf.Pdf, picture: bytes) -> pikepdf.Stream:
    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        width, height = image.size
        space = pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB
    made = pikepdf.Stream(proof, picture)
    made.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=space,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    return made
