"""Text on a picture is recognised where it stands; a page is turned only if that is certain."""

import pytest
from PIL import Image

from sjs_forms.reading.pages import ocr
from tests.reading.small_pdfs import html_page
from tests.scanner import drawn_pages

if not ocr.is_installed():
    pytest.skip("the extra `read` is not installed", allow_module_level=True)

CODE = "91110107MAYYYYY12M"
TEXT = "<h1>营业执照</h1><p>统一社会信用代码 " + CODE + "</p>" + "".join(
    f"<p>第{n}项 经营范围包括技术开发、技术咨询和数据处理服务</p>" for n in range(1, 7)
)  # fmt: skip
A4 = (595.3, 841.9)


@pytest.fixture(scope="module")
def models() -> ocr.TextRecogniser:
    return ocr.TextRecogniser()


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return drawn_pages(html_page(TEXT), 150)[0]


@pytest.mark.parametrize("turned", range(4))
def test_a_page_is_read_whichever_way_it_lies(
    models: ocr.TextRecogniser, page: Image.Image, turned: int
) -> None:
    points = A4[::-1] if turned % 2 else A4
    found = models.read(page.rotate(90 * turned, expand=True), points)
    assert found.turned == turned
    (code,) = [word for word in found.words if CODE in word.text]
    assert code.top < 200 and code.right - code.left > 5 * (code.bottom - code.top)


def test_words_come_line_by_line_in_points(models: ocr.TextRecogniser, page: Image.Image) -> None:
    words = models.read(page, A4).words
    assert [word.text[:3] for word in words[2:]] == [f"第{n}项" for n in range(1, 7)]
    assert all(50 < word.left < word.right < 560 for word in words)


def test_a_page_with_hardly_a_line_is_left_as_it_lies(models: ocr.TextRecogniser) -> None:
    (page,) = drawn_pages(html_page("<p>此页无正文</p>"), 150)
    assert models.read(page.rotate(180), A4).turned == 0


def test_an_empty_page_has_no_words(models: ocr.TextRecogniser) -> None:
    found = models.read(Image.new("RGB", (1241, 1754), "white"), A4)
    assert found == ocr.RecognisedText((), 0)


def test_the_models_are_those_in_the_package(
    models: ocr.TextRecogniser, page: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rapidocr.utils.download_file import DownloadFile

    def refuse(*_: object) -> None:
        raise AssertionError("a model was to be downloaded")

    monkeypatch.setattr(DownloadFile, "run", refuse)
    assert ocr.TextRecogniser().read(page, A4).words == models.read(page, A4).words
