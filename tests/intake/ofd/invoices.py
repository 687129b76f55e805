"""Papers as they arrive: a 数电票, an older VAT invoice, a bank receipt. All data are invented."""

import io

from PIL import Image, ImageDraw

from tests.intake.ofd.embedded_fonts import as_file, cut
from tests.intake.ofd.jbig2_files import jbig2
from tests.intake.ofd.ofd_files import (
    COURIER,
    EMBEDDED,
    KAI,
    SONG,
    Document,
    Page,
    Sign,
    image,
    layer,
    media,
    ofd,
    part,
    path,
    stamp,
    text,
    watermark,
)
from tests.intake.ofd.seals import signed_value

BROWN = "128 0 0"
NUMBER = "26112000000012345678"
SELLER = "北京样例数据科技有限公司"
BUYER = "石景山样例算力有限公司"


def seal_picture() -> bytes:
    """A round red seal on nothing."""
    made = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(made)
    drawing.ellipse((5, 5, 294, 194), outline=(220, 0, 0, 255), width=9)
    drawing.rectangle((100, 85, 200, 115), fill=(220, 0, 0, 255))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def square_code() -> bytes:
    """What stands for a QR code."""
    made = Image.new("1", (42, 42), 1)
    for x in range(0, 42, 2):
        for y in range(0, 42, 2):
            if (x * 7 + y * 13) % 5 < 2:
                made.paste(0, (x, y, x + 2, y + 2))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def _frame() -> Page:
    """The template of an invoice: its title, lines and labels."""
    lines = path(
        "M 0 0 L 200 0 L 200 95 L 0 95 C M 0 22 L 200 22 M 0 70 L 200 70 M 100 0 L 100 22",
        "5 35 200 95",
        inner=f'<StrokeColor Value="{BROWN}"/>',
        LineWidth="0.3",
    )

    def label(words: str, boundary: str, **how: object) -> str:
        colour = f'<FillColor Value="{BROWN}"/>'
        return text(words, boundary, font=KAI, inner=colour, **how)  # type: ignore[arg-type]

    return Page(
        layer(
            lines,
            label("电子发票（普通发票）", "65 8 80 9", size=7, delta_x="g 9 7"),
            label("购买方信息", "7 38 30 5", size=3.2),
            label("销售方信息", "107 38 30 5", size=3.2),
            label("价税合计（大写）", "8 108 40 5", size=3.2),
            kind="Background",
            DrawParam="5",
        )
    )


def _filled_in() -> str:
    """What is filled in on the page itself."""
    return layer(
        text(NUMBER, "160 14 45 5", font=COURIER, size=3.2, delta_x="g 19 1.6"),
        text("2026年03月01日", "160 20 45 5", size=3.2),
        text(f"名称：{BUYER}", "7 44 90 5", size=3.2, delta_x="g 12 3.2"),
        text(f"名称：{SELLER}", "107 44 90 5", size=3.2, delta_x="3.2 3.2 3.2"),
        text("*信息技术服务*算力租用", "7 62 60 5", size=3.2),
        text("壹万壹仟叁佰圆整", "50 108 50 5", size=3.2),
        text("¥11300.00", "150 108 40 5", font=COURIER, size=3.2),
        image("11", "8 6 22 22"),
    )


_PARAMETERS = (
    '<DrawParams><DrawParam ID="4" LineWidth="0.25" Join="Round"/>'
    '<DrawParam ID="5" Relative="4"><StrokeColor Value="128 0 0"/></DrawParam></DrawParams>'
)


def digital_invoice() -> bytes:
    """A 数电票: its seal is a watermark, its data are attached as XML and marked by tags."""
    seal_ = watermark("85 5 30 20", image("10", "0 0 30 20", BlendMode="Multiply"))
    document = Document(
        [Page(_filled_in(), templates='<Template TemplateID="900"/>', annotations=seal_)],
        public=_PARAMETERS,
        resources=media(("10", "seal.png"), ("11", "code.png")),
        media={"seal.png": seal_picture(), "code.png": square_code()},
        templates=[_frame()],
        further=(
            "<Attachments>Attachs/Attachments.xml</Attachments>"
            "<CustomTags>Tags/CustomTags.xml</CustomTags>"
        ),
    )
    listed = (
        '<Attachment ID="1" Name="original_invoice" Format="xml" Visible="false">'
        "<FileLoc>original_invoice.xml</FileLoc></Attachment>"
    )
    tags = '<CustomTag TypeID="0"><FileLoc>CustomTag.xml</FileLoc></CustomTag>'
    return ofd(
        document,
        members={
            "Doc_0/Attachs/Attachments.xml": part("Attachments", listed),
            "Doc_0/Attachs/original_invoice.xml": b"<EInvoice/>",
            "Doc_0/Tags/CustomTags.xml": part("CustomTags", tags),
            "Doc_0/Tags/CustomTag.xml": b"<eInvoice/>",
        },
    )


def vat_invoice(version: int = 1) -> bytes:
    """An invoice of 2020: its seal is that of a signature."""
    document = Document(
        [Page(_filled_in(), templates='<Template TemplateID="900" ZOrder="Background"/>')],
        public=_PARAMETERS,
        resources=media(("11", "code.png")),
        media={"code.png": square_code()},
        templates=[_frame()],
        signs=[Sign(signed_value(version, "png", seal_picture()), stamp(0, "85 5 30 20"))],
    )
    return ofd(document)


