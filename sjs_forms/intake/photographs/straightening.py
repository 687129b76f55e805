"""Proposes a clean page for a photograph of a paper: its outline straightened, its light evened.

OpenCV, of the extra `read`, finds the outline where the paper is brighter than what it lies on, all
around. Where any side is not certain (a light desk, a hand over a corner, a page that fills the
picture), nothing is proposed. The user is to look at a proposal before it replaces a page.
"""

import math
from collections.abc import Iterator
from typing import Any

_SMALL = 900
"""Longer side of the picture in which the outline is searched."""
_LEAST_SHARE = 0.25
"""Share of the picture that a page fills at least."""
_MARGIN = 0.004
"""Distance from the picture's edge, as a share of its longer side, at which the page is cut off."""
_STEP = 12
"""By how much (of 255) the paper is brighter than its surroundings, at every part of a side."""
_CERTAIN = 0.85
"""Share of the places along a side at which that must be so."""
_PLACES = 48
"""Places along a side that are examined."""
_STRAIGHT = 0.6
"""Pixels of the small picture by which the places of a side may lie off its line, at the median."""
_SQUARE = 25
"""Degrees by which a corner may differ from a right angle."""
_A4 = math.sqrt(2)
_NEARLY_A4 = 0.08
"""Difference from the proportions of A4, as a share, up to which the page is taken for A4.

Those of Letter differ by 8.5 %.
"""
_PHONE = 0.8
_LENSES = 0.6, 3.0
"""Focal length of most phones, and the shortest and longest, by the picture's longer side."""
_CONVERGING = 0.08
"""By how much opposite sides converge at least for their vanishing point to be certain."""
_LONGEST = 3_508
"""Pixels of the longer side of a clean page: A4 at 300 dpi."""
_RIM = 0.003
"""Rim of the page that is left out, as a share of its longer side: 0.9 mm. The desk shines in."""
_PAPER = 263
"""Tone of evened paper before it is cut at 255: its grain becomes white, and prints no grey."""


def page_corners(picture: Any) -> Any | None:
    """Return the corners of the page on a photograph (Pillow, RGB), or None if one is not certain.

    They are an array of four points (x, y) in pixels from the upper left corner of the picture,
    clockwise from the page's upper left. Raises ImportError if the extra is missing.
    """
    import cv2
    import numpy

    pixels = numpy.asarray(picture)
    scale = min(1.0, _SMALL / max(pixels.shape[:2]))
    size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    bright = cv2.GaussianBlur(small.min(axis=2), (5, 5), 0)
    for outline in _outlines(bright):
        corners = _fitted(bright, outline)
        if corners is not None:
            ratio = numpy.array([pixels.shape[1] / size[0], pixels.shape[0] / size[1]])
            return (corners + 0.5) * ratio
    return None


