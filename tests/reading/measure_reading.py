"""Measures what is read on the papers: python -m tests.reading.measure_reading [STEP].

The figures in the modules of sjs_forms/reading come from here. Papers are read of every STEPth
application, by default of every third, which takes a quarter of an hour of one processor.
"""

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

import pypdfium2
from PIL import Image

from sjs_forms.reading.pages.codes import code_marks
from sjs_forms.reading.pages.ocr import DPI, TextRecogniser
from sjs_forms.reading.pages.page_words import PageQuality, Word
from sjs_forms.reading.pages.picture_cover import picture_cover
from sjs_forms.reading.pages.quality import page_quality
from sjs_forms.reading.pages.seals import seal_marks
from sjs_forms.reading.pages.text_words import text_layer
from tests.reading.papers.applications import KINDS, copy_of, facts, layout_of, paper, sheets_of
from tests.reading.papers.cases import Case, cases
from tests.reading.papers.copies import COPIES
from tests.scanner import Scan, scanned
from tests.seal_scans import sealed_page, unsealed_page

_SEEN = {
    "lease": ("lessee", "lessor"),
    "invoice": ("name", "uscc", "number"),
    "accreditation": ("name", "platform", "authority"),
    "licence": ("name", "uscc", "legal"),
    "audit": ("name", "auditor"),
    "bank": ("name", "account"),
}
"""Facts that stand in the paper as they are written, if perhaps over two lines."""
A4 = (595.3, 841.9)


def pages_of(case: Case, kind: str) -> Iterator[tuple[int, Any]]:
    document = pypdfium2.PdfDocument(paper(case, kind))
    try:
        yield from enumerate(document)
    finally:
        document.close()


def plain(words: tuple[Word, ...]) -> str:
    joined = "".join(word.text for word in words)
    return re.sub(r"[\s\u3000]", "", joined).translate(str.maketrans("():", "（）："))


def measure_words(step: int) -> None:
    """Text layers and recognised scans: time, and how many of the facts stand there in full."""
    models = TextRecogniser()
    found, all_of, seconds = Counter[str](), Counter[str](), defaultdict[str, list[float]](list)
    missed = []
    for case in cases()[::step]:
        for kind in KINDS:
            copy = COPIES[copy_of(case, kind)].__name__
            text = ""
            for _, page in pages_of(case, kind):
                start = time.process_time()
                layer = text_layer(page, picture_cover(page))
                words = layer.words
                if not layer.is_enough:
                    picture = page.render(scale=DPI / 72).to_pil().convert("RGB")
                    start = time.process_time()
                    words = models.read(picture, page.get_size()).words
                seconds[copy].append(time.process_time() - start)
                text += plain(words)
            for name in _SEEN[kind]:
                all_of[copy] += 1
                is_there = str(facts(case)[kind][name]) in text
                found[copy] += is_there
                if not is_there:
                    missed.append((case.number, kind, layout_of(case, kind).__name__, copy, name))
    for copy, times in seconds.items():
        mean, most = sum(times) / len(times), max(times)
        print(
            f"{copy}: {found[copy]} of {all_of[copy]} facts, "
            f"{mean:.4f} s a page, {most:.3f} at most"
        )
    for each in missed:
        print("  not in full:", *each)


def measure_turned(step: int) -> None:
    """How scans are turned, each laid in four ways."""
    models = TextRecogniser()
    right, wrong, unsure = 0, [], 0
    for case in cases()[:: step * 3]:
        for kind in KINDS:
            if copy_of(case, kind) == 0:
                continue
            for number, page in pages_of(case, kind):
                picture = page.render(scale=DPI / 72).to_pil().convert("RGB")
                for turned in range(4):
                    laid = picture.rotate(90 * turned, expand=True)
                    points = page.get_size()[::-1] if turned % 2 else page.get_size()
                    got = models.read(laid, points).turned
                    right += got == turned
                    unsure += got == 0 != turned
                    if got not in (0, turned):
                        wrong.append((case.number, kind, number, turned, got))
    print(f"turned: {right} right, {unsure} unsure, wrong: {wrong}")


def measure_looks(step: int) -> None:
    """Seals, codes and quality on all papers but the grey ones."""
    seals, codes, faults = Counter[str](), Counter[str](), Counter[str]()
    wrong = []
    for case in cases()[::step]:
        for kind in KINDS:
            copy = COPIES[copy_of(case, kind)].__name__
            name, sheets = layout_of(case, kind).__name__, sheets_of(case, kind)
            for number, page in pages_of(case, kind):
                points = page.get_size()
                picture = page.render(scale=150 / 72).to_pil().convert("RGB")
                quality = page_quality(picture, points, picture_cover(page).dpi)
                faults["pages"] += 1
                for fault in ("blank", "dark", "faint", "blurred"):
                    faults[fault] += getattr(quality, fault)
                if kind == "invoice":
                    read = [code.text for code in code_marks(picture, points)]
                    codes[f"{copy} {case.invoice_payload in read}"] += 1
                if copy == "as_grey":
                    continue
                wanted, got = len(sheets[number].seals), len(seal_marks(picture, points))
                seals["sealed" if wanted else "unsealed"] += 1
                seals["found"] += bool(wanted and got)
                seals["false"] += bool(got and not wanted)
                seals["right number"] += wanted == got
                if bool(wanted) != bool(got):
                    wrong.append((case.number, kind, name, copy, number, wanted, got))
    print("seals on papers:", dict(seals), "wrong:", wrong)
    print("codes:", dict(codes))
    print("quality of usable pages:", dict(faults))


def measure_seals() -> None:
    """Seals on 100 hard pages with one and 100 with other red."""
    found, false = Counter[str](), Counter[str]()
    for seed in range(100):
        kind, page = sealed_page(9_000 + seed)
        found[f"{kind} {bool(seal_marks(page, _points(page)))}"] += 1
        kind, page = unsealed_page(9_000 + seed)
        false[f"{kind} {bool(seal_marks(page, _points(page)))}"] += 1
    seen = sum(count for name, count in found.items() if name.endswith("True"))
    wrong = [name for name in false if name.endswith("True")]
    print(
        f"hard seals: {seen} of 100 found; taken for one: {sum(false[name] for name in wrong)}",
        wrong,
    )


def _points(page: Image.Image) -> tuple[float, float]:
    return A4 if page.width < page.height else A4[::-1]


def measure_quality() -> None:
    """Faults planted on pages of text papers."""
    hits = Counter[str]()
    dice = Random(5)
    for case in cases()[:20]:
        for _, page in pages_of(case, "lease"):
            picture = page.render(scale=200 / 72).to_pil().convert("RGB")
            faults = {
                "dark": Scan(dpi=200, paper=dice.randint(50, 90)),
                "faint": Scan(dpi=200, toner=dice.uniform(0.1, 0.2)),
                "blurred": Scan(dpi=200, blur=dice.uniform(3.5, 6)),
                "none": Scan(dpi=200, toner=dice.uniform(0.45, 1), blur=dice.uniform(0, 1.3)),
            }
            for name, how in faults.items():
                laid = scanned(picture, how)
                quality = page_quality(laid, (laid.width * 0.36, laid.height * 0.36), 200)
                faultless = quality == PageQuality(skew=quality.skew)
                hits[f"{name} {getattr(quality, name) if name != 'none' else faultless}"] += 1
            break
    print("planted:", dict(hits))


def main() -> None:
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    measure_seals()
    measure_quality()
    measure_words(step)
    measure_looks(step)
    measure_turned(step)


if __name__ == "__main__":
    main()
