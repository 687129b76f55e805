"""Make docs/pictures/ from the sample: the pages that the README shows.

python scripts/make_pictures.py
"""

import tempfile
from pathlib import Path

import pypdfium2

from sjs_forms.base.resources import sample_folder
from sjs_forms.jobs.pipeline import build
from sjs_forms.volume.built_folder import VOLUME

SIDES = {"cover": 1, "contents": 3, "divider": 15, "form": 9, "invoice": 21}
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"
        build(sample_folder(), out)
        volume = pypdfium2.PdfDocument(out / VOLUME)
        for name, side in SIDES.items():
            picture = volume[side - 1].render(scale=50 / 72).to_pil().quantize(64)
            picture.save(FOLDER / f"{name}.png", optimize=True)
        volume.close()


if __name__ == "__main__":
    main()
