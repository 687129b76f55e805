"""Make templates/fonts/ from the unaltered fonts of their publishers.

Run only when a font is renewed; the results are in the repository.

    python scripts/make_fonts.py FandolFang-Regular.otf NotoSerifSC_400Regular.ttf \
        NotoSerifSC_700Bold.ttf NotoSansSC_500Medium.ttf DejaVuSans.ttf templates/fonts \
        FandolKai-Regular.otf liberation2/Liberation{Serif,Sans,Mono}-*.ttf

Where they come from: the Fandol fonts from Debian's texlive-lang-chinese, the Liberation fonts
from its fonts-liberation2 (before version 2 they are under another licence); Noto Serif SC and
Noto Sans SC from the npm packages @expo-google-fonts/noto-serif-sc and …/noto-sans-sc; DejaVu
Sans from Debian's fonts-dejavu-core.

The fonts named behind the folder go unaltered into substitutes/: our own pages use none of them,
they stand in for fonts that an attachment only names. FandolFang is copied byte for byte too, as
its licence (GPL with font exception) is simplest kept that way.

The Noto fonts lose their layout tables: HarfBuzz 6 (Debian 12) fails to subset fonts with large
GSUB tables past some 800 glyphs and would put the whole font into every PDF. Then each is cut in
two: subsetting, reading and registering a font takes the longer the more it has, and all but a few
pages want only common characters. What is left over is a font of its own, NAME-Rare.ttf. From
DejaVu only symbols are kept, for the tick boxes that no Chinese font has.

NotoSerifSC-Latin.ttf stands in for FandolFang's own Latin, which is too heavy for its Chinese. Each
of its letters is as wide as FandolFang's, so that a line holds the same text in our PDF and in the
Word beside it, where an office sets both with one font.
"""

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from pathlib import Path

from fontTools import subset
from fontTools.misc.transform import Offset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.reorderGlyphs import reorderGlyphs

DIGITS = "NotoSerifSC-Digits.ttf"
"""What printed page numbers need; embedded as it is by the assembler."""
LAYOUT_TABLES = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG")
COMMON = (
    *range(0x20, 0x180),
    *range(0x2000, 0x2600),
    *range(0x3000, 0x3400),
    *range(0xFF00, 0xFFF0),
)
"""Latin, punctuation, symbols and full-width forms; with them go the characters of GB 2312."""
LATIN = "NotoSerifSC-Latin.ttf"
LATIN_FAMILY, DIGITS_FAMILY = "SJS Latin", "SJS Digits"
LATIN_HEIGHT, NARROWEST, WIDEST = 0.9, 0.82, 0.94
"""What becomes of Noto's letters, in parts of their own height and width."""
SYMBOLS = (*range(0x2190, 0x2600), *range(0x2600, 0x2670), *range(0x2700, 0x27C0))


def plain_copy(source: Path, target: Path) -> None:
    """Write `source` without its layout tables, glyphs and names as they are."""
    font = TTFont(source, recalcTimestamp=False)
    for tag in LAYOUT_TABLES:
        if tag in font:
            del font[tag]
    font.save(target)


def gb_2312() -> list[int]:
    """The characters of GB 2312 in its order, the 3755 of everyday use before the others."""
    codes = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return [ord(text) for code in codes if (text := code.decode("gb2312", "ignore"))]


def cut_in_two(path: Path) -> None:
    """Leave the common characters in the font, in that order; the others go into NAME-Rare.ttf.

    A subset that keeps glyph ids is as long as its highest one, hence the order.
    """
    font = TTFont(path, recalcTimestamp=False)
    order = list(dict.fromkeys((*COMMON, *gb_2312())))
    rare = sorted(set(font.getBestCmap()) - set(order))
    rest = path.with_name(f"{path.stem}-Rare.ttf")
    keep_only(rare, path, rest)
    rename(rest, " Rare")
    keep_only(order, path, path)
    font = TTFont(path, recalcTimestamp=False)
    cmap, old = font.getBestCmap(), font.getGlyphOrder()
    reorderGlyphs(font, list(dict.fromkeys([old[0], *(cmap[p] for p in order if p in cmap), *old])))
    font.save(path)


def rename(path: Path, suffix: str) -> None:
    """Give a font a family of its own, so that nobody takes it for the one it was cut from."""
    font = TTFont(path, recalcTimestamp=False)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            wanted = suffix.replace(" ", "-") if record.nameID == 6 else suffix
            record.string = record.toUnicode() + wanted
    font.save(path)


def advance_like(model: Path, path: Path) -> None:
    """Give every glyph the advance that `model` has for its character, its outline amid it.

    The outline is scaled as the advance is, within bounds that keep stems even, so that neither
    narrow letters touch nor wide ones stand apart. The font gets a name of its own.
    """
    wanted, font = TTFont(model, lazy=True), TTFont(path, recalcTimestamp=False)
    advances, source = wanted["hmtx"].metrics, wanted.getBestCmap()
    per_em = font["head"].unitsPerEm / wanted["head"].unitsPerEm
    glyphs, glyf = font.getGlyphSet(), font["glyf"]
    drawn = {}
    for point, name in font.getBestCmap().items():
        advance = round(advances[source[point]][0] * per_em)
        own = font["hmtx"].metrics[name][0]
        across = min(max(advance / own, NARROWEST), WIDEST)
        pen = TTGlyphPen(None)
        place = Offset((advance - across * own) / 2, 0).scale(across, LATIN_HEIGHT)
        glyphs[name].draw(TransformPen(pen, place))
        drawn[name] = pen.glyph(), advance
    for name, (glyph, advance) in drawn.items():
        glyf[name] = glyph
        glyph.recalcBounds(glyf)
        font["hmtx"].metrics[name] = advance, getattr(glyph, "xMin", 0)
    font.save(path)
    name_anew(path, LATIN_FAMILY)


