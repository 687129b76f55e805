"""Chooses the bundled fonts that replace a font that a file only names."""

import re
from dataclasses import dataclass

_SONG = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Regular-Rare.ttf")
_BOLD_SONG = ("NotoSerifSC-Bold.ttf", "NotoSerifSC-Bold-Rare.ttf")
_HEI = ("NotoSansSC-Medium.ttf", "NotoSansSC-Medium-Rare.ttf")
_FANG = ("NotoSerifSC-Latin.ttf", "FandolFang-Regular.otf")
_KAI = ("substitutes/FandolKai-Regular.otf",)
_SIGNS = ("DejaVuSans-Symbols.ttf",)

ZAPF, SYMBOL, WINGDINGS = "zapfdingbats", "symbol", "wingdings"
"""Symbol fonts whose codes are known."""

FIXED, SERIF, _SYMBOLIC, ITALIC, FORCE_BOLD = 1 << 0, 1 << 1, 1 << 2, 1 << 6, 1 << 18
"""Bits of a font descriptor's /Flags (PDF 32000-1, table 123)."""

_HEAVY = 600
"""/FontWeight from which a font counts as bold."""

_TAG = re.compile(r"^[A-Z]{6}\+|^@")
_GB_2312 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])+")
_STYLE_END = re.compile(r"[,\-_ ]*(psmt|mt|ps|regular|normal|book|roman)$", re.I)

_EASTERN = (
    ("heisei-min|heiseimin", "song"),
    ("heisei-?kaku|heiseimaru", "hei"),
    ("楷|kaiti|kaishu|stkai|simkai|dfkai|biaukai|fandolkai|fzkt|ukai|gkai|行书|xingkai", "kai"),
    ("隶|魏|舒体|姚体|行草|lisu|stliti|xinwei|fzshuti|fzyaoti", "kai"),
    ("仿宋|fangsong|simfang|stfang|fandolfang|fzfs|cfang", "fang"),
    ("标宋|中宋|大宋|粗宋|zhongsong|biaosong|xiaobiao|fzxbs|fzdbs|fzcs|fzdss", "bold song"),
    ("黑|雅黑|等线|圆|苹方|微软|綫黑|ゴシ|고딕|돋움|굴림|맑은", "hei"),
    ("heiti|simhei|stxihei|sthei|yahei|dengxian|pingfang|youyuan|fandolhei|fzht|fzxh|fzlth", "hei"),
    ("jhenghei|mhei|hiragino ?sans|meiryo|msgothic|mspgothic|msuigothic|yugothic|kozgo", "hei"),
    ("kakugo|malgun|dotum|gulim|hygothic|wenquanyi|wqy|sourcehansans|droidsansfallback", "hei"),
    ("notosans(mono)?(cjk|sc|tc|hk|jp|kr)", "hei"),
    ("宋|明|바탕|명조|simsun|nsimsun|stsong|fandolsong|adobesong|fzss|fzsong|songti", "song"),
    ("mingliu|msung|mingti|msmincho|mspmincho|mincho|kozmin|ryumin|batang|myeongjo", "song"),
    ("myungjo|sourcehanserif|notoserif(cjk|sc|tc|hk|jp|kr)", "song"),
)
_WESTERN = (
    (
        "courier|consol|mono(?!type)|menlo|monaco|typewriter|lettergothic|ocra|ocrb|fixedsys|terminal",
        "mono",
    ),
    ("sans|gothic|arial|helvet|verdana|tahoma|calibri|segoe|trebuchet|myriad|frutiger", "sans"),
    ("univers|futura|gill|avenir|optima|lucida(?!bright)|roboto|swiss|geneva|nimbussan", "sans"),
    ("impact|candara|corbel|franklin|interstate|eurostile|bahnschrift|dinpro", "sans"),
    ("times|georgia|garamond|cambria|palatino|palladio|bookman|schoolbook|century", "serif"),
    ("minion|baskerville|didot|bodoni|caslon|constantia|charter|utopia|serif|nimbusrom", "serif"),
    ("lmroman|^cm(r|b|ti|sl)|^sfrm|rockwell|lucidabright|perpetua|goudy|antiqua|roman", "serif"),
)
_SYMBOLS = (
    ("dingbats", ZAPF),
    ("wingdings$", WINGDINGS),
    ("^symbol|^standardsymbols", SYMBOL),
)
_OTHER_SYMBOLS = re.compile(
    "wingdings[ -]?[23]|webdings|marlett|mtextra|^cmsy|^cmmi|^cmex|^msam|^msbm"
)
_BAR_CODES = re.compile(
    "barcode|code-?(39|93|128)|3of9|[i2]2?of5|idautomation|^c(39|128)|^(ean|upc)-?[abe0-9]|codabar|"
    "pdf417|datamatrix|qrcode|条码|条形码|二维码"
)


