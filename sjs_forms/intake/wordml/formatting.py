"""The effective formatting of a run, including its styles (ECMA-376 part 1, 17.7.2)."""

from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.wordml import OFF, attribute, first, is_on, local

TINY = 4
"""Half-points; type of up to this size is unreadable on paper."""

_TOGGLES = ("strike", "dstrike", "vanish", "webHidden", "specVanish")
"""Properties that a character style toggles if a paragraph style sets them (17.7.3)."""

_VALUES = ("color", "shd", "highlight", "sz")
_THEME = {"background1": 0xFFFFFF, "light1": 0xFFFFFF, "text1": 0, "dark1": 0}
_HIGHLIGHTS = {
    "black": 0x000000,
    "blue": 0x0000FF,
    "cyan": 0x00FFFF,
    "green": 0x00FF00,
    "magenta": 0xFF00FF,
    "red": 0xFF0000,
    "yellow": 0xFFFF00,
    "white": 0xFFFFFF,
    "darkBlue": 0x000080,
    "darkCyan": 0x008080,
    "darkGreen": 0x008000,
    "darkMagenta": 0x800080,
    "darkRed": 0x800000,
    "darkYellow": 0x808000,
    "darkGray": 0x808080,
    "lightGray": 0xC0C0C0,
}
_WHITE = 0xFFFFFF
_ALIKE = 24
"""Maximum difference, of 256, between colours that look the same."""

_DEEPEST = 50
"""Limit on styles based on each other."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The formatting of a run that decides whether its text is visible.

    `web_hidden` text is printed but not shown on the web, as in a table of contents. `colour` and
    `ground` are RGB. `colour` None is the automatic colour, which is always readable; `ground` None
    is that of the paragraph. `size` is in half-points.
    """

    struck: bool = False
    hidden: bool = False
    web_hidden: bool = False
    clear: bool = False
    colour: int | None = None
    ground: int | None = None
    size: float | None = None


