"""The meaning of the 256 codes of a simple font (PDF 32000-1, annex D)."""

import unicodedata
from collections.abc import Mapping
from functools import cache

from sjs_forms.intake.fonts.substitutes import SYMBOL, WINGDINGS, ZAPF

_SYMBOL_CHART = {
    0x20: " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_",
    0x61: "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    0xA0: "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑",
    0xE6: "⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
    0xF1: "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}
_ZAPF_CHART = {
    0x20: " ✁✂✃✄☎✆✇✈✉☛☞✌✍✎✏✐✑✒✓✔✕✖✗✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋",
    0x6C: "●❍■❏❐❑❒▲▼◆❖◗❘❙❚❛❜❝❞",
    0x80: "❨❩❪❫❬❭❮❯❰❱❲❳❴❵",
    0xA1: "❡❢❣❤❥❦❧♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓➔→↔↕➘➙➚➛➜➝➞➟➠➡➢➣➤➥➦➧➨➩➪➫➬➭➮➯",
    0xF1: "➱➲➳➴➵➶➷➸➹➺➻➼➽➾",
}
_WINGDINGS_CHART = {
    0x20: " ✏✂✁",
    0x28: "☎✆✉",
    0x36: "⌛",
    0x3E: "✇✍",
    0x41: "✌",
    0x45: "☜☞☝☟",
    0x4A: "☺",
    0x4C: "☹",
    0x4E: "☠⚐",
    0x51: "✈☼",
    0x54: "❄",
    0x56: "✞",
    0x58: "✠✡☪☯",
    0x5D: "☸♈♉♊♋♌♍♎♏♐♑♒♓&&●❍■□",
    0x71: "❑❒◆◆◆❖◆⌧",
    0x7A: "⌘",
    0x7D: "❝❞",
    0x81: "①②③④⑤⑥⑦⑧⑨⑩",
    0x8C: "❶❷❸❹❺❻❼❽❾❿",
    0x9E: "·•▪○",
    0xA4: "◉◎",
    0xA7: "▪□",
    0xAA: "✦★✶✴✹✵",
    0xB5: "✪✰",
    0xD5: "⌫⌦",
    0xD8: "➢",
    0xDF: "←→↑↓↖↗↙↘←➔↑↓↖↗↙↘⇦⇨⇧⇩⇔",
    0xF4: "⇳",
    0xFB: "✗✔☒☑",
}
"""Wingdings, with the characters in Unicode 5, or the nearest ones."""

_MAC_ROMAN_OF_PDF = {0xCA: " ", 0xDB: "¤"}


@cache
def chart(name: str) -> Mapping[int, str]:
    """Return characters by code for a named base encoding or a known symbol font."""
    charts = {SYMBOL: _SYMBOL_CHART, ZAPF: _ZAPF_CHART, WINGDINGS: _WINGDINGS_CHART}
    if name in charts:
        runs = charts[name]
        return {start + at: sign for start, run in runs.items() for at, sign in enumerate(run)}
    if name == "/MacRomanEncoding":
        return _by_codec("mac_roman") | _MAC_ROMAN_OF_PDF
    if name == "/WinAnsiEncoding":
        bullets = dict.fromkeys((0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D), "•")
        return _by_codec("cp1252") | bullets | {0xA0: " ", 0xAD: "-"}
    return _standard()


def _by_codec(codec: str) -> dict[int, str]:
    codes = {code: bytes((code,)).decode(codec, "ignore") for code in range(0x20, 0x100)}
    return {code: sign for code, sign in codes.items() if sign}


def _standard() -> dict[int, str]:
    from fontTools.encodings.StandardEncoding import StandardEncoding

    return {
        code: character(name) for code, name in enumerate(StandardEncoding) if name != ".notdef"
    }


def character(glyph: str, zapf: bool = False) -> str:
    """Return the character of a glyph name by Adobe's list, or "" if unknown."""
    from fontTools import agl

    found: str = agl.toUnicode(glyph, isZapfDingbats=zapf)
    return found


def is_blank(text: str) -> bool:
    """Return whether the text is invisible: spaces, controls, format characters."""
    return all(
        sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") for sign in text
    )


def is_meaningless(text: str) -> bool:
    """Return whether a ToUnicode value is useless: replacement, private-use or no characters."""
    return not text or any(
        sign in "\ufffd\ufffe\uffff\0" or unicodedata.category(sign) in ("Co", "Cs")
        for sign in text
    )