def letter(pages: int = 3) -> bytes:
    """An official letter of several pages with a seal across their edges."""
    sheets = [
        Page(
            layer(
                text(f"关于算力券的函（第 {at + 1} 页）", "40 30 140 12", font=SONG, size=8),
                *(
                    text("兹有石景山样例数据。" * 4, f"30 {60 + row * 10} 150 8")
                    for row in range(9)
                ),
            ),
            box="0 0 210 297",
        )
        for at in range(pages)
    ]
    stamps = "".join(
        stamp(at, "180 120 30 20", f"{30 * at / pages} 0 {30 / pages} 20") for at in range(pages)
    )
    return ofd(Document(sheets, signs=[Sign(signed_value(4, "png", seal_picture()), stamps)]))


PAYER, PAYEE = "石景山样例算力有限公司", "北京样例数据科技有限公司"
_ROWS = (
    ("付款人", PAYER),
    ("收款人", PAYEE),
    ("金额", "壹万壹仟叁佰圆整"),
    ("用途", "算力租用"),
    ("流水号", "2026030100004711"),
    ("日期", "2026年03月01日"),
)


def bank_receipt() -> bytes:
    """A receipt that a bank's program converted from PDF: lengths in points, scaled by each CTM.

    Its font has only the characters shown and no cmap; its seal is in black and white, below
    another in colour; each line has a clip in the page's own units.
    """
    words = "".join(sorted({*"".join(map("".join, _ROWS)), *"样例银行电子回单"}))
    font, numbers = cut("NotoSerifSC-Regular.ttf", words)
    point = 25.4 / 72

    def shown(words: str, x: float, y: float, size: float, **how: object) -> str:
        glyphs = " ".join(str(numbers[sign]) for sign in words)
        steps = " ".join([f"{size:g}"] * (len(words) - 1))
        stroke = '<StrokeColor Value="0 0 0"/>' if how else ""
        stated = "".join(f' {name}="{value}"' for name, value in how.items())
        return (
            f'<TextObject ID="7" CTM="{point:.4f} 0 0 {point:.4f} 0 0" Font="{EMBEDDED}"'
            f' Boundary="{x} {y} {len(words) * size * point:.4f} {size * point:.4f}"'
            f' Size="{size:g}"{stated}>{stroke}<CGTransform CodePosition="0"'
            f' CodeCount="{len(words)}" GlyphCount="{len(words)}"><Glyphs>{glyphs}</Glyphs>'
            f'</CGTransform><TextCode X="0" Y="{size * 0.859:g}"'
            f' DeltaX="{steps}">{words}</TextCode></TextObject>'
        )

    def line(x: float, y: float, wide: float, high: float) -> str:
        a, b = wide / point, high / point
        clip = (
            f'<Clips TransFlag="false"><Clip><Area CTM="{point:.4f} 0 0 {point:.4f} 0 0">'
            f'<Path Boundary="{-x / point:.4f} {-y / point:.4f} 595 842" Stroke="false"'
            ' Fill="true"><AbbreviatedData>M 0 0 L 595 0 L 595 842 L 0 842 C</AbbreviatedData>'
            "</Path></Area></Clip></Clips>"
        )
        return path(
            f"M 0 0 L {a:.4f} 0 L {a:.4f} {b:.4f} L 0 {b:.4f} C",
            f"{x} {y} {wide} {high}",
            inner=f'<FillColor Value="0 0 0"/>{clip}',
            CTM=f"{point:.4f} 0 0 {point:.4f} 0 0",
            Stroke="false",
            Fill="true",
        )

    edges = [line(8, 20 + row * 9, 190, 0.2646) for row in range(len(_ROWS) + 1)]
    edges += [line(x, 20, 0.2646, 54) for x in (8, 40, 198)]
    cells = [
        cell
        for row, (name, value) in enumerate(_ROWS)
        for cell in (shown(name, 11, 23 + row * 9, 9), shown(value, 44, 23 + row * 9, 9))
    ]
    black = Image.new("1", (120, 120), 255)
    ImageDraw.Draw(black).ellipse((10, 30, 110, 90), outline=0, width=6)
    document = Document(
        [
            Page(
                layer(
                    image("11", "150 40 30 20"),
                    image("11", "150 40 30 20"),
                    *edges,
                    *cells,
                    image("12", "120 80 22 22"),
                    shown("样例银行电子回单", 75, 8, 15, Stroke="true", LineWidth="0.36"),
                ),
                box="0 0 209.9998 296.9948",
            )
        ],
        public=f'<Fonts><Font ID="{EMBEDDED}" FontName="ABCDEF+SimSun"><FontFile>f.ttf</FontFile>'
        "</Font></Fonts>",
        resources=media(("11", "seal.png"), ("12", "seal.jb2")),
        media={
            "f.ttf": as_file(font, "cmap", "name", "post", "OS/2"),
            "seal.png": seal_picture(),
            "seal.jb2": jbig2(black),
        },
    )
    return ofd(document)
