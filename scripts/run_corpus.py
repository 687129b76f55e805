"""Take in every file of a folder, bind it, and hold each page against how it looked before.

    python scripts/run_corpus.py FOLDER [--cut 90,99] [--mutate N] [--only-damaged] [--all]

Each file is bound in a volume of its own, which is read back. Prints a table (file, pages,
outcome, worst difference of a page) of the files worth a look, with `--all` of all. `--cut 90,99`
takes each file besides with so many hundredths of its bytes, `--mutate N` takes N damaged copies;
with `--only-damaged` the files themselves are left out. Ends with 1 where a page is lost, looks
different or lacks text that PDFium or pypdf reads in the original, unless a remark names the page;
where a file that a reader opens was refused for no good reason; and for anything but a plain
outcome.
"""

import argparse
import contextlib
import itertools
import logging
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pikepdf
from bound import SOURCE, bind, faults, unlike_clean

from sjs_forms import intake
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import fonts
from sjs_forms.intake.annotations import viewer_appearances
from sjs_forms.intake.cache import FactsCache
from sjs_forms.intake.clean import page_likeness, readers
from sjs_forms.intake.clean.completeness import completeness_of
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.pdf import objects
from sjs_forms.pdf.pypdf_names import quiet_pypdf
from sjs_forms.pdf.text_comparison import missing

WORST = 0.1
"""Mean grey (of 255, a pixel of shift forgiven) by which a page may differ."""

MAX_DECODED = 300_000_000
"""Bytes that one content of a file may have."""
MAX_PAGES = 60
"""Pages of one file that are compared."""

OPENS_WITH_REASON = {"attachment-encrypted", "attachment-portfolio", "attachment-xfa"}
"""Refusals that stand although a reader opens the file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    pages: str
    outcome: str
    difference: float
    seconds: float
    fault: str = ""


def main() -> int:
    """Run over the folder named on the command line; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cut", type=_shares, default=(), metavar="PERCENT,…")
    parser.add_argument("--mutate", type=int, default=0, metavar="N")
    parser.add_argument("--only-damaged", action="store_true")
    parser.add_argument("--all", action="store_true", help="print files without fault too")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    limits = load_programme().intake
    outcomes = []
    with tempfile.TemporaryDirectory() as work:
        cache = intake.RunCache(Path(work) / "cache")
        files = sorted(path for path in options.folder.rglob("*") if path.is_file())
        whole = () if options.only_damaged else ((path.name, path) for path in files)
        cut = _cut(files, options.cut, Path(work))
        mutated = _mutated(files, options.mutate, Path(work))
        for name, path in itertools.chain(whole, cut, mutated):
            outcomes.append(_report(_try(path, name, cache, limits), options.all))
    faults = [outcome for outcome in outcomes if outcome.fault]
    counts = Counter(outcome.outcome.split("+")[0] for outcome in outcomes)
    print(f"\n{len(outcomes)} files, {len(faults)} with a fault")
    for outcome, count in counts.most_common():
        print(f"{count:6}  {outcome}")
    return 1 if faults else 0


def _report(outcome: Outcome, everything: bool) -> Outcome:
    if everything or outcome.fault or outcome.seconds > 5:
        print(
            f"{outcome.name[:56]:56} {outcome.pages:>9} {outcome.outcome:44} "
            f"{outcome.difference:7.2f} {outcome.seconds:6.2f}s {outcome.fault}",
            flush=True,
        )
    return outcome


