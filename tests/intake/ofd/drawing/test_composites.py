"""Composites of an OFD: where they are drawn, in which units, and what they inherit."""

from tests.intake.ofd.drawing.conftest import Draw
from tests.intake.ofd.drawing.objects import OfdFile, colour, layer, path, xml
from tests.intake.ofd.ofd_files import Page

WHITE, RED, BLUE = (255, 255, 255), (255, 0, 0), (0, 0, 255)
FILL = colour("FillColor", "255 0 0")


def close(one: tuple[int, int, int], other: tuple[int, int, int], by: int = 3) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def page(*objects: str, resources: str = "") -> OfdFile:
    file = OfdFile(resources=resources)
    file.page(layer(objects))
    return file


def test_a_composite_is_drawn_wherever_it_is_named(draw: Draw) -> None:
    square = path("M 0 0 L 10 0 L 10 10 L 0 10 C", Fill="true", Stroke="false", inside=FILL)
    unit = xml("CompositeGraphicUnit", xml("Content", square), ID=60, Width=10, Height=10)
    placed = [
        xml("CompositeObject", ResourceID=60, Boundary=f"{x} 20 10 10") for x in (20, 60, 100)
    ]
    scaled = xml("CompositeObject", ResourceID=60, Boundary="20 60 30 30", CTM="3 0 0 3 0 0")
    drawn = draw(page(*placed, scaled, resources=xml("CompositeGraphicUnits", unit)))
    assert [drawn.colour(x, 25) for x in (25, 65, 105, 45)] == [RED, RED, RED, WHITE]
    assert drawn.colour(45, 85) == RED


def test_a_composite_may_be_drawn_in_any_units(draw: Draw) -> None:
    """Some writers measure it in hundredths of a millimetre, and state no size."""
    square = path(
        "M 0 0 L 9000 0 L 9000 9000 L 0 9000 C",
        Boundary="0 0 9000 9000",
        Fill="true",
        inside=FILL,
    )
    unit = xml("CompositeGraphicUnit", xml("Content", square), ID=60)
    for alpha in (None, 254):
        drawn = draw(
            page(
                xml(
                    "CompositeObject",
                    ResourceID=60,
                    Boundary="20 20 90 90",
                    CTM="0.01 0 0 0.01 0 0",
                    Alpha=alpha,
                ),
                resources=xml("CompositeGraphicUnits", unit),
            )
        )
        assert all(close(drawn.colour(at, at), RED, 3) for at in (25, 60, 105))
        assert drawn.colour(115, 115) == WHITE


def test_a_composite_inherits_drawing_parameters_where_it_is_drawn(draw: Draw) -> None:
    """From the object that draws it over its layer; what it states itself holds."""
    square = path("M 0 0 L 10 0 L 10 10 L 0 10 C", Fill="true", Stroke="false")
    own = path("M 0 0 L 4 0 L 4 4 L 0 4 C", Fill="true", Stroke="false", DrawParam=3)
    content = xml("Content", square + own)
    units = xml(
        "CompositeGraphicUnits", xml("CompositeGraphicUnit", content, ID=60, Width=10, Height=10)
    )
    colours = xml(
        "DrawParams",
        "".join(
            xml("DrawParam", colour("FillColor", value), ID=number)
            for number, value in ((1, "255 0 0"), (2, "0 0 255"), (3, "0 255 0"))
        ),
    )

    def placed(x: int, y: int, number: int | None = None) -> str:
        return xml("CompositeObject", ResourceID=60, Boundary=f"{x} {y} 10 10", DrawParam=number)

    file = OfdFile(resources=units + colours)
    file.page(
        layer([placed(20, 20, 1), placed(60, 20, 2)]),
        layer([placed(20, 60), placed(60, 60, 1)], DrawParam=2),
    )
    drawn = draw(file)
    seen = [drawn.colour(x, y) for x, y in ((28, 28), (68, 28), (28, 68), (68, 68))]
    assert seen == [RED, BLUE, BLUE, RED]
    assert drawn.colour(22, 22) == drawn.colour(62, 62) == (0, 255, 0)


def test_composites_of_pages_may_have_the_same_number(draw: Draw) -> None:
    """Each page has resources of its own."""
    values = [f"{shade} 0 {255 - shade}" for shade in range(0, 250, 10)]
    pages = []
    for value in values:
        filled = colour("FillColor", value)
        square = path("M 0 0 L 10 0 L 10 10 L 0 10 C", Fill="true", inside=filled)
        unit = xml("CompositeGraphicUnit", xml("Content", square), ID=60, Width=10, Height=10)
        pages.append(
            Page(
                layer([xml("CompositeObject", ResourceID=60, Boundary="20 20 10 10")]),
                resources=xml("CompositeGraphicUnits", unit),
            )
        )
    drawn = draw(OfdFile(pages=pages))
    for at, value in enumerate(values):
        assert drawn.colour(25, 25, page=at) == tuple(map(int, value.split()))


def test_a_composite_is_blended_once(draw: Draw) -> None:
    """As a whole: not its objects first, and then they together."""
    below = path(
        "M 0 0 L 60 0 L 60 60 L 0 60 C", Fill="true", inside=colour("FillColor", "128 128 128")
    )
    grey = colour("FillColor", "128 128 128")
    square = path("M 0 0 L 10 0 L 10 10 L 0 10 C", Fill="true", Stroke="false", inside=grey)
    unit = xml("CompositeGraphicUnit", xml("Content", square), ID=60, Width=10, Height=10)
    drawn = draw(
        page(
            below,
            xml("CompositeObject", ResourceID=60, Boundary="20 20 10 10", BlendMode="Multiply"),
            resources=xml("CompositeGraphicUnits", unit),
        )
    )
    assert close(drawn.colour(25, 25), (64, 64, 64), 3)
