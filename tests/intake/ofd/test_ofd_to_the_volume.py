"""From an application with OFD attachments to the volume and the portal's zip."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from sjs_forms.jobs.pipeline import Options, build
from sjs_forms.volume.verify import VOLUME, verify_folder
from tests.intake.conftest import made, saved
from tests.intake.ofd.invoices import digital_invoice, letter, vat_invoice
from tests.samples import minimal_answers, write_application


@dataclass(frozen=True)
class _Bound:
    out: Path
    sides: list[dict[str, Any]]
    remarks: list[dict[str, Any]]


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> _Bound:
    """An application with a 数电票, an older invoice turned, and two pages of a letter."""
    folder = tmp_path_factory.mktemp("ofd") / "某单位"
    files = folder / "attachments"
    files.mkdir(parents=True)
    listed: list[dict[str, Any]] = []

    def offer(material: str, name: str, data: bytes, **how: Any) -> None:
        (files / name).write_bytes(data)
        listed.append({"material": material, "file": f"attachments/{name}", **how})

    offer("lease", "数电票.ofd", digital_invoice())
    offer("lease", "旧发票.ofd", vat_invoice(), rotate=90)
    offer("evidence", "函.ofd", letter(), pages="3,1")
    for count, material in enumerate(("licence", "bank-account", "financials"), start=1):
        offer(material, f"{material}.pdf", saved(made(count)))
    answers = minimal_answers()
    answers["attachments"] = listed
    write_application(folder, answers)
    out = folder.parent / "成册"
    build(folder, out, Options(cache=False))
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return _Bound(out, manifest["sides"], manifest["findings"])


def _text_of(bound: _Bound, source: str) -> list[str]:
    """The text of each side that shows a page of a file, without blanks."""
    with pypdfium2.PdfDocument(bound.out / VOLUME) as pdf:
        return [
            "".join(pdf[side["side"] - 1].get_textpage().get_text_bounded().split())
            for side in bound.sides
            if side["source"] == f"attachments/{source}"
        ]


def test_the_volume_is_sound_and_searchable(bound: _Bound) -> None:
    """Every OFD stands in it with its text; chosen pages in the order written."""
    assert verify_folder(bound.out) == ()
    assert "电子发票（普通发票）" in _text_of(bound, "数电票.ofd")[0]
    first, second = _text_of(bound, "函.ofd")
    assert "（第3页）" in first
    assert "（第1页）" in second


def test_a_turned_invoice_stands_upright_on_its_page(bound: _Bound) -> None:
    """rotate turns an OFD as it turns a PDF: its words then run down the page."""
    side = next(side for side in bound.sides if side["source"] == "attachments/旧发票.ofd")
    with pypdfium2.PdfDocument(bound.out / VOLUME) as pdf:
        text = pdf[side["side"] - 1].get_textpage()
        found = text.get_text_range().index("北京样例")
        first, last = text.get_charbox(found), text.get_charbox(found + 3)
    assert abs(first[0] - last[0]) < abs(first[1] - last[1])


def test_what_is_said_of_them_is_in_the_manifest(bound: _Bound) -> None:
    """The seals of signatures are shown, not verified: once a file."""
    signed = [found for found in bound.remarks if found["code"] == "attachment-signed"]
    assert len(signed) == 2


def test_the_zip_has_the_merged_pdf_and_the_untouched_originals(bound: _Bound) -> None:
    """So that the portal's reader may verify what ours cannot."""
    with zipfile.ZipFile(bound.out / "在线申报.zip") as archive:
        names = archive.namelist()
        originals = {
            name.rpartition("/")[2]: archive.read(name) for name in names if "（原件）" in name
        }
    found = {data for name, data in originals.items() if name.endswith(".ofd")}
    assert found == {digital_invoice(), vat_invoice(), letter()}
    assert any(name.startswith("2_") and name.endswith(".pdf") for name in names)