def _try(path: Path, name: str, cache: FactsCache, limits: IntakeLimits) -> Outcome:
    begun = time.monotonic()
    seen = max(_counts(path)) if file_kinds.kind_of(path) == file_kinds.PDF else 0
    try:
        facts = intake.take_in(path, name, cache, limits)
    except intake.FileRefused as refusal:
        unfounded = seen and refusal.code not in OPENS_WITH_REASON and _shows_anything(path)
        fault = f"a reader shows {seen} pages" if unfounded else ""
        if name not in refusal.message or not refusal.remedy:
            fault += " the message does not name the file"
        return Outcome(name, f"{seen}/-", refusal.code, 0.0, time.monotonic() - begun, fault)
    except Exception as problem:  # what this script is there to find
        return Outcome(name, f"{seen}/?", "crash", 0.0, time.monotonic() - begun, repr(problem))
    seconds = time.monotonic() - begun
    kept = len(facts.pages)
    outcome = "+".join(["taken in", *(remark.code for remark in facts.remarks)])
    fault = "pages lost" if facts.given < seen else ""
    if readers.pages_by_pdfium(facts.clean, None) != kept:
        fault = "facts and clean PDF disagree"
    if any(remark.code == "attachment-pages-lost" for remark in facts.remarks):
        return Outcome(name, f"{seen}/{kept}", outcome, 0.0, seconds, fault)
    named = _named(facts) | _broken(facts)
    with tempfile.TemporaryDirectory() as folder:
        original = _as_viewed(path, Path(folder)) if seen else path
        worst = _worst(original, facts, named) if seen else 0.0
        bound = _in_a_volume(original, facts, Path(folder), named)
    if worst > WORST:
        fault += " a page looks different"
    if seen:
        repaired = "attachment-repaired" in outcome
        fault += "".join(_lacking_text(path, facts.clean, named, repaired=repaired))
    fault += bound
    return Outcome(name, f"{seen}/{kept}", outcome, worst, seconds, fault)


def _as_viewed(path: Path, folder: Path) -> Path:
    """The file itself; or with what viewers draw of themselves and PDFium, who judges, does not.

    Fonts that it only names are embedded in it too: what PDFium takes for them is its own guess.
    """
    with contextlib.suppress(Exception), readers.open_qpdf(path, None) as pdf:
        viewer_appearances.draw_omitted(pdf)
        fonts.embed_all(pdf, MAX_DECODED)
        pdf.save(folder / "viewed.pdf", encryption=False)
        return folder / "viewed.pdf"
    return path


def _in_a_volume(path: Path, facts: SourceFacts, folder: Path, unlike: set[int]) -> str:
    """What is wrong with the file once it is bound; nothing, if all is well."""
    try:
        plan, volume = bind(load_programme(), facts, folder)
        found = [*unlike_clean(plan, volume, facts), *faults(plan, volume, {SOURCE: path}, unlike)]
    except Exception as problem:  # what this script is there to find
        return f" the volume cannot be made: {problem!r}"
    return " in the volume: " + "; ".join(found[:3]) if found else ""


def _counts(path: Path) -> tuple[int, int, int]:
    """Pages as qpdf, pypdf and pdfium (those it can show) count them; 0: does not open."""
    by_qpdf = 0
    with contextlib.suppress(Exception), readers.open_qpdf(path, None) as pdf:
        by_qpdf = len(pdf.pages)
    by_pdfium = len(readers.loadable_by_pdfium(path, None, 5000))
    return by_qpdf, readers.pages_by_pypdf(path, None), by_pdfium


def _named(facts: SourceFacts) -> set[int]:
    """The pages (from 0) of which remarks say that they are blank, not complete, or pictures."""
    codes = {remark.code for remark in facts.remarks}
    if codes & {"attachment-update-lost", "attachment-rasterised"}:
        return set(range(len(facts.pages)))
    found: set[int] = set()
    for remark in facts.remarks:
        if remark.code in ("attachment-pages-blank", "attachment-pages-incomplete"):
            for run in re.findall(r"\d+(?:–\d+)?", remark.message.partition("第")[2]):
                first, _, last = run.partition("–")
                found |= set(range(int(first) - 1, int(last or first)))
    return found


def _broken(facts: SourceFacts) -> set[int]:
    """Pages (from 0) with data that end too early: PDFium draws them otherwise at every scale."""
    with pikepdf.open(facts.clean) as pdf:
        seen = completeness_of(
            pdf, range(len(pdf.pages)), load_programme().intake.max_decoded_bytes
        )
    return {at for at, whole in seen.items() if whole.lacks}


