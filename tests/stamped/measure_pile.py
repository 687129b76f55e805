"""Measures how surely the pages of a pile are told apart: the figures in
sjs_forms/stamped/pile_recognition.py come from here.

    python -m tests.stamped.measure_pile APPLICANTS SEEDS

Invents applicants, every second of whom differs from the one before him by one character of his
name and by his code and telephone, and takes the last two out of the gallery, as strangers. Prints
what becomes of the pages of all, scanned badly: whose they are by what they show.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from stdnum.cn import uscc

from sjs_forms.base.progress import quiet
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.signed_scans.scan_recognition import printed_forms
from sjs_forms.pdf.page_reading import page_reading
from sjs_forms.stamped.gallery import Gallery, GalleryPage, gallery_pages
from sjs_forms.stamped.page_claims import claims_on
from sjs_forms.stamped.pile_recognition import owner_of
from sjs_forms.stamped.recognition import FormPage
from sjs_forms.stamped.scan_reading import PageRead, page_read
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.layout import lay_out_forms
from tests.samples import minimal_answers, write_application
from tests.scanner import as_pdf, drawn_pages, rough, scanned

SIGNS = "京石景华清云海天瑞博远智创新鼎盛联合信达恒通安正泰和兴东方明诚佳美卓越凌霄启航"
KINDS = "科技", "智能科技", "数据技术", "信息技术"
STRANGERS = 2


def main(count: int, seeds: int) -> None:
    """Print the tally, and every page that was taken for another's."""
    dice = random.Random(5)
    people = list(invented(dice, count))
    pages: list[GalleryPage] = []
    drawings: list[tuple[int, FormPage, Image.Image]] = []
    for number, answers in enumerate(people, 1):
        programme, application = read(answers)
        if not pages:
            blank = printed_forms(programme, application_model(programme)(), quiet)
            pages += gallery_pages(0, blank.references)
        if number <= count - STRANGERS:
            printed = printed_forms(programme, application, quiet)
            pages += gallery_pages(number, printed.references)
        drawings += [(number, *each) for each in drawn(programme, application)]
    gallery = Gallery(pages)
    tally: Counter[tuple[str, str, str]] = Counter()
    for seed in range(seeds):
        for at, (number, page, picture) in enumerate(drawings):
            said = claims_on(gallery, gallery.laid(scan(picture, seed * 1_000 + at)))
            owner = owner_of(said.claims)
            held = owner and (owner, said.nearest[owner].page)
            verdict = "open" if not held else "right" if held == (number, page) else "WRONG"
            if verdict == "WRONG":
                print("WRONG", number, page, owner, said.claims, flush=True)
            kind = "stranger" if number > count - STRANGERS else "known"
            tally[kind, f"{page.form} {page.page}", verdict] += 1
    for key in sorted(tally):
        print(*key, tally[key])


def invented(dice: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Yield answers: of pairs of applicants who are hard to tell apart."""
    for _ in range(0, count, 2):
        name = "".join(dice.sample(SIGNS, 4))
        kind, street = (
            dice.choice(KINDS),
            f"{''.join(dice.sample(SIGNS, 2))}路{dice.randint(1, 99)}号",
        )
        contact = "".join(dice.sample(SIGNS, 2))
        for last in dice.sample(SIGNS, 2):
            made = minimal_answers()
            full, code = f"北京{name[:3]}{last}{kind}有限公司", made_up_code(dice)
            phone = f"010-{dice.randint(60_000_000, 89_999_999)}"
            made["applicant"] = {"name": full, "uscc": code}
            made["contact"] = {"name": contact, "phone": phone, "email": "office@example.com"}
            made["platform"] |= {
                "name": f"{name[:3]}大模型实验室",
                "address": f"北京市石景山区{street}",
            }
            made["founders"][0] |= {
                "name": full,
                "uscc": code,
                "address": f"北京市石景山区{street}",
            }
            yield made


def made_up_code(dice: random.Random) -> str:
    """Return a code with a right check character."""
    body = "91110107MA" + "".join(dice.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=7))
    return body + str(uscc.calc_check_digit(body))


def read(answers: dict[str, Any]) -> tuple[Programme, Application]:
    """Return the notice and the answers."""
    with tempfile.TemporaryDirectory() as place:
        found = read_folder(write_application(Path(place), answers))
    assert found.programme and found.application, found.findings
    return found.programme, found.application


def drawn(programme: Programme, application: Application) -> Iterator[tuple[FormPage, Image.Image]]:
    """Yield the pages of the forms as they come out of the printer."""
    typesetter = LocalTypesetter()
    for made in lay_out_forms(programme, application, typesetter):
        pictures = drawn_pages(typesetter.paint(made.layout).result(), 150)
        for number, picture in enumerate(pictures, 1):
            yield FormPage(made.form.id, number), picture


def scan(picture: Image.Image, seed: int) -> PageRead:
    """Return a page as it is read after printing, sealing and scanning."""
    how = rough(seed)
    with tempfile.TemporaryDirectory() as place:
        made = scanned(picture, how, seed)
        pdf = as_pdf(Path(place) / "scan.pdf", [made], how.dpi, how.quality)
        with pypdfium2.PdfDocument(pdf) as document:
            return page_read(page_reading(document[0]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
