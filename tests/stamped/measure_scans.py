"""Measures how surely scans are recognised: the figures in sjs_forms/stamped/recognition.py come
from here.

    python -m tests.stamped.measure_scans FOLDER_WITH_FORM_PDFS SEEDS [FOREIGN.pdf …]

Prints for each page how like it looks to its own and to the next page, and at the end the lowest
and highest of all.
"""

import sys
import tempfile
from pathlib import Path

import pypdfium2

from sjs_forms.pdf.page_reading import page_reading
from sjs_forms.stamped.recognition import FormPage, verdict_on
from sjs_forms.stamped.scan_reading import compare_page, form_pages, page_read
from tests.scanner import as_pdf, drawn_pages, rough, scanned


def main(folder: Path, seeds: range, foreign: list[Path]) -> None:
    forms = {path.stem: path for path in sorted(folder.glob("*.pdf"))}
    references = {
        FormPage(form, number): page
        for form, path in forms.items()
        for number, page in enumerate(form_pages(path.read_bytes()), start=1)
    }
    lengths = {form: sum(page.form == form for page in references) for form in forms}
    drawings = [
        (FormPage(form, number), picture)
        for form, path in forms.items()
        for number, picture in enumerate(drawn_pages(path), start=1)
    ]
    drawings += [(None, picture) for path in foreign for picture in drawn_pages(path)]
    own, ahead, others, tally = [], [], [], {}
    for seed in seeds:
        for index, (page, picture) in enumerate(drawings):
            how = rough(seed * 100 + index)
            scan = scanned(picture, how, seed * 100 + index)
            with tempfile.TemporaryDirectory() as place:
                pdf = as_pdf(Path(place) / "scan.pdf", [scan], how.dpi, how.quality)
                with pypdfium2.PdfDocument(pdf) as document:
                    read = page_read(page_reading(document[0]))
            looked = compare_page(1, read, references)
            found = looked.seen
            if page and looked.unlike.get(page):
                print("TAKEN FOR CHANGED", page, looked.unlike[page], how, flush=True)
                tally["changed", "false"] = tally.get(("changed", "false"), 0) + 1
            verdict = verdict_on([found], lengths).pages[0]
            right = verdict.page == page and verdict.turn == (-how.turn) % 360
            state = verdict.state if right or verdict.state != "placed" else "WRONG"
            kind = "form" if page else "foreign"
            tally[kind, state] = tally.get((kind, state), 0) + 1
            scores = [alike.score for alike in found.pictures[:2]] + [0.0, 0.0]
            if page:
                hit = [a.score for a in found.pictures if a.page == page]
                own.append(hit[0] if hit else 0.0)
                ahead.append(scores[0] - scores[1] if right else 0.0)
            else:
                others.append(scores[0])
            if (page and state != "placed") or state == "WRONG":
                print(state, page, verdict, scores[:2], how, flush=True)
    print(folder.name, tally)
    for name, values in (("own page", own), ("ahead", ahead), ("foreign pages", others)):
        values.sort()
        if values:
            print(name, "least", values[0], "tenth", values[len(values) // 10], "most", values[-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), range(int(sys.argv[2])), [Path(name) for name in sys.argv[3:]])