def _lacking_text(before: Path, after: Path, named: set[int], *, repaired: bool) -> Iterator[str]:
    """Readers that find less text on a page of the clean PDF than in the original.

    Of a damaged file each reader makes something else: there both must agree.
    """
    found: dict[str, set[int]] = {"PDFium": set(), "pypdf": set()}
    for reader, texts_of in (("PDFium", _by_pdfium), ("pypdf", _by_pypdf)):
        with contextlib.suppress(Exception):
            pairs = enumerate(zip(texts_of(before), texts_of(after), strict=False))
            found[reader] = {at for at, pair in pairs if at not in named and missing(*pair)}
    if repaired:
        found = {"both readers": found["PDFium"] & found["pypdf"]}
    for reader, pages in found.items():
        if pages:
            yield f" missing text for {reader}, page {min(pages) + 1}"


def _by_pdfium(path: Path) -> list[str]:
    with readers.open_pdfium(path, None) as document:
        pages = range(min(len(document), MAX_PAGES))
        return [str(document[at].get_textpage().get_text_range()) for at in pages]


def _by_pypdf(path: Path) -> list[str]:
    reader = quiet_pypdf().PdfReader(path)
    return [page.extract_text() for page in itertools.islice(reader.pages, MAX_PAGES)]


def _shows_anything(path: Path) -> bool:
    """Whether PDFium draws anything on any page, of the file or of what qpdf makes of it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repaired.pdf"
        with contextlib.suppress(Exception), readers.open_qpdf(path, None) as pdf:
            objects.save(pdf, copy)
        for one in (path, copy):
            with contextlib.suppress(Exception), readers.open_pdfium(one, None) as document:
                if not all(page_likeness.is_blank(page_likeness.drawn(page)) for page in document):
                    return True
    return False


def _worst(before: Path, facts: SourceFacts, named: set[int]) -> float:
    """The greatest mean difference of any page that is not `named`; 0 if it opens neither.

    Parts of a page that was cut are left to `bound`.
    """
    whole = {at for at in range(len(facts.pages)) if facts.part_of(at) is None}
    worst = 0.0
    with (
        contextlib.suppress(Exception),
        readers.open_pdfium(before, None) as old,
        readers.open_pdfium(facts.clean, None) as new,
    ):
        for index in whole & set(range(min(len(new), MAX_PAGES))) - named:
            with contextlib.suppress(Exception):
                given = old[facts.origin_of(index)]
                pages = page_likeness.drawn(given), page_likeness.drawn(new[index])
                worst = max(worst, page_likeness.difference(*pages).mean)
    return worst


def _shares(given: str) -> tuple[float, ...]:
    return tuple(float(share) / 100 for share in given.split(","))


def _cut(files: list[Path], shares: tuple[float, ...], work: Path) -> Iterator[tuple[str, Path]]:
    """Copies cut short to these shares of their bytes."""
    for path, share in itertools.product(files, shares):
        target = work / "cut"
        target.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        yield f"cut-{share:.0%}-{path.name}", target


def _mutated(files: list[Path], count: int, work: Path) -> Iterator[tuple[str, Path]]:
    """Damaged copies, the same ones every time: bytes flipped, cut out, cut short."""
    chance = random.Random(2025)
    small = [path for path in files if 0 < path.stat().st_size < 2_000_000]
    for number in range(count if small else 0):
        path = chance.choice(small)
        target = work / "mutated"
        target.write_bytes(mutate(path.read_bytes(), chance))
        yield f"mutated-{number}-{path.name}", target


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The data with one kind of damage."""
    changed = bytearray(data)
    kind = chance.choice(("flip", "flip", "short", "cut", "object", "digits"))
    if kind == "short":
        return bytes(changed[: chance.randrange(1, len(changed) + 1)])
    if kind == "cut":
        start = chance.randrange(len(changed))
        del changed[start : start + chance.randrange(1, 2000)]
    elif kind == "object":
        start = changed.find(b" obj", chance.randrange(len(changed)))
        end = changed.find(b"endobj", start)
        if 0 <= start < end:
            del changed[start:end]
    else:
        for _ in range(chance.randrange(1, 40)):
            at = chance.randrange(len(changed))
            if kind == "flip":
                changed[at] ^= 1 << chance.randrange(8)
            elif chr(changed[at]).isdigit():
                changed[at] = ord(chance.choice("0123456789"))
    return bytes(changed)


if __name__ == "__main__":
    sys.exit(main())
