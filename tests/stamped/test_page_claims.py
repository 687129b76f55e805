"""What a scanned page says of applicants, measured on pages that are hard to tell apart."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PIL import Image

from sjs_forms.base.progress import quiet
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.signed_scans.scan_recognition import printed_forms
from sjs_forms.pdf.page_reading import PageReading
from sjs_forms.stamped.gallery import Gallery, gallery_pages
from sjs_forms.stamped.page_claims import claims_on
from sjs_forms.stamped.pile_recognition import owner_of
from sjs_forms.stamped.recognition import FormPage
from sjs_forms.stamped.scan_reading import PageRead, page_read
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.layout import lay_out_forms
from tests.samples import minimal_answers, write_application
from tests.scanner import Scan, drawn_pages, scanned

KNOWN = "北京景石清华科技有限公司", "91110107MA01A2B3C1"
STRANGER = "北京景博远华科技有限公司", "91110107MA04D5E6F3"
"""As long a name as the other's, so that all wording stands in the same place."""


def read(name: str, code: str) -> tuple[Programme, Application]:
    answers: dict[str, Any] = minimal_answers()
    answers["applicant"] = {"name": name, "uscc": code}
    with TemporaryDirectory() as place:
        found = read_folder(write_application(Path(place), answers))
    assert found.programme and found.application, found.findings
    return found.programme, found.application


@cache
def gallery() -> Gallery:
    programme, application = read(*KNOWN)
    blank = printed_forms(programme, application_model(programme)(), quiet)
    known = printed_forms(programme, application, quiet)
    return Gallery([*gallery_pages(0, blank.references), *gallery_pages(1, known.references)])


def pledges(name: str, code: str) -> Iterator[tuple[bytes, Image.Image]]:
    typesetter = LocalTypesetter()
    for made in lay_out_forms(*read(name, code), typesetter):
        if made.form.id == "commitment":
            pdf = typesetter.paint(made.layout).result()
            yield pdf, drawn_pages(pdf, 120)[0]


def scan(picture: Image.Image, text: str = "") -> PageRead:
    shown = scanned(picture, Scan(dpi=100, skew=0.6, paper=240, mode="L")).convert("RGB")
    return page_read(PageReading(shown, (595.0, 842.0), text, 0))


@pytest.mark.parametrize(("whose", "owner"), [(KNOWN, 1), (STRANGER, None)])
def test_the_forms_wording_is_no_evidence_of_an_applicant(
    whose: tuple[str, str], owner: int | None
) -> None:
    ((_, picture),) = pledges(*whose)
    said = claims_on(gallery(), gallery().laid(scan(picture)))
    assert owner_of(said.claims) == owner
    assert said.claims[1] == ("sure" if owner else "denied")


def test_nor_is_it_in_a_text_layer() -> None:
    import pypdfium2

    ((pdf, picture),) = pledges(*STRANGER)
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage().get_text_range()
    said = claims_on(gallery(), gallery().laid(scan(picture, text)))
    assert said.claims[1] == "denied"
    assert said.nearest[1].page == FormPage("commitment", 1)
