"""Pixels of any depth as 8-bit grey, RGB or CMYK over white: what goes into a page."""

from typing import Any

from PIL import Image, ImageChops, ImageOps

_BITS, _PHOTOMETRIC, _SAMPLE_FORMAT = 0x0102, 0x0106, 0x0153
_WHITE_IS_ZERO, _SIGNED = 0, 2
_DEEP = ("I", "F")
_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")


def eight_bits(picture: Image.Image) -> Image.Image:
    """The picture in mode 1, L, RGB or CMYK; what is transparent shows white paper."""
    if picture.mode.startswith(_DEEP):
        picture = _grey_of(picture)
    if picture.mode in _ALPHA or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        white.alpha_composite(seen)
        picture = white.convert("RGB")
    return picture if picture.mode in ("1", "L", "RGB", "CMYK") else picture.convert("RGB")


def _grey_of(picture: Image.Image) -> Image.Image:
    """Samples of 12, 16 or 32 bits, or of floating point, as 8 bits of grey."""
    tags: Any = getattr(picture, "tag_v2", {})
    grey = _floats(picture) if picture.mode == "F" else _integers(picture, tags)
    # Pillow turns samples round where white is zero only up to 8 bits.
    return ImageOps.invert(grey) if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else grey


def _floats(picture: Image.Image) -> Image.Image:
    """Floating point has no fixed white: 1, 255 or 65535, whichever the samples call for."""
    highest = float(picture.getextrema()[1])  # type: ignore[arg-type]
    white = next((white for white in (1.0, 255.0, 65535.0) if highest <= white * 1.01), highest)
    return picture.point(lambda value: value * (255 / white) + 0.5).convert("L")


def _integers(picture: Image.Image, tags: Any) -> Image.Image:
    """Integers by their bits; samples of 8 bits that lie in more stay as they are."""
    bits = max(_numbers(tags.get(_BITS))) if _BITS in tags else _bits_of(picture)
    if _SIGNED in _numbers(tags.get(_SAMPLE_FORMAT, 1)):
        bits -= 1
    data = picture.convert("I")
    key = data.info.pop("transparency", None)
    lowest, highest = data.getextrema()
    if bits == 32 and lowest < 0:  # type: ignore[operator]
        # Pillow holds 32 bits as signed: the highest byte says what the sign hides.
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
    """A tag that is a number or several."""
    found = value if isinstance(value, tuple) else (value,)
    return tuple(number for number in found if isinstance(number, int)) or (0,)


def _exactly(data: Image.Image, key: int) -> Image.Image:
    """White where a sample of 16 bits is `key` (the colour that a PNG calls transparent)."""
    raw = data.tobytes()
    low, high = (Image.frombytes("L", data.size, raw[at::4]) for at in (0, 1))
    alike = [
        band.point([255 if value == wanted else 0 for value in range(256)])
        for band, wanted in ((low, key & 255), (high, key >> 8))
    ]
    return ImageChops.darker(*alike)
