"""Paths, colours, clips, gradients, patterns and composites of an OFD, by what is on the page."""

import pikepdf
import pytest

from tests.intake.ofd.drawing.conftest import Draw
from tests.intake.ofd.drawing.objects import OfdFile, colour, layer, path, xml

WHITE, BLACK, RED, BLUE = (255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 0, 255)
SQUARE = "M 10 10 L 50 10 L 50 50 L 10 50 C"
FILL = colour("FillColor", "255 0 0")


def close(one: tuple[int, int, int], other: tuple[int, int, int], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def page(*objects: str, resources: str = "", **attributes: object) -> OfdFile:
    file = OfdFile(resources=resources)
    file.page(layer(objects, **attributes))
    return file


def test_a_path_is_stroked_in_black_and_not_filled_unless_it_says_so(draw: Draw) -> None:
    drawn = draw(page(path(SQUARE, LineWidth=1), path("M 60 10 L 90 10 L 90 50 C", Fill="true")))
    assert drawn.colour(10, 30) == BLACK
    assert drawn.colour(30, 30) == drawn.colour(80, 20) == WHITE
    assert drawn.remarks == ()


@pytest.mark.parametrize(
    ("data", "inside", "outside"),
    [
        ("S 10 10 L 50 10 L 50 50 C", (45, 15), (15, 45)),
        ("M 10 10 L 50 10 50 50 C", (45, 15), (15, 45)),
        ("M 10 30 Q 30 -10 50 30 C", (30, 20), (12, 20)),
        ("M 10 30 B 10 0 50 0 50 30 C", (30, 15), (11, 12)),
        ("M 10 30 A 20 20 0 0 1 50 30 C", (30, 15), (30, 32)),
        ("M 10 30 A 20 20 0 0 0 50 30 C", (30, 45), (30, 28)),
        ("M 30 10 A 20 20 0 1 1 10 30 L 30 30 C", (40, 40), (15, 15)),
        ("M 10 10 L50,10L50,50C", (45, 15), (15, 45)),
        ("M 10 10 L 50 10 L 50 50 L 10 50 C M 20 20 L 20 40 L 40 40 L 40 20 C", (15, 15), (30, 30)),
    ],
)
def test_every_operator_draws_what_the_standard_says(
    draw: Draw, data: str, inside: tuple[int, int], outside: tuple[int, int]
) -> None:
    drawn = draw(page(path(data, Fill="true", Stroke="false", inside=FILL)))
    assert drawn.colour(*inside) == RED
    assert drawn.colour(*outside) == WHITE


def test_even_odd_leaves_a_hole_where_the_other_rule_does_not(draw: Draw) -> None:
    both = "M 10 10 L 50 10 L 50 50 L 10 50 C M 20 20 L 40 20 L 40 40 L 20 40 C"
    how = {"Fill": "true", "Stroke": "false", "inside": FILL}
    assert draw(page(path(both, **how))).colour(30, 30) == RED  # type: ignore[arg-type]
    assert draw(page(path(both, Rule="Even-Odd", **how))).colour(30, 30) == WHITE  # type: ignore[arg-type]


def test_drawing_parameters_hold_from_the_object_over_relative_ones_to_the_layer(
    draw: Draw,
) -> None:
    parameters = xml(
        "DrawParams",
        xml("DrawParam", colour("FillColor", "255 0 0"), ID=50)
        + xml("DrawParam", ID=51, Relative=50, LineWidth=3)
        + xml("DrawParam", colour("StrokeColor", "0 0 255"), ID=52),
    )
    own = path(SQUARE, Fill="true", DrawParam=51)
    drawn = draw(page(own, resources=parameters, DrawParam=52))
    assert drawn.colour(30, 30) == RED
    assert drawn.colour(9, 30) == BLUE


@pytest.mark.parametrize(
    ("value", "attributes", "spaces", "expected"),
    [
        ("255 0 0", {}, "", RED),
        ("#FF #00 #00", {}, "", RED),
        ("0", {"ColorSpace": 9}, xml("ColorSpace", ID=9, Type="GRAY"), BLACK),
        ("0 255 255 0", {"ColorSpace": 9}, xml("ColorSpace", ID=9, Type="CMYK"), RED),
        ("255 0 0", {"Alpha": 128}, "", (255, 127, 127)),
        (
            None,
            {"ColorSpace": 9, "Index": 1},
            xml("ColorSpace", xml("Palette", xml("CV", "0 0 0") + xml("CV", "255 0 0")), ID=9),
            RED,
        ),
        ("7 0 0", {"ColorSpace": 9}, xml("ColorSpace", ID=9, Type="RGB", BitsPerComponent=3), RED),
        ("#ff #00 #00", {}, "", RED),
        ("#FF0000", {}, "", RED),
        ("255, 0, 0", {}, "", RED),
    ],
)
def test_colours_are_read_in_their_space(
    draw: Draw,
    value: str | None,
    attributes: dict[str, object],
    spaces: str,
    expected: tuple[int, int, int],
) -> None:
    stated = xml("FillColor", Value=value, **attributes)
    drawn = draw(
        page(
            path(SQUARE, Fill="true", Stroke="false", inside=stated),
            resources=xml("ColorSpaces", spaces),
        )
    )
    assert close(drawn.colour(30, 30), expected, 40)


def test_a_drawing_is_clipped_to_its_boundary_where_it_leaves_it_by_far(draw: Draw) -> None:
    far = path("M 0 0 L 80 0 L 80 80 L 0 80 C", Boundary="10 10 20 20", Fill="true", inside=FILL)
    line = path("M 0 0 L 60 0", Boundary="100 100 60 0", LineWidth=1)
    drawn = draw(page(far, line))
    assert drawn.colour(20, 20) == RED and drawn.colour(40, 40) == WHITE
    assert drawn.colour(130, 100) == BLACK, "a line whose boundary has no area is whole"


@pytest.mark.parametrize(("flag", "inside"), [("true", (55, 55)), ("false", (25, 25))])
def test_a_clip_follows_the_objects_matrix_unless_it_says_not(
    draw: Draw, flag: str, inside: tuple[int, int]
) -> None:
    area = xml("Area", xml("Path", xml("AbbreviatedData", SQUARE)))
    clips = xml("Clips", xml("Clip", area), TransFlag=flag)
    whole = path(
        "M 0 0 L 200 0 L 200 200 L 0 200 C",
        Fill="true",
        Stroke="false",
        CTM="1 0 0 1 30 30",
        inside=clips + FILL,
    )
    drawn = draw(page(whole))
    corners = {(55, 55): (75, 75), (25, 25): (35, 35)}
    assert drawn.colour(*inside) == WHITE or flag == "true"
    assert drawn.colour(*corners[inside]) == RED
    assert drawn.colour(100, 100) == WHITE


def gradient(kind: str, *colours: str, **attributes: object) -> str:
    stops = "".join(xml("Segment", colour("Color", each)) for each in colours)
    return xml("FillColor", xml(kind, stops, **attributes))


@pytest.mark.parametrize(
    ("kind", "at_40", "at_60"),
    [
        ("Direct", (204, 0, 51), (153, 0, 102)),
        ("Repeat", RED, RED),
        ("Reflect", BLUE, RED),
    ],
)
def test_gradients_are_drawn_once_repeated_or_reflected(
    draw: Draw, kind: str, at_40: tuple[int, int, int], at_60: tuple[int, int, int]
) -> None:
    fill = gradient(
        "AxialShd",
        "255 0 0",
        "0 0 255",
        StartPoint="20 0",
        EndPoint="120 0",
        MapType=kind,
        MapUnit=20,
    )
    data = "M 20 10 L 120 10 L 120 30 L 20 30 C"
    drawn = draw(page(path(data, Fill="true", Stroke="false", inside=fill)))
    assert close(drawn.colour(40.6, 20), at_40, 20)
    assert close(drawn.colour(60.6, 20), at_60, 20)


def test_a_gradient_goes_on_beyond_its_ends_only_where_it_says_so(draw: Draw) -> None:
    def fill(extend: int) -> str:
        ends = {"StartPoint": "40 0", "EndPoint": "80 0", "Extend": extend}
        return gradient("AxialShd", "255 0 0", "0 0 255", **ends)

    data = "M 20 10 L 100 10 L 100 30 L 20 30 C"
    how = {"Fill": "true", "Stroke": "false"}
    for extend, before, behind in (
        (0, WHITE, WHITE),
        (1, RED, WHITE),
        (2, WHITE, BLUE),
        (3, RED, BLUE),
    ):
        drawn = draw(page(path(data, inside=fill(extend), **how)))  # type: ignore[arg-type]
        assert close(drawn.colour(30, 20), before) and close(drawn.colour(90, 20), behind), extend


def test_a_radial_gradient_may_be_an_ellipse(draw: Draw) -> None:
    how = {"StartPoint": "50 50", "EndPoint": "50 50", "StartRadius": 0, "EndRadius": 40}
    fill = gradient("RadialShd", "255 0 0", "255 0 0", Eccentricity=0.8, **how)
    data = "M 0 0 L 100 0 L 100 100 L 0 100 C"
    drawn = draw(page(path(data, Fill="true", Stroke="false", inside=fill)))
    assert drawn.colour(80, 50) == RED and drawn.colour(50, 80) == WHITE


def test_a_gouraud_fill_is_one_colour_and_said(draw: Draw) -> None:
    points = "".join(
        xml("Point", colour("Color", "200 0 0"), X=x, Y=y)
        for x, y in ((10, 10), (50, 10), (30, 50))
    )
    fill = xml("FillColor", xml("GouraudShd", points))
    drawn = draw(page(path(SQUARE, Fill="true", Stroke="false", inside=fill)))
    assert close(drawn.colour(30, 30), (200, 0, 0))
    assert drawn.codes == ["attachment-shading"]


@pytest.mark.parametrize(
    ("method", "turned"), [("Normal", False), ("Column", True), ("RowAndColumn", True)]
)
def test_a_pattern_repeats_its_cell_and_may_mirror_it(
    draw: Draw, method: str, turned: bool
) -> None:
    left_half = path("M 0 0 L 5 0 L 5 10 L 0 10 C", Fill="true", Stroke="false", inside=FILL)
    cell = xml("CellContent", left_half)
    fill = xml("FillColor", xml("Pattern", cell, Width=10, Height=10, ReflectMethod=method))
    data = "M 0 0 L 60 0 L 60 30 L 0 30 C"
    drawn = draw(page(path(data, Fill="true", Stroke="false", inside=fill)))
    assert drawn.colour(2, 5) == RED and drawn.colour(7, 5) == WHITE
    assert (drawn.colour(17, 5) == RED) is turned
    assert (drawn.colour(12, 5) == RED) is not turned


@pytest.mark.parametrize(
    "fill",
    [
        xml("Pattern", Width=10, Height=10),
        xml("AxialShd", StartPoint="10 10", EndPoint="10 10"),
        xml("RadialShd", StartPoint="10 10"),
    ],
)
def test_a_fill_that_says_too_little_is_one_colour_and_said(draw: Draw, fill: str) -> None:
    drawn = draw(page(path(SQUARE, Fill="true", Stroke="false", inside=xml("FillColor", fill))))
    assert drawn.codes == ["attachment-shading"]


def test_areas_of_a_clip_are_added_and_clips_cut_each_other(draw: Draw) -> None:
    """As the writers that convert from PDF state the page's clips one after the other."""

    def area(data: str) -> str:
        return xml("Area", xml("Path", xml("AbbreviatedData", data), Boundary="0 0 60 60"))

    left = area("M 10 10 L 20 10 L 20 50 L 10 50 C")
    right = area("M 40 10 L 50 10 L 50 50 L 40 50 C")
    upper = area("M 0 0 L 60 0 L 60 30 L 0 30 C")
    clips = xml("Clips", xml("Clip", left + right) + xml("Clip", upper), TransFlag="false")
    drawn = draw(page(path(SQUARE, Fill="true", Stroke="false", inside=FILL + clips)))
    seen = [drawn.colour(x, y) for x, y in ((15, 20), (45, 20), (30, 20), (15, 40), (45, 40))]
    assert seen == [RED, RED, WHITE, WHITE, WHITE]


def test_a_clip_may_be_even_odd(draw: Draw) -> None:
    ring = "M 10 10 L 50 10 L 50 50 L 10 50 C M 20 20 L 40 20 L 40 40 L 20 40 C"
    area = xml("Area", xml("Path", xml("AbbreviatedData", ring), Rule="Even-Odd"))
    clips = xml("Clips", xml("Clip", area))
    drawn = draw(page(path(SQUARE, Fill="true", Stroke="false", inside=FILL + clips)))
    assert drawn.colour(15, 15) == RED and drawn.colour(30, 30) == WHITE


def test_text_is_never_clipped_to_its_boundary(draw: Draw) -> None:
    """Many writers state a boundary of another font's letters."""
    code = xml("TextCode", "国国国", X=0, Y=10, DeltaX=12)
    small = draw(page(xml("TextObject", code, Boundary="20 20 3 3", Font=1, Size=12)))
    large = draw(page(xml("TextObject", code, Boundary="20 20 90 30", Font=1, Size=12)))
    assert small.picture().tobytes() == large.picture().tobytes()
    assert small.picture().getextrema() != ((255, 255),) * 3


def test_drawing_parameters_colour_text_and_do_not_make_a_path_filled(draw: Draw) -> None:
    """A path is filled where it says so itself; text is black where nothing is said."""
    parameters = xml("DrawParams", xml("DrawParam", FILL, ID=7))
    thick = xml(
        "TextObject", xml("TextCode", "■", X=0, Y=30), Boundary="60 10 40 40", Font=1, Size=30
    )
    coloured = thick.replace("<TextObject", '<TextObject DrawParam="7"').replace("60 10", "110 10")
    drawn = draw(page(path(SQUARE, DrawParam=7), thick, coloured, resources=parameters))
    assert drawn.colour(30, 30) == WHITE
    assert drawn.colour(75, 30) == BLACK and drawn.colour(125, 30) == RED


@pytest.mark.parametrize("where", ["object", "colour", "both"])
def test_opacity_is_that_of_the_object_times_that_of_the_colour(draw: Draw, where: str) -> None:
    own = 128 if where in ("object", "both") else None
    fill = colour("FillColor", "255 0 0", Alpha=128 if where != "object" else None)
    drawn = draw(page(path(SQUARE, Fill="true", Stroke="false", inside=fill, Alpha=own)))
    rest = 191 if where == "both" else 127
    assert close(drawn.colour(30, 30), (255, rest, rest), 3)


def test_objects_in_blocks_are_drawn_in_their_order(draw: Draw) -> None:
    """Programs that convert from PDF nest blocks within blocks."""
    blue = path(SQUARE, Fill="true", Stroke="false", inside=colour("FillColor", "0 0 255"))
    red = path(SQUARE, Fill="true", Stroke="false", inside=FILL)
    block = xml("PageBlock", xml("PageBlock", red) + xml("PageBlock", xml("PageBlock", blue)))
    assert draw(page(block)).colour(30, 30) == BLUE
    assert draw(page(blue, xml("PageBlock", red))).colour(30, 30) == RED


def test_a_clip_by_text_is_not_applied_and_said(draw: Draw) -> None:
    words = xml("Text", xml("TextCode", "样", X=0, Y=30), Font=1, Size=30, Boundary="0 0 40 40")
    clips = xml("Clips", xml("Clip", xml("Area", words)))
    drawn = draw(page(path(SQUARE, Fill="true", Stroke="false", inside=FILL + clips)))
    assert drawn.colour(30, 30) == RED
    assert drawn.codes == ["attachment-pages-incomplete"]


def test_what_is_not_visible_is_not_drawn(draw: Draw) -> None:
    hidden = path(SQUARE, Fill="true", Visible="false", inside=FILL)
    assert draw(page(hidden)).colour(30, 30) == WHITE


def test_the_same_file_gives_the_same_bytes(draw: Draw) -> None:
    file = page(path(SQUARE, Fill="true", inside=FILL))
    assert draw(file).path.read_bytes() == draw(file).path.read_bytes()


def test_an_object_may_lead_to_another_page(draw: Draw) -> None:
    to_second = xml("Dest", Type="XYZ", PageID=101, Left=0, Top=0)
    action = xml("Actions", xml("Action", xml("Goto", to_second), Event="CLICK"))
    file = OfdFile()
    file.page(layer([path(SQUARE, Boundary="20 30 40 10", inside=action)]))
    file.page(layer([]))
    with pikepdf.open(draw(file).path) as pdf:
        (link,) = pdf.pages[0].Annots
        assert link.Dest[0].objgen == pdf.pages[1].objgen
        left, bottom, right, top = (float(edge) / 72 * 25.4 for edge in link.Rect)
    assert (round(left), round(right)) == (20, 60)
    assert (round(297 - top), round(297 - bottom)) == (30, 40)