class Styles:
    """A document's styles, as far as they affect the visibility of text."""

    def __init__(self, styles: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._defaults: Any | None = None
        self._default_paragraph = ""
        self._known: dict[tuple[str, str], tuple[dict[str, bool], dict[str, Any]]] = {}
        self._grounds: dict[str, int | None] = {}
        for style in styles if styles is not None else ():
            if local(style) == "docDefaults":
                self._defaults = first(first(style, "rPrDefault"), "rPr")
            if local(style) != "style":
                continue
            name = attribute(style, "styleId")
            self._styles[name] = style
            default = attribute(style, "default") not in ("", *OFF)
            if default and attribute(style, "type") == "paragraph":
                self._default_paragraph = name

    def look(self, run: Any | None, paragraph: Any | None) -> TextFormat:
        """Return the look of a run from its own properties (rPr) and its paragraph's (pPr)."""
        styled = attribute_of(first(run, "rStyle"))
        by_paragraph = self._resolved(attribute_of(first(paragraph, "pStyle")), "paragraph")
        by_run = self._resolved(styled, "character") if styled else ({}, {})
        on: dict[str, bool] = {}
        for name in _TOGGLES:
            direct = first(run, name)
            if direct is not None:
                on[name] = attribute(direct, "val") not in OFF
            else:
                turned = by_paragraph[0].get(name, False) != by_run[0].get(name, False)
                on[name] = turned or is_on(self._defaults, name)
        values: dict[str, Any] = {}
        own = {name: found for name in _VALUES if (found := first(run, name)) is not None}
        defaults = {n: f for n in _VALUES if (f := first(self._defaults, n)) is not None}
        for layer in (defaults, by_paragraph[1], by_run[1], own):
            values |= layer
        return TextFormat(
            struck=on["strike"] or on["dstrike"],
            hidden=on["vanish"] or on["specVanish"],
            web_hidden=on["webHidden"],
            clear=_is_clear(run),
            colour=colour_of(values.get("color")),
            ground=_ground(values),
            size=_number(attribute_of(values.get("sz"))),
        )

    def ground_of_paragraph(self, paragraph: Any | None) -> int | None:
        """Return the shading of a paragraph from its properties and its style, or None."""
        own = first(paragraph, "shd")
        if own is not None:
            return shading(own)
        return self._shading(attribute_of(first(paragraph, "pStyle")) or self._default_paragraph)

    def is_dark_table(self, name: str) -> bool:
        """Return whether a table style shades any cell, so that white text is visible."""
        for style in self._chain(name):
            for found in style.iter("{*}shd"):
                ground = shading(found)
                if ground is not None and not alike(ground, _WHITE):
                    return True
        return False

    def _shading(self, name: str) -> int | None:
        if name not in self._grounds:
            found = (first(first(style, "pPr"), "shd") for style in self._chain(name))
            nearest = next((each for each in found if each is not None), None)
            self._grounds[name] = shading(nearest)
        return self._grounds[name]

    def _resolved(self, name: str, kind: str) -> tuple[dict[str, bool], dict[str, Any]]:
        """Return the toggles and values of a style and those it is based on."""
        name = name or (self._default_paragraph if kind == "paragraph" else "")
        if (name, kind) not in self._known:
            toggles: dict[str, bool] = {}
            values: dict[str, Any] = {}
            for style in self._chain(name):
                properties = first(style, "rPr")
                for each in properties if properties is not None else ():
                    if local(each) in _TOGGLES:
                        toggles.setdefault(local(each), attribute(each, "val") not in OFF)
                    elif local(each) in _VALUES:
                        values.setdefault(local(each), each)
            self._known[name, kind] = toggles, values
        return self._known[name, kind]

    def _chain(self, name: str) -> list[Any]:
        """Return a style and those it is based on, nearest first."""
        chain: list[Any] = []
        while name in self._styles and len(chain) < _DEEPEST:
            chain.append(self._styles[name])
            name = attribute_of(first(chain[-1], "basedOn"))
        return chain


def is_invisible(look: TextFormat, ground: int | None) -> bool:
    """Return whether text of that look is invisible on a ground. `ground` None is white paper."""
    if look.hidden or look.clear or (look.size is not None and look.size <= TINY):
        return True
    if look.colour is None:
        return False
    behind = look.ground if look.ground is not None else ground
    return alike(look.colour, _WHITE if behind is None else behind)


def alike(one: int, other: int) -> bool:
    """Return whether two RGB colours look the same."""
    return all(abs((one >> by & 255) - (other >> by & 255)) <= _ALIKE for by in (0, 8, 16))


def shading(element: Any | None) -> int | None:
    """Return the colour of a `shd`, or None. A solid pattern has its foreground colour."""
    if element is None:
        return None
    if attribute(element, "val") == "solid":
        return _rgb(attribute(element, "color"), attribute(element, "themeColor")) or 0
    return _rgb(attribute(element, "fill"), attribute(element, "themeFill"))


def colour_of(element: Any | None) -> int | None:
    """Return the colour of a `color`, or None if automatic."""
    if element is None:
        return None
    return _rgb(attribute(element, "val"), attribute(element, "themeColor"))


def attribute_of(element: Any | None) -> str:
    """Return the value of a property, or ""."""
    return "" if element is None else attribute(element, "val")


def _ground(values: dict[str, Any]) -> int | None:
    marked = _HIGHLIGHTS.get(attribute_of(values.get("highlight")))
    return marked if marked is not None else shading(values.get("shd"))


def _rgb(text: str, theme: str) -> int | None:
    """Return a hexadecimal colour, else a theme colour that is the same in all themes."""
    if len(text) == 6:
        try:
            return int(text, 16)
        except ValueError:
            return None
    return _THEME.get(theme)


def _is_clear(run: Any | None) -> bool:
    """Return whether the text has no fill (w14:textFill)."""
    fill = first(run, "textFill")
    return fill is not None and first(fill, "noFill") is not None


def _number(text: str) -> float | None:
    try:
        return float(text) if len(text) < 10 else None
    except ValueError:
        return None
