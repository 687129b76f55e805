"""Make docs/pictures/ from the sample: the pages that the README shows.

python scripts/make_pictures.py

Pages in the browser are shown by a Chromium of this machine, with its fonts.
"""

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright

from sjs_forms.base.resources import sample_folder
from sjs_forms.jobs.pipeline import build
from sjs_forms.volume.built_folder import VOLUME

SIDES = {"cover": 1, "contents": 3, "divider": 15, "form": 9, "invoice": 21}
SCREENS = {"web-form": "form", "web-materials": "materials"}
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
        screens(Path(shutil.copytree(sample_folder(), Path(temporary) / "样例")))


def screens(sample: Path) -> None:
    """The web face as it shows the sample."""
    command = [sys.executable, "-m", "sjs_forms", "web", str(sample), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    link = server.stdout.readline().strip()
    try:
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(link)
            for name, path in SCREENS.items():
                page.goto(f"{link.partition('/open')[0]}/{path}")
                page.wait_for_timeout(4000)
                picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                small = picture.resize((960, 600), Image.Resampling.LANCZOS).quantize(
                    255, Image.Quantize.MAXCOVERAGE
                )
                small.save(FOLDER / f"{name}.png", optimize=True)
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
