"""What pypdf and WeasyPrint do not promise and this package uses: each part, as it is used.

A new release that changes one of them fails here, by its name, and not in the look of a page.
"""

import ast
import io
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject
from tinyhtml5 import inputstream
from weasyprint.pdf.fonts import Font

import sjs_forms
from sjs_forms.base.resources import fonts_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.pdf.pypdf_names import quiet_pypdf
from sjs_forms.pdf.pypdf_writer import add_object, new_numbers
from sjs_forms.typesetting import html_pages
from sjs_forms.typesetting.lines.page_boxes import page_boxes
from sjs_forms.typesetting.weasyprint_loader import load_weasyprint
from tests.intake.conftest import made, saved

ROOT = Path(__file__).parents[1]
PACKAGE = Path(sjs_forms.__file__).parent


@pytest.mark.parametrize("library", ["pypdf", "weasyprint"])
def test_the_version_is_bounded_to_the_major_one_that_was_tested(library: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (bound,) = [one for one in project["dependencies"] if one.startswith(f"{library}>")]
    major = int(version(library).partition(".")[0])
    assert bound == f"{library}>={major},<{major + 1}"


def test_each_private_part_is_used_in_one_place() -> None:
    """`_add_object` of a writer, say, is asked for by `pypdf_writer` alone."""
    known = {
        "_add_object": "pdf/pypdf_writer.py",
        "_id_translated": "pdf/pypdf_writer.py",
        "_page_box": "typesetting/lines/page_boxes.py",
        "_ua_stylesheets": "typesetting/html_pages.py",
    }
    users: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        uses = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        uses |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for name in uses & set(known):
            users.setdefault(name, set()).add(path.relative_to(PACKAGE).as_posix())
    assert users == {name: {place} for name, place in known.items()}


# pypdf


def test_pypdf_writer_add_object_gives_the_reference_of_what_it_took() -> None:
    writer = PdfWriter()
    thing = DictionaryObject({NameObject("/A"): NumberObject(1)})
    reference = add_object(writer, thing)
    assert reference.get_object() is thing
    assert reference.idnum == len(writer._objects)


def test_pypdf_writer_id_translated_has_the_new_number_of_each_cloned_object() -> None:
    reader = PdfReader(io.BytesIO(saved(made(2))))
    writer = PdfWriter()
    writer.add_blank_page(10, 10)  # else numbers might be equal by chance
    assert new_numbers(reader, writer) == {}
    for page in reader.pages:
        writer.add_page(page)
    old = reader.pages[0].raw_get("/Contents").idnum
    new = writer.pages[1].raw_get("/Contents").idnum
    assert new_numbers(reader, writer)[old] == new != old


def test_pypdf_reads_and_writes_names_by_the_methods_that_are_replaced() -> None:
    """NameObject.read_from_stream and NameObject.renumber."""
    quiet_pypdf()
    name = b"/\xcb\xce\xcc\xe5"  # 宋体 in GBK
    data = saved(made(1)).replace(b"/MediaBox", name + b" 7 /MediaBox", 1)
    reader = PdfReader(io.BytesIO(data))
    key = name.decode("utf-8", "surrogateescape")
    assert reader.pages[0][key] == 7
    written = io.BytesIO()
    writer = PdfWriter()
    writer.add_page(reader.pages[0])
    writer.write(written)
    assert b"/#CB#CE#CC#E5 7" in written.getvalue()
    assert NameObject(key).renumber() == b"/#CB#CE#CC#E5"


# WeasyPrint


def laid_out(html: str) -> Any:
    """A document laid out by WeasyPrint itself, without what this package does afterwards."""
    return load_weasyprint().HTML(string=html).render()


def all_boxes(document: Any) -> list[Any]:
    found, waiting = [], list(page_boxes(document))
    while waiting:
        box = waiting.pop()
        waiting += getattr(box, "children", ())
        found.append(box)
    return found


def boxes(document: Any, kind: str) -> list[Any]:
    return [box for box in all_boxes(document) if type(box).__name__ == kind]


def test_weasyprint_page_boxes_have_lines_and_texts_with_all_that_justification_changes() -> None:
    document = laid_out(f'<p style="width: 20em; text-align: left">{"字" * 90}<b>粗</b></p>')
    lines = boxes(document, "LineBox")
    assert len(lines) > 1
    assert [line.resume_at is None for line in lines].count(True) == 1, "of the last line"
    assert {line.style["text_align_all"] for line in lines} == {"left"}
    assert {type(line.style["font_size"]) for line in lines} <= {int, float}
    for text in boxes(document, "TextBox"):
        assert text.text == text.pango_layout.text
        assert text.position_x >= 0 and text.width > 0
        changed = text.style.copy()
        changed["letter_spacing"] = 1.0
        assert text.style["letter_spacing"] != 1.0
    assert len(boxes(document, "InlineBox")) == 1
    assert all(hasattr(box, "content_box_x") for box in boxes(document, "BlockBox"))


def test_weasyprint_sets_a_leader_as_a_box_of_equal_dots() -> None:
    html = "<style>p::after { content: leader('.') '1' }</style><p>一</p>"
    (leader,) = [box for box in all_boxes(laid_out(html)) if getattr(box, "is_leader", False)]
    assert len(leader.children) > 1
    assert {dot.text for dot in leader.children} == {"."}
    assert len({dot.width for dot in leader.children}) == 1
    places = [dot.position_x for dot in leader.children]
    assert places == sorted(places, reverse=True), "from right to left"
    assert hasattr(leader.children[0], "pango_layout") and leader.children[0].copy().text == "."


def test_weasyprint_asks_html_for_the_styles_that_come_before_all_others() -> None:
    """HTML._ua_stylesheets: replaced, a rule of HTML's own is gone."""
    html = "<center>中</center>"
    own = html_pages.html_with_base()(string=html).render()
    theirs = load_weasyprint().HTML(string=html).render()
    (ours,), (plain,) = boxes(own, "LineBox"), boxes(theirs, "LineBox")
    assert plain.style["text_align_all"] == "center"
    assert ours.style["text_align_all"] != "center"


def test_weasyprint_gives_the_finisher_pdf_objects_whose_fonts_are_yet_to_be_compressed() -> None:
    """pydyf: stream, extra and compress of a stream; a page is a dict with its MediaBox."""
    seen: list[Any] = []
    document = html_pages.lay_out(load_programme().templates, "<p>一</p>")
    document.write_pdf(finisher=lambda _, pdf: seen.append(pdf))
    (pdf,) = seen
    fonts = [thing for thing in pdf.objects if getattr(thing, "compress", False)]
    assert [font for font in fonts if len(font.stream) == 1 and isinstance(font.stream[0], bytes)]
    assert all(isinstance(font.extra, dict) for font in fonts)
    pages = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page"]
    assert [len(page["MediaBox"]) for page in pages] == [4]
    assert pdf.catalog["Type"] == "/Catalog"


def test_weasyprint_says_when_it_cuts_fonts_by_another_library() -> None:
    """The warning by which a missing HarfBuzz is told from a fault of ours."""
    source = Path(load_weasyprint().__file__).parent / "pdf/fonts.py"
    assert re.search(
        r"LOGGER\.warning\([^)]*HarfBuzz-Subset", source.read_text(encoding="utf-8"), re.S
    )


def test_weasyprint_font_configuration_copies_fonts_into_the_folder_that_is_set(
    tmp_path: Path,
) -> None:
    """FontConfiguration._folder, set for Windows, and Document.fonts with their families."""
    load_weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    configuration._folder = tmp_path / "字体"
    configuration._folder.mkdir()
    face = f'font-family: T; src: url("{(fonts_folder() / "NotoSerifSC-Digits.ttf").as_uri()}")'
    html = f"<style>@font-face {{ {face} }} p {{ font-family: T }}</style><p>1</p>"
    document = load_weasyprint().HTML(string=html).render(font_config=configuration)
    document.write_pdf()
    assert len(list(configuration._folder.iterdir())) == 1
    assert {font.family for font in document.fonts.values()} == {"T"}


def test_the_html_parser_finds_the_expressions_that_it_made_before() -> None:
    """tinyhtml5 puts them under a key for which it never asks."""
    laid_out("<p>字<b>&amp;</b></p>")
    known = len(inputstream.characters_until_regex)
    laid_out("<p>另<i>&lt;</i></p>")
    assert len(inputstream.characters_until_regex) == known > 0
    plain = inputstream.characters_until_regex[frozenset("a]"), False]
    assert [plain.match(text) is None for text in ("a", "]", "b")] == [True, True, False]
    others = inputstream.characters_until_regex[frozenset("^-"), True]
    assert [others.match(text) is None for text in ("^", "-", "b")] == [False, False, True]


def test_weasyprint_subsets_a_font_once_for_the_same_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Font.subset reads file_content and missing, and sets file_content to the subset."""
    subsets: list[Any] = []
    make = Font._harfbuzz_subset
    monkeypatch.setattr(
        Font, "_harfbuzz_subset", lambda font, *how: (subsets.append(font), make(font, *how))
    )
    first, again, other = (made_pdf(text) for text in ("1234", "4321", "567"))
    assert len(subsets) == 2
    fonts = [font_files(pdf) for pdf in (first, again, other)]
    assert fonts[0] == fonts[1] != fonts[2]


def made_pdf(text: str) -> PdfReader:
    """A PDF in a bundled font."""
    face = (fonts_folder() / "NotoSerifSC-Digits.ttf").as_uri()
    style = f'@font-face {{ font-family: T; src: url("{face}") }} p {{ font-family: T }}'
    document = laid_out(f"<title>t</title><style>{style}</style><p>{text}</p>")
    return PdfReader(io.BytesIO(document.write_pdf()))


def font_files(pdf: PdfReader) -> list[bytes]:
    """The font files of a PDF."""
    found = []
    for font in pdf.pages[0]["/Resources"]["/Font"].values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        found += [descriptor[key].get_data() for key in descriptor if key.startswith("/FontFile")]
    return found