def name_anew(path: Path, family: str) -> None:
    """Name a font all anew: fontconfig takes any font of a family for the whole of it."""
    font = TTFont(path, recalcTimestamp=False)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16, 25):
            record.string = family
        elif record.nameID in (3, 6):
            record.string = family.replace(" ", "-")
    font.save(path)


def measure_like_fandol(path: Path) -> None:
    """Give a font FandolFang's line metrics, so that a rare character moves no line."""
    font = TTFont(path, recalcTimestamp=False)
    head, windows = font["hhea"], font["OS/2"]
    head.ascent = windows.sTypoAscender = 880
    head.descent = windows.sTypoDescender = -120
    head.lineGap = windows.sTypoLineGap = 200
    windows.usWinAscent, windows.usWinDescent = 978, 272
    font.save(path)


def keep_only(points: Sequence[int], source: Path, target: Path) -> None:
    """Write those characters of `source`, nothing else."""
    options = subset.Options(layout_features=[], name_IDs=["*"], notdef_outline=True)
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font.save(target)


def write_coverage(fonts: Iterable[Path], target: Path) -> None:
    """List every character that one of the fonts shows, so that checks need no font library."""
    points = sorted({point for path in fonts for point in TTFont(path, lazy=True).getBestCmap()})
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    lines = "".join(f"{first:X}-{last:X}\n" for first, last in ranges)
    target.write_text(lines, encoding="ascii")


def faces(folder: Path) -> dict[str, list[Path]]:
    """The fonts of each face that pages are set in, in the order of the stacks of fonts.css."""
    symbols = folder / "DejaVuSans-Symbols.ttf"
    song, bold = folder / "NotoSerifSC-Regular.ttf", folder / "NotoSerifSC-Bold.ttf"
    return {
        "Fang": [folder / LATIN, folder / "FandolFang-Regular.otf", song, symbols],
        "Song": [song, symbols],
        "SongBold": [bold, song, symbols],
        "Hei": [folder / "NotoSansSC-Medium.ttf", song, symbols],
    }


def write_widths(faces: Mapping[str, Sequence[Path]], target: Path) -> None:
    """List the width of every common character that is not as wide as high, in thousandths.

    Of each face: the first of its fonts that has the character shows it.
    """
    lines = []
    for face, fonts in faces.items():
        widths: dict[int, int] = {}
        for path in reversed(fonts):
            font = TTFont(path, lazy=True)
            advances, units = font["hmtx"].metrics, font["head"].unitsPerEm
            for point, name in font.getBestCmap().items():
                widths[point] = ceil(advances[name][0] * 1000 / units)
        narrow = [f"{p:X}:{widths[p]}" for p in COMMON if widths.get(p, 1000) != 1000]
        lines.append(" ".join([face, *narrow]) + "\n")
    target.write_text("".join(lines), encoding="ascii")


def main(
    fang: str, serif: str, serif_bold: str, sans: str, dejavu: str, folder: str, *substitutes: str
) -> None:
    out = Path(folder)
    (out / "substitutes").mkdir(parents=True, exist_ok=True)
    for font in substitutes:
        shutil.copyfile(font, out / "substitutes" / Path(font).name)
    shutil.copyfile(fang, out / "FandolFang-Regular.otf")
    plain_copy(Path(serif), out / "NotoSerifSC-Regular.ttf")
    measure_like_fandol(out / "NotoSerifSC-Regular.ttf")
    plain_copy(Path(serif_bold), out / "NotoSerifSC-Bold.ttf")
    plain_copy(Path(sans), out / "NotoSansSC-Medium.ttf")
    keep_only(SYMBOLS, Path(dejavu), out / "DejaVuSans-Symbols.ttf")
    keep_only(range(0x20, 0x7F), out / "NotoSerifSC-Regular.ttf", out / LATIN)
    advance_like(out / "FandolFang-Regular.otf", out / LATIN)
    keep_only(tuple(map(ord, "— 0123456789")), out / "NotoSerifSC-Regular.ttf", out / DIGITS)
    name_anew(out / DIGITS, DIGITS_FAMILY)
    for name in ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf", "NotoSansSC-Medium.ttf"):
        cut_in_two(out / name)
    fonts = [path for path in (*out.glob("*.otf"), *out.glob("*.ttf")) if path.name != DIGITS]
    write_coverage(fonts, out / "coverage.txt")
    write_coverage(out.glob("*-Rare.ttf"), out / "rare.txt")
    write_widths(faces(out), out / "widths.txt")


if __name__ == "__main__":
    main(*sys.argv[1:])
