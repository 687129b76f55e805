"""The papers that reading is measured on say what truth.json says, the same bytes each time."""

import json
from pathlib import Path

import pypdfium2
import pytest

from sjs_forms.domain.fields.uscc import is_code
from sjs_forms.reading.pages.picture_cover import picture_cover
from sjs_forms.reading.pages.text_words import text_layer
from tests.reading.papers import accreditations, bank_sheets, copies, leases
from tests.reading.papers.applications import KINDS, copy_of, layout_of, write_application
from tests.reading.papers.cases import Case, cases, check_sum, chinese_money
from tests.reading.papers.parts import pdf_of


def test_every_layout_goes_through_every_way_of_copying() -> None:
    for kind, (module, _, _) in KINDS.items():
        ways = {(layout_of(case, kind), copy_of(case, kind)) for case in cases()}
        assert len(ways) == len(module.LAYOUTS) * len(copies.COPIES)


def test_applicants_differ_and_their_codes_are_valid() -> None:
    assert len({case.name for case in cases()}) == len(cases())
    codes = {code for case in cases() for code in (case.code, case.lessor_code)}
    assert len(codes) == 2 * len(cases()) and all(map(is_code, codes))


def test_the_check_sum_of_an_invoice_is_that_of_the_usual_definition() -> None:
    """CRC-16/UMTS: its published check value."""
    assert check_sum("123456789") == 0xFEE8


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (151840000, "壹佰伍拾壹万捌仟肆佰圆整"),
        (99915120, "玖拾玖万玖仟壹佰伍拾壹圆贰角"),
        (100000005, "壹佰万圆零伍分"),
    ],
)
def test_an_amount_is_written_out_as_on_cheques(fen: int, words: str) -> None:
    assert chinese_money(fen) == words


@pytest.mark.parametrize("module", [leases, bank_sheets, accreditations])
def test_each_layout_names_the_applicant(module: object) -> None:
    for number, layout in enumerate(module.LAYOUTS):  # type: ignore[attr-defined]
        case = Case(number)
        document = pypdfium2.PdfDocument(pdf_of(layout(case), 1))
        words = [
            word.text for page in document for word in text_layer(page, picture_cover(page)).words
        ]
        assert case.name in "".join(words), layout.__name__


def test_an_application_is_written_with_the_same_bytes_again(tmp_path: Path) -> None:
    pytest.importorskip("zxingcpp", reason="the extra `read` is not installed")
    for name in ("one", "two"):
        write_application(Case(3), tmp_path / name)
    one, two = (sorted((tmp_path / name).rglob("*.*")) for name in ("one", "two"))
    assert len(one) == len(KINDS) + 2
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    truth = json.loads((tmp_path / "one" / "truth.json").read_text(encoding="utf-8"))
    offered = json.loads((tmp_path / "one" / "application.json").read_text(encoding="utf-8"))
    assert [each["file"] for each in offered["attachments"]] == list(truth)