@dataclass(frozen=True, slots=True)
class SubstituteFont:
    """Bundled files that are searched in turn for a character, and whether they are slanted."""

    files: tuple[str, ...]
    slanted: bool = False

    def __post_init__(self) -> None:
        """Search the files with rare characters last, because they are slow to open."""
        ordered = tuple(sorted(self.files, key=lambda file: "-Rare." in file))
        object.__setattr__(self, "files", ordered)

    @property
    def name(self) -> str:
        """The face's name in a PDF."""
        main = next(file for file in self.files if not file.endswith("-Latin.ttf"))
        stem = main.rpartition("/")[2].rpartition(".")[0]
        return f"{stem}-Slanted" if self.slanted else stem


@dataclass(frozen=True, slots=True)
class Traits:
    """What a font descriptor states; `flags` are the bits of its /Flags."""

    flags: int = 0
    weight: float = 0.0
    angle: float = 0.0

    @property
    def symbolic(self) -> bool:
        """Whether the font has a character set of its own."""
        return bool(self.flags & _SYMBOLIC)


ANY_FACE = SubstituteFont(
    (*_SONG, *_HEI, *_KAI, *_FANG, *_SIGNS, "substitutes/LiberationSans-Regular.ttf")
)
"""All faces that have characters which others lack."""


def decoded_name(raw: bytes) -> str:
    """Return a font's name as text without its subset tag: UTF-8 or a legacy East Asian
    encoding.
    """
    return _TAG.sub("", _decoded(raw))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _GB_2312.fullmatch(raw):
        return raw.decode("gbk", "replace")
    japanese = raw.decode("cp932", "replace")
    return japanese if re.search("明朝|ゴシ|^.?ＭＳ", japanese) else raw.decode("latin-1")


def symbols_of(name: str) -> str | None:
    """Return the known symbol font that the name means, or None."""
    plain = _plain(name)
    return next((kind for words, kind in _SYMBOLS if re.search(words, plain)), None)


def is_unknown_symbols(name: str) -> bool:
    """Return whether it is a symbol font whose characters are unknown."""
    return _OTHER_SYMBOLS.search(_plain(name)) is not None


def is_bar_codes(name: str) -> bool:
    """Return whether the font draws bar codes, which letters of another font do not replace."""
    return _BAR_CODES.search(_plain(name)) is not None


def is_recognised(name: str) -> bool:
    """Return whether the name determines the style of the font."""
    return is_eastern(name) or _first(_WESTERN, _plain(name)) is not None


def is_eastern(name: str) -> bool:
    """Return whether the name is of a Chinese, Japanese or Korean font."""
    return _first(_EASTERN, _plain(name)) is not None or any(sign > "\u2e7f" for sign in name)


def face_for(name: str, traits: Traits, eastern: bool = False) -> SubstituteFont:
    """Return the face that replaces the font `name`. `eastern` is what its encoding indicates."""
    symbols = symbols_of(name)
    if symbols is not None:
        greek = ("substitutes/LiberationSerif-Regular.ttf",)
        return SubstituteFont(
            (*greek, *_SIGNS, *_SONG) if symbols == SYMBOL else (*_SIGNS, *greek, *_HEI)
        )
    bold, italic = _is_bold(name, traits), _is_italic(name, traits)
    plain = _plain(name)
    kind = _first(_EASTERN, plain)
    if kind is None and (western := _first(_WESTERN, plain)):
        return _western(western, bold, italic)
    if kind is None and not (eastern or is_eastern(name)):
        fixed, serif = traits.flags & FIXED, traits.flags & SERIF
        return _western("mono" if fixed else "serif" if serif else "sans", bold, italic)
    return _eastern(kind or "song", bold, italic)


def _eastern(kind: str, bold: bool, italic: bool) -> SubstituteFont:
    song = _BOLD_SONG if bold or kind == "bold song" else _SONG
    latin = f"substitutes/LiberationSerif-{'Bold' if bold else 'Regular'}.ttf"
    head = {"hei": _HEI, "fang": _FANG, "kai": _KAI}.get(kind, ())
    return SubstituteFont((*head, *song, *_SIGNS, latin), italic)


def _western(kind: str, bold: bool, italic: bool) -> SubstituteFont:
    style = ("Bold" if bold else "") + ("Italic" if italic else "") or "Regular"
    behind = _HEI if kind == "sans" else _BOLD_SONG if bold else _SONG
    return SubstituteFont((f"substitutes/Liberation{kind.title()}-{style}.ttf", *behind, *_SIGNS))


def _plain(name: str) -> str:
    """Return the name as in the tables: lower case, without spaces and style suffix."""
    bare = _STYLE_END.sub("", name.split(",")[0])
    return re.sub(r"[\s_]", "", bare).lower()


def _first(table: tuple[tuple[str, str], ...], plain: str) -> str | None:
    return next((kind for words, kind in table if re.search(words, plain)), None)


def _is_bold(name: str, traits: Traits) -> bool:
    named = re.search(r"bold|black|heavy|demi|[,\-]bd?$|粗|大黑", name, re.I)
    return bool(named) or traits.weight >= _HEAVY or bool(traits.flags & FORCE_BOLD)


def _is_italic(name: str, traits: Traits) -> bool:
    named = re.search(r"ital|obli|slanted|斜", name, re.I)
    return bool(named) or bool(traits.flags & ITALIC) or 3 < abs(traits.angle) < 45
