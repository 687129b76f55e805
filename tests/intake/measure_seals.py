"""Measures how surely red seals are seen: the figures in sjs_forms/intake/seal_detection.py come
from here.

    python -m tests.intake.measure_seals COUNT

Prints, for each kind of page with a seal and without one, how many were judged rightly, and names
the others.
"""

import sys
from collections import Counter
from io import BytesIO

from PIL import Image

from sjs_forms.intake.seal_detection import has_red_seal
from tests.seal_scans import Dice, sealed_page, unsealed_page


def as_looked_at(page: Image.Image, quality: int) -> Image.Image:
    """A scan as intake draws it: packed as JPEG, then two pixels a millimetre."""
    held = BytesIO()
    page.save(held, "JPEG", quality=quality)
    size = (420, 594) if page.width < page.height else (594, 420)
    with Image.open(held) as packed:
        return packed.convert("RGB").resize(size, Image.Resampling.BILINEAR)


def main(count: int) -> None:
    right, wrong = Counter[tuple[bool, str]](), Counter[tuple[bool, str]]()
    for seed in range(count):
        for expected, make in ((True, sealed_page), (False, unsealed_page)):
            kind, page = make(seed)
            seen = has_red_seal(as_looked_at(page, Dice(seed).randint(30, 85)))
            (right if seen == expected else wrong)[expected, kind] += 1
            if seen != expected:
                print("WRONG", seed, kind, flush=True)
    for sealed in (True, False):
        print("with a seal" if sealed else "without")
        for kind in sorted({kind for has, kind in (*right, *wrong) if has == sealed}):
            print(f"  {kind}: {right[sealed, kind]} right, {wrong[sealed, kind]} wrong")


if __name__ == "__main__":
    main(int(sys.argv[1]))
