"""Replaces second codes of one character by the usual one, which fonts and people's input have.

Texts copied or read from a PDF may have radicals (⻓, ⾦) or compatibility codes in place of
ideographs, and macOS writes ü as two characters. Nobody sees a difference on paper.
"""

import unicodedata

_RADICALS = "⺝⺟⺠⺩⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻯⻰⻱⻲⻳"
_IDEOGRAPHS = "月母民王虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿竜龙龜亀龟"
"""Radicals of CJK Radicals Supplement that are characters of their own, which NFKC leaves."""
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_USUAL = str.maketrans(dict(zip(_RADICALS, _IDEOGRAPHS, strict=True)) | _KANGXI)


def usual_characters(text: str) -> str:
    """Return text in Unicode's NFC, with ideographs in place of radicals that look the same."""
    return unicodedata.normalize("NFC", text).translate(_USUAL)
