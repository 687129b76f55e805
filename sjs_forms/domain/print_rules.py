"""How a notice's volume is printed and bound: paper, spine, margins, numbers and thumb tabs."""

from typing import Literal, Self

from pydantic import Field, model_validator

from sjs_forms.domain.notice.frozen_model import FrozenModel, WrongAt

DividerColour = Literal["ink", "paper"]
"""Dividers printed in full colour, or in black on coloured paper."""


class PaperStock(FrozenModel):
    """A paper or card. `caliper_mm` is the thickness of one sheet."""

    id: str
    title: str
    caliper_mm: float = Field(gt=0, lt=5)


class SpineRules(FrozenModel):
    """The width of a spine and the text on it; millimetres, type in points.

    `glue_mm` is added to paper and cover. Text is printed from a width of `text_from_mm` on,
    `edge_mm` from either fold (folds drift) and `end_mm` from head and foot; the first of `titles`
    that fits is used. Above `limit_mm` a volume is too thick to be bound as one.
    """

    glue_mm: float = Field(ge=0)
    limit_mm: float = Field(gt=0)
    text_from_mm: float = Field(gt=0)
    edge_mm: float = Field(ge=0)
    end_mm: float = Field(ge=0, lt=148)
    largest_pt: float = Field(gt=0)
    least_pt: float = Field(gt=0)
    titles: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least_pt > self.largest_pt:
            raise ValueError("least_pt 不能大于 largest_pt")
        if self.text_from_mm <= 2 * self.edge_mm:
            raise ValueError("text_from_mm 应大于 edge_mm 的两倍，否则书脊上放不下字")
        return self


class Print(FrozenModel):
    """How the paper volume is made (四（二）).

    `stock` is the id of the default paper among `stocks`, `cover` the card of the wrap.
    """

    copies: int = Field(gt=0)
    paper: Literal["A4"]
    duplex: Literal["long-edge"]
    binding: str
    bleed_mm: float = Field(ge=0, le=8)
    stock: str
    stocks: tuple[PaperStock, ...] = Field(min_length=1)
    cover: PaperStock
    spine: SpineRules

    @model_validator(mode="after")
    def _stocks_are_told_apart(self) -> Self:
        ids = [stock.id for stock in self.stocks]
        if len(set(ids)) != len(ids) or self.stock not in ids:
            raise ValueError("stock 应是 stocks 中一种的 id，各种的 id 不能相同")
        return self


class Gutter(FrozenModel):
    """The binding margin, in millimetres, of a volume of up to so many sheets."""

    sheets: int = Field(gt=0)
    mm: float = Field(ge=0, le=60)


class Binding(FrozenModel):
    """Positions on the A4 page, in millimetres (type in points).

    `gutters` are the binding margins, thinnest volume first. `edge_mm` is kept free at the other
    edges by a page that is moved or shrunk. The number's box is `number_zone_mm` wide and extends
    `number_air_mm` below its baseline and above its type.
    """

    gutters: tuple[Gutter, ...] = Field(min_length=1)
    edge_mm: float = Field(ge=0, le=50)
    number_zone_mm: float = Field(gt=0, le=100)
    number_air_mm: float = Field(ge=0, le=20)

    number_baseline_mm: float = Field(gt=0, le=50)
    number_outer_mm: float = Field(gt=0, le=100)
    number_size_pt: float = Field(gt=0, le=30)
    tab_top_mm: float = Field(ge=0, le=120)
    tab_height_mm: float = Field(gt=0, le=297)
    tab_pitch_mm: float = Field(gt=0, le=297)

    @model_validator(mode="after")
    def _thinnest_first(self) -> Self:
        sheets = [gutter.sheets for gutter in self.gutters]
        if sheets != sorted(set(sheets)):
            raise WrongAt("gutters 应从薄到厚排列，张数不能相同", "gutters")
        return self

    def gutter_mm(self, sheets: int) -> float:
        """Return the binding margin of a volume of so many sheets."""
        for gutter in self.gutters:
            if sheets <= gutter.sheets:
                return gutter.mm
        return self.gutters[-1].mm
