"""In what is handed on to printers and to the portal, no font is without its file."""

import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pikepdf import Dictionary, Name, String

from sjs_forms.jobs.pipeline import BuildResult, Options, build
from sjs_forms.portal import PORTAL
from sjs_forms.volume.verify import VOLUME, verify_folder
from tests.font_files import composite, loose_fonts, sheet, simple, text_by_poppler
from tests.intake.conftest import annotate, saved
from tests.samples import codes, minimal_answers, write_application

SAYS = {
    "lease": "租赁合同（甲方：某单位）共128页",
    "evidence": "认定文件一二三",
    "licence": "BusinessLicence2025",
    "financials": "审计报告，金额壹佰万元",
    "bank-account": "AccountNumber001",
}


def _offered() -> dict[str, Any]:
    half = {"W": [7716, 7716, 500, 814, 939, 500]}
    noted = sheet((simple("Helvetica", flags=None), SAYS["bank-account"].encode()))
    annotate(
        noted,
        Subtype=Name.FreeText,
        Contents=String("checked"),
        DA=String("/Helv 12 Tf 0 g"),
        AP=Dictionary(),
    )
    return {
        "lease": sheet(
            (composite("SimSun", "GBK-EUC-H", "GB1", **half), SAYS["lease"].encode("gbk"))
        ),
        "evidence": sheet(
            (composite("KaiTi", "UniGB-UCS2-H", "GB1"), SAYS["evidence"].encode("utf-16-be"))
        ),
        "licence": sheet(
            (simple("ArialMT", "TrueType", "WinAnsiEncoding"), SAYS["licence"].encode())
        ),
        "financials": sheet(
            (composite("FangSong", "GB-EUC-H", "GB1"), SAYS["financials"].encode("gb2312"))
        ),
        "bank-account": noted,
    }


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildResult]:
    """An application whose attachments embed no font at all, built as a user would."""
    folder = tmp_path_factory.mktemp("fonts") / "某单位"
    answers = minimal_answers()
    answers["attachments"] = []
    for material, pdf in _offered().items():
        name = f"attachments/{material}.pdf"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(saved(pdf))
        answers["attachments"].append({"material": material, "file": name})
    write_application(folder, answers)
    out = folder.parent / "成册"
    return out, build(folder, out, Options(cache=False))


def test_no_font_of_the_finished_pdfs_is_without_its_file(bound: tuple[Path, BuildResult]) -> None:
    out, _ = bound
    pdfs = sorted(out.rglob("*.pdf"))
    assert len(pdfs) >= 5
    assert {pdf.name: loose_fonts(pdf) for pdf in pdfs} == {pdf.name: [] for pdf in pdfs}


def test_no_font_of_the_portals_pdfs_is_without_its_file(
    bound: tuple[Path, BuildResult], tmp_path: Path
) -> None:
    """Of all that we make; the originals beside them stay as the applicant wrote them."""
    with zipfile.ZipFile(bound[0] / PORTAL) as archive:
        ours = [name for name in archive.namelist() if name.endswith(".pdf") and "/" not in name]
        assert len(ours) == 7
        for name in ours:
            path = tmp_path / "member.pdf"
            path.write_bytes(archive.read(name))
            assert loose_fonts(path) == [], name


def test_the_volume_says_what_the_attachments_say(bound: tuple[Path, BuildResult]) -> None:
    out, built = bound
    assert verify_folder(out) == ()
    assert not {code for code in codes(built.findings) if code.startswith("attachment-font")}
    with pypdfium2.PdfDocument(out / VOLUME) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    by_pdfium = "".join("".join(pages).split())
    by_poppler = text_by_poppler(out / VOLUME)
    for words in (*SAYS.values(), "checked"):
        assert words in by_pdfium
        assert words in by_poppler
