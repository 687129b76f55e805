"""Converts pixels of any depth to 8-bit grey, RGB or CMYK on white."""

from typing import Any

from PIL import Image, ImageChops, ImageOps

_BITS, _PHOTOMETRIC, _SAMPLE_FORMAT = 0x0102, 0x0106, 0x0153
_WHITE_IS_ZERO, _SIGNED = 0, 2
_DEEP = ("I", "F")
_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")


def eight_bits(picture: Image.Image) -> Image.Image:
    """Return the picture in mode 1, L, RGB or CMYK. Transparent pixels show white."""
    if picture.mode.startswith(_DEEP):
        picture = _grey_of(picture)
    if picture.mode in _ALPHA or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        white.alpha_composite(seen)
        picture = white.convert("RGB")
    return picture if picture.mode in ("1", "L", "RGB", "CMYK") else picture.convert("RGB")


def _grey_of(picture: Image.Image) -> Image.Image:
    """Convert samples of 12, 16 or 32 bits, or of floating point, to 8-bit grey."""
    tags: Any = getattr(picture, "tag_v2", {})
    grey = _floats(picture) if picture.mode == "F" else _integers(picture, tags)
    # Pillow inverts white-is-zero samples only up to 8 bits.
    return ImageOps.invert(grey) if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else grey


def _floats(picture: Image.Image) -> Image.Image:
    """Convert floating point, which has no fixed white: 1, 255 or 65535, by the largest sample."""
    highest = float(picture.getextrema()[1])  # type: ignore[arg-type]
    white = next((white for white in (1.0, 255.0, 65535.0) if highest <= white * 1.01), highest)
    return picture.point(lambda value: value * (255 / white) + 0.5).convert("L")


def _integers(picture: Image.Image, tags: Any) -> Image.Image:
    """Convert integers by their bit depth. 8-bit samples in larger integers are unchanged."""
    bits = max(_numbers(tags.get(_BITS))) if _BITS in tags else _bits_of(picture)
    if _SIGNED in _numbers(tags.get(_SAMPLE_FORMAT, 1)):
        bits -= 1
    data = picture.convert("I")
    key = data.info.pop("transparency", None)
    lowest, highest = data.getextrema()
    if bits == 32 and lowest < 0:  # type: ignore[operator]
        # Pillow reads 32 bits as signed; the highest byte is right in spite of the sign.
        return Image.frombytes("L", data.size, data.tobytes()[3::4])
    if 0 <= highest <= 255:  # type: ignore[operator]
        bits = 8
    scale = 255 / ((1 << bits) - 1)
    grey = data.point(lambda value: value * scale + 0.5).convert("L")
    if isinstance(key, int):
        grey.paste(255, mask=_exactly(data, key))
    return grey


def _bits_of(picture: Image.Image) -> int:
    return 16 if picture.mode.startswith("I;16") or picture.format != "TIFF" else 32


def _numbers(value: Any) -> tuple[int, ...]:
    """Return a tag's numbers, one or several."""
    found = value if isinstance(value, tuple) else (value,)
    return tuple(number for number in found if isinstance(number, int)) or (0,)


def _exactly(data: Image.Image, key: int) -> Image.Image:
    """Return white where a 16-bit sample equals `key` (the transparent colour of a PNG)."""
    raw = data.tobytes()
    low, high = (Image.frombytes("L", data.size, raw[at::4]) for at in (0, 1))
    alike = [
        band.point([255 if value == wanted else 0 for value in range(256)])
        for band, wanted in ((low, key & 255), (high, key >> 8))
    ]
    return ImageChops.darker(*alike)