def flattened(picture: Any, corners: Any) -> Any:
    """Return the page with these corners, straight and evenly lit, as an RGB array.

    It is not turned: a page that lies on its side stays so.
    """
    import cv2
    import numpy

    wide, high = page_size(corners, picture.size)
    rim = _RIM * max(wide, high)
    left, top, right, foot = -rim, -rim, wide + rim, high + rim
    target = numpy.array([[left, top], [right, top], [right, foot], [left, foot]], numpy.float32)
    matrix = cv2.getPerspectiveTransform((corners - 0.5).astype(numpy.float32), target - 0.5)
    flat = cv2.warpPerspective(
        numpy.asarray(picture), matrix, (wide, high),
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return _evened(flat)


def _outlines(bright: Any) -> Iterator[Any]:
    """Yield quadrilaterals that may be the page, the largest of each way of looking first."""
    import cv2
    import numpy

    _, by_tone = cv2.threshold(bright, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges = cv2.dilate(cv2.Canny(bright, 30, 90), numpy.ones((3, 3), numpy.uint8))
    least = _LEAST_SHARE * bright.size
    for mask in (by_tone, edges):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
            hull = cv2.convexHull(contour)
            around = cv2.arcLength(hull, True)
            for tolerance in (0.01, 0.02, 0.04):
                corners = cv2.approxPolyDP(hull, tolerance * around, True)
                if len(corners) == 4 and cv2.contourArea(corners) > least:
                    yield _clockwise(corners.reshape(4, 2).astype(float))
                    break


def _clockwise(corners: Any) -> Any:
    """Return corners from the upper left one on, clockwise as they are seen."""
    import numpy

    middle = corners.mean(axis=0)
    angles = numpy.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[numpy.argsort(angles)]
    return numpy.roll(ordered, -int(numpy.argmin(ordered.sum(axis=1))), axis=0)


def _fitted(bright: Any, outline: Any) -> Any | None:
    """Return an outline's corners where its sides meet, or None if a side is not certain."""
    import numpy

    sides = []
    for at in range(4):
        line = _side(bright, outline[at], outline[(at + 1) % 4])
        if line is None:
            return None
        sides.append(line)
    corners = numpy.array([_crossing(sides[at - 1], sides[at]) for at in range(4)])
    high, wide = bright.shape
    margin = _MARGIN * max(high, wide)
    inside = (corners > margin).all() and (corners < [wide - 1 - margin, high - 1 - margin]).all()
    return corners if inside and _is_square(corners) else None


def _side(bright: Any, start: Any, end: Any) -> tuple[Any, Any] | None:
    """Return a point and the direction of the edge of the paper near a side, or None.

    The sides run clockwise, so that the paper is on their right.
    """
    import cv2
    import numpy

    direction = (end - start) / max(1e-6, numpy.linalg.norm(end - start))
    inward = numpy.array([-direction[1], direction[0]])
    reach = max(6, round(0.02 * max(bright.shape)))
    depths = numpy.arange(-reach, reach + 1)
    shares = numpy.linspace(0.06, 0.94, _PLACES)
    places = start + shares[:, None] * (end - start)
    samples = places[:, None, :] + depths[None, :, None] * inward
    tones = cv2.remap(
        bright, samples[..., 0].astype(numpy.float32), samples[..., 1].astype(numpy.float32),
        cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    ).astype(float)  # fmt: skip
    steps = tones[:, 4:] - tones[:, :-4]  # over four pixels: a soft edge counts in full
    at = steps.argmax(axis=1)
    # A frame printed on the page has paper on both sides of it.
    beyond = numpy.median(tones[:, reach + 1 :], axis=1) - numpy.median(tones[:, :reach], axis=1)
    steepest = numpy.take_along_axis(steps, at[:, None], axis=1)[:, 0]
    found = (steepest >= _STEP) & (beyond >= _STEP)
    if found.mean() < _CERTAIN:
        return None
    edge = (places + (depths[at] + 2)[:, None] * inward)[found].astype(numpy.float32)
    x, y, left, top = cv2.fitLine(edge, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    line = numpy.array([left, top]), numpy.array([x, y])
    off = numpy.abs(numpy.cross(numpy.append(line[1], 0), numpy.c_[edge - line[0], edge[:, 0] * 0]))
    return line if numpy.median(off[:, 2]) < _STRAIGHT else None


def _crossing(first: tuple[Any, Any], then: tuple[Any, Any]) -> Any:
    """Return where two lines meet; far outside the picture if they do not."""
    import numpy

    matrix = numpy.array([first[1], -then[1]]).T
    if abs(numpy.linalg.det(matrix)) < 1e-6:
        return numpy.array([-1e6, -1e6])
    return first[0] + numpy.linalg.solve(matrix, then[0] - first[0])[0] * first[1]


def _is_square(corners: Any) -> bool:
    """Return whether each corner is about a right angle."""
    import numpy

    before, after = (
        numpy.roll(corners, 1, axis=0) - corners,
        numpy.roll(corners, -1, axis=0) - corners,
    )
    lengths = numpy.linalg.norm(before, axis=1) * numpy.linalg.norm(after, axis=1)
    cosines = (before * after).sum(axis=1) / numpy.maximum(lengths, 1e-6)
    return bool((numpy.abs(cosines) < math.sin(math.radians(_SQUARE))).all())


def page_size(corners: Any, picture: tuple[int, int]) -> tuple[int, int]:
    """Return the pixels of the straightened page; one nearly of A4's proportions has them.

    `picture` is the size of the photograph in pixels.
    """
    import numpy

    lengths = numpy.linalg.norm(corners - numpy.roll(corners, -1, axis=0), axis=1)
    long = min(float(lengths.max()), _LONGEST)
    proportion = _proportion(corners, picture)
    for known in (_A4, 1 / _A4):
        if abs(proportion / known - 1) < _NEARLY_A4:
            proportion = known
    wide, high = (long, long / proportion) if proportion > 1 else (long * proportion, long)
    return max(1, round(wide)), max(1, round(high))


def _proportion(corners: Any, picture: tuple[int, int]) -> float:
    """Return the width of a page divided by its height, seen in perspective.

    The method is that of Zhang and He, Whiteboard scanning and image enhancement (Digital Signal
    Processing 17, 2007): two vanishing points give the focal length. A page that is tilted about
    one side only has one of them; then the focal length is that of most phones.
    """
    import numpy

    middle = numpy.array(picture) / 2
    first, second, fourth, third = numpy.c_[corners - middle, numpy.ones(4)]
    from_second = numpy.cross(second, fourth) @ third
    from_third = numpy.cross(third, fourth) @ second
    across = numpy.cross(first, fourth) @ third / from_second * second - first
    down = numpy.cross(first, fourth) @ second / from_third * third - first
    focus = _PHONE * max(picture)
    if min(abs(across[2]), abs(down[2])) > _CONVERGING:
        squared = -(across[:2] @ down[:2]) / (across[2] * down[2])
        nearest, farthest = (limit * max(picture) for limit in _LENSES)
        focus = min(max(math.sqrt(max(squared, 0.0)), nearest), farthest)
    scale = numpy.array([1 / focus, 1 / focus, 1])
    return float(numpy.linalg.norm(across * scale) / numpy.linalg.norm(down * scale))


def _evened(page: Any) -> Any:
    """Return a page with its paper white everywhere and its colours as they were."""
    import cv2
    import numpy

    grey = page.max(axis=2)
    factor = max(1, max(grey.shape) // 300)
    small = cv2.resize(grey, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    light = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 6)
    light = cv2.resize(light, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    factors = (_PAPER / numpy.maximum(light, 1)).astype(numpy.float32)
    evened = page * factors[..., None]
    return numpy.clip(evened, 0, 255).astype(numpy.uint8)
