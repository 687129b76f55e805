"""TIFF files written by hand (TIFF 6.0), for layouts and depths that Pillow does not write."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

RAW, PACKBITS, DEFLATE = 1, 32773, 8
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True)
class Layout:
    """How samples are laid down: `tile` (pixels to a side) or `rows` a strip, else one strip."""

    compression: int = RAW
    rows: int | None = None
    tile: int | None = None
    order: str = "<"
    fill_order: int = 1
    planar: bool = False
    orientation: int = 1
    dpi: tuple[int, int] | None = None


@dataclass(frozen=True)
class Samples:
    """One page's samples, row by row; each pixel has one number for each of `bits`."""

    width: int
    height: int
    rows: Sequence[Sequence[Sequence[int]]]
    bits: tuple[int, ...]
    photometric: int
    tags: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    kind: str = "uint"


def grey(picture: Image.Image, bits: int, photometric: int = BLACK_IS_ZERO) -> Samples:
    """Grey samples of so many bits."""
    top = (1 << bits) - 1
    seen = picture.convert("L")
    rows = [
        [
            [top - value if photometric == WHITE_IS_ZERO else value]
            for value in (round(seen.getpixel((x, y)) * top / 255) for x in range(seen.width))
        ]
        for y in range(seen.height)
    ]
    return Samples(*seen.size, rows, (bits,), photometric)


def bands(picture: Image.Image, bits: int, photometric: int, **tags: tuple[int, ...]) -> Samples:
    """Samples of a picture of several bands."""
    scale = ((1 << bits) - 1) / 255
    pixels = [
        [[round(value * scale) for value in picture.getpixel((x, y))] for x in range(picture.width)]
        for y in range(picture.height)
    ]
    extra = {int(name[1:]): ("H", value) for name, value in tags.items()}
    count = len(picture.getbands())
    return Samples(*picture.size, pixels, (bits,) * count, photometric, extra)


def tiff(pages: Sequence[tuple[Samples, Layout]]) -> bytes:
    """A TIFF file of these pages; all are of the first one's byte order."""
    order = pages[0][1].order
    out = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 0))
    link = 4
    for samples, layout in pages:
        chunks = [_compressed(chunk, layout) for chunk in _chunks(samples, layout)]
        starts = []
        for chunk in chunks:
            starts.append(len(out))
            out += chunk
        out += b"\0" * (len(out) % 2)
        link = _directory(out, link, order, _entries(samples, layout, starts, chunks))
    return bytes(out)


def _entries(
    samples: Samples, layout: Layout, starts: list[int], chunks: list[bytes]
) -> dict[int, tuple[str, tuple[int, ...]]]:
    entries: dict[int, tuple[str, tuple[int, ...]]] = {
        256: ("I", (samples.width,)),
        257: ("I", (samples.height,)),
        258: ("H", samples.bits),
        259: ("H", (layout.compression,)),
        262: ("H", (samples.photometric,)),
        266: ("H", (layout.fill_order,)),
        274: ("H", (layout.orientation,)),
        277: ("H", (len(samples.bits),)),
        284: ("H", (2 if layout.planar else 1,)),
        **samples.tags,
    }
    sizes = tuple(map(len, chunks))
    if layout.tile:
        side = ("I", (layout.tile,))
        entries |= {322: side, 323: side, 324: ("I", tuple(starts)), 325: ("I", sizes)}
    else:
        rows = layout.rows or samples.height
        entries |= {273: ("I", tuple(starts)), 278: ("I", (rows,)), 279: ("I", sizes)}
    if samples.kind == "float":
        entries[339] = ("H", (3,))
    if layout.dpi:
        entries |= {282: ("R", (layout.dpi[0], 1)), 283: ("R", (layout.dpi[1], 1))}
        entries[296] = ("H", (2,))
    return entries


def _directory(
    out: bytearray, link: int, order: str, entries: dict[int, tuple[str, tuple[int, ...]]]
) -> int:
    """Write an IFD at the end and aim `link` at it; returns where the next link stands."""
    packed = []
    for tag, (form, values) in sorted(entries.items()):
        kind, letter = {"H": (3, "H"), "I": (4, "I"), "R": (5, "I")}[form]
        data = struct.pack(f"{order}{len(values)}{letter}", *values)
        count = len(values) // 2 if form == "R" else len(values)
        if len(data) > 4:
            data_at = len(out)
            out += data
            data = struct.pack(order + "I", data_at)
        packed.append(struct.pack(order + "HHI", tag, kind, count) + data.ljust(4, b"\0"))
    struct.pack_into(order + "I", out, link, len(out))
    out += struct.pack(order + "H", len(packed)) + b"".join(packed)
    out += b"\0\0\0\0"
    return len(out) - 4


def _chunks(samples: Samples, layout: Layout) -> list[bytes]:
    planes = range(len(samples.bits)) if layout.planar else [None]
    wide = layout.tile or samples.width
    high = layout.tile or layout.rows or samples.height
    found = []
    for plane in planes:
        for top in range(0, samples.height, high):
            for left in range(0, samples.width, wide):
                found.append(_chunk(samples, layout, plane, (left, top, wide, high)))
    return found


def _chunk(
    samples: Samples, layout: Layout, plane: int | None, box: tuple[int, int, int, int]
) -> bytes:
    left, top, wide, high = box
    last = top + high if layout.tile else min(top + high, samples.height)
    lines = bytearray()
    for y in range(top, last):
        row = samples.rows[min(y, samples.height - 1)]
        values = [
            value
            for x in range(left, left + wide)
            for value in _of_plane(row[min(x, samples.width - 1)], plane)
        ]
        lines += _packed(values, samples, layout.order)
    return bytes(lines)


def _of_plane(pixel: Sequence[int], plane: int | None) -> Sequence[int]:
    return pixel if plane is None else [pixel[plane]]


def _packed(values: Sequence[int], samples: Samples, order: str) -> bytes:
    bits = samples.bits[0]
    if samples.kind == "float":
        return struct.pack(f"{order}{len(values)}f", *values)
    if bits in (8, 16, 32):
        return struct.pack(f"{order}{len(values)}{ {8: 'B', 16: 'H', 32: 'I'}[bits] }", *values)
    text = "".join(f"{value:0{bits}b}" for value in values)
    text = text.ljust(-(-len(text) // 8) * 8, "0")
    return int(text, 2).to_bytes(len(text) // 8, "big")


def _compressed(data: bytes, layout: Layout) -> bytes:
    if layout.compression == DEFLATE:
        data = zlib.compress(data)
    elif layout.compression == PACKBITS:
        data = b"".join(
            bytes([len(part) - 1]) + part
            for part in (data[at : at + 128] for at in range(0, len(data), 128))
        )
    # Bits are turned round in the data as it lies in the file, compressed or not.
    return data.translate(_REVERSED) if layout.fill_order == 2 else data


def floats(picture: Image.Image, white: float) -> Samples:
    """Grey samples of floating point; `white` is what white paper has."""
    plain = grey(picture, 8)
    rows = [[[value * white / 255 for value in pixel] for pixel in row] for row in plain.rows]
    return Samples(*picture.size, rows, (32,), BLACK_IS_ZERO, kind="float")


def palette(picture: Image.Image, bits: int) -> Samples:
    """Grey samples by way of a palette that runs from white to black."""
    plain = grey(picture, bits, WHITE_IS_ZERO)
    count = 1 << bits
    shades = tuple(65535 - 65535 * number // (count - 1) for number in range(count))
    return Samples(*picture.size, plain.rows, (bits,), PALETTE, {320: ("H", shades * 3)})
