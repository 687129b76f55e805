"""OFD files (GB/T 33190-2016) made on the spot, of invented data."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

NAMESPACE = "http://www.ofdspec.org/2016"
SONG, KAI, COURIER, EMBEDDED = "1", "2", "3", "4"
"""IDs of the fonts that every file states, and of one that a test may embed."""

FONTS = (
    f'<Font ID="{SONG}" FontName="宋体" FamilyName="宋体"/>'
    f'<Font ID="{KAI}" FontName="KaiTi" FamilyName="楷体"/>'
    f'<Font ID="{COURIER}" FontName="Courier New" FamilyName="Courier New"/>'
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the XML of its layers, what is within Template elements, and its size in mm."""

    layers: str
    templates: str = ""
    box: str = "0 0 210 140"
    resources: str = ""
    annotations: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """A signature: its SignedValue, and where its seal stands (the XML of StampAnnots)."""

    value: bytes
    stamps: str
    seal: bytes | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file. `resources` and `public` are elements within Res."""

    pages: Sequence[Page]
    resources: str = ""
    public: str = ""
    media: Mapping[str, bytes] = field(default_factory=dict)
    templates: Sequence[Page] = ()
    signs: Sequence[Sign] = ()
    common: str = ""
    further: str = ""

    def members(self, folder: str) -> dict[str, bytes]:
        """The members of the document in its folder."""
        made = {
            f"{folder}/Document.xml": self._document(),
            f"{folder}/PublicRes.xml": part("Res", self._public(), BaseLoc="Res"),
            f"{folder}/DocumentRes.xml": part("Res", self.resources, BaseLoc="Res"),
        }
        for at, page in enumerate(self.pages):
            made[f"{folder}/Pages/Page_{at}/Content.xml"] = _content(page)
            if page.resources:
                made[f"{folder}/Pages/Page_{at}/PageRes.xml"] = part("Res", page.resources)
            if page.annotations:
                name = f"{folder}/Pages/Page_{at}/Annotation.xml"
                made[name] = part("PageAnnot", page.annotations)
        for at, page in enumerate(self.templates):
            made[f"{folder}/Tpls/Tpl_{at}/Content.xml"] = _content(page)
        if any(page.annotations for page in self.pages):
            made[f"{folder}/Annots/Annotations.xml"] = self._annotations(folder)
        for name, data in self.media.items():
            made[f"{folder}/Res/{name}"] = data
        return made | self._signatures(folder)

    def _public(self) -> str:
        return f"<Fonts>{FONTS}</Fonts>{self.public}"

    def _document(self) -> bytes:
        templates = "".join(
            f'<TemplatePage ID="{900 + at}" BaseLoc="Tpls/Tpl_{at}/Content.xml"/>'
            for at in range(len(self.templates))
        )
        pages = "".join(
            f'<Page ID="{page_id(at)}" BaseLoc="Pages/Page_{at}/Content.xml"/>'
            for at in range(len(self.pages))
        )
        annotations = (
            "<Annotations>Annots/Annotations.xml</Annotations>"
            if any(page.annotations for page in self.pages)
            else ""
        )
        return part(
            "Document",
            "<CommonData><MaxUnitID>9999</MaxUnitID>"
            "<PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>"
            "<PublicRes>PublicRes.xml</PublicRes><DocumentRes>DocumentRes.xml</DocumentRes>"
            f"{templates}{self.common}</CommonData><Pages>{pages}</Pages>"
            f"{annotations}{self.further}",
        )

    def _annotations(self, folder: str) -> bytes:
        listed = "".join(
            f'<Page PageID="{page_id(at)}">'
            f"<FileLoc>/{folder}/Pages/Page_{at}/Annotation.xml</FileLoc></Page>"
            for at, page in enumerate(self.pages)
            if page.annotations
        )
        return part("Annotations", listed)

    def _signatures(self, folder: str) -> dict[str, bytes]:
        made: dict[str, bytes] = {}
        listed = ""
        for at, sign in enumerate(self.signs):
            own = f"{folder}/Signs/Sign_{at}"
            listed += f'<Signature ID="{at + 1}" Type="Seal" BaseLoc="/{own}/Signature.xml"/>'
            seal = f"<Seal><BaseLoc>/{own}/Seal.esl</BaseLoc></Seal>" if sign.seal else ""
            made[f"{own}/Signature.xml"] = part(
                "Signature",
                f'<SignedInfo><Provider ProviderName="样例"/>{sign.stamps}{seal}</SignedInfo>'
                f"<SignedValue>/{own}/SignedValue.dat</SignedValue>",
            )
            made[f"{own}/SignedValue.dat"] = sign.value
            if sign.seal:
                made[f"{own}/Seal.esl"] = sign.seal
        if self.signs:
            made[f"{folder}/Signs/Signatures.xml"] = part("Signatures", listed)
        return made


def page_id(at: int) -> str:
    """The ID of the page at an index."""
    return str(100 + at)


def part(tag: str, inner: str, **attributes: str) -> bytes:
    """A part of the file: its root with the namespace, and the XML within."""
    stated = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><{tag} xmlns="{NAMESPACE}"{stated}>{inner}</{tag}>'
    )
    return text.encode()


def _content(page: Page) -> bytes:
    resources = "<PageRes>PageRes.xml</PageRes>" if page.resources else ""
    area = f"<Area><PhysicalBox>{page.box}</PhysicalBox></Area>"
    return part("Page", f"{page.templates}{resources}{area}<Content>{page.layers}</Content>")


def ofd(*documents: Document | Page, members: Mapping[str, bytes | None] | None = None) -> bytes:
    """The bytes of a file of these documents; single pages are documents of their own.

    `members` are added, or take the place of others; None leaves one out.
    """
    made: dict[str, bytes | None] = {}
    bodies = ""
    for at, one in enumerate(documents):
        document = Document([one]) if isinstance(one, Page) else one
        folder = f"Doc_{at}"
        made |= document.members(folder)
        signs = f"<Signatures>{folder}/Signs/Signatures.xml</Signatures>" if document.signs else ""
        bodies += (
            f"<DocBody><DocInfo><DocID>{at:032x}</DocID></DocInfo>"
            f"<DocRoot>{folder}/Document.xml</DocRoot>{signs}</DocBody>"
        )
    entry = part("OFD", bodies, Version="1.0", DocType="OFD")
    return zipped({"OFD.xml": entry} | made | dict(members or {}))


def zipped(members: Mapping[str, bytes | None]) -> bytes:
    """A zip of these members, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if data is not None:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _stated(attributes: Mapping[str, object]) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())


def layer(*objects: str, kind: str = "Body", **attributes: object) -> str:
    """A layer of these objects."""
    return f'<Layer ID="500" Type="{kind}"{_stated(attributes)}>{"".join(objects)}</Layer>'


def text(
    words: str,
    boundary: str,
    *,
    font: str = SONG,
    size: float = 4.0,
    delta_x: str = "",
    inner: str = "",
    **attributes: object,
) -> str:
    """A TextObject: its baseline runs at its size below the head of its boundary (x y w h, mm)."""
    delta = f' DeltaX="{delta_x}"' if delta_x else ""
    code = words.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<TextObject ID="501" Boundary="{boundary}" Font="{font}" Size="{size:g}"'
        f"{_stated(attributes)}>{inner}"
        f'<TextCode X="0" Y="{size:g}"{delta}>{code}</TextCode></TextObject>'
    )


def path(data: str, boundary: str, *, inner: str = "", **attributes: object) -> str:
    """A PathObject with abbreviated data."""
    return (
        f'<PathObject ID="502" Boundary="{boundary}"{_stated(attributes)}>{inner}'
        f"<AbbreviatedData>{data}</AbbreviatedData></PathObject>"
    )


def rectangle(boundary: str, colour: str, **attributes: object) -> str:
    """A filled rectangle (x y w h in mm) without a line around it."""
    _, _, width, height = boundary.split()
    return path(
        f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C",
        boundary,
        inner=f'<FillColor Value="{colour}"/>',
        Fill="true",
        Stroke="false",
        **attributes,
    )


def image(resource: str, boundary: str, **attributes: object) -> str:
    """An ImageObject that fills its boundary (x y w h in mm)."""
    _, _, width, height = boundary.split()
    return (
        f'<ImageObject ID="503" Boundary="{boundary}" CTM="{width} 0 0 {height} 0 0"'
        f' ResourceID="{resource}"{_stated(attributes)}/>'
    )


def media(*files: tuple[str, str], kind: str = "Image") -> str:
    """The resource entries of pictures: IDs and file names."""
    listed = "".join(
        f'<MultiMedia ID="{number}" Type="{kind}"><MediaFile>{name}</MediaFile></MultiMedia>'
        for number, name in files
    )
    return f"<MultiMedias>{listed}</MultiMedias>"


def stamp(page: int, boundary: str, clip: str = "") -> str:
    """A StampAnnot on the page at an index."""
    clipped = f' Clip="{clip}"' if clip else ""
    return f'<StampAnnot ID="1" PageRef="{page_id(page)}" Boundary="{boundary}"{clipped}/>'


def watermark(boundary: str, objects: str, kind: str = "Watermark", **attributes: object) -> str:
    """An annotation with its appearance, whose objects lie within its boundary."""
    return (
        f'<Annot ID="700" Type="{kind}" Creator="样例" LastModDate="2026-03-01"'
        f'{_stated(attributes)}><Appearance Boundary="{boundary}">{objects}</Appearance></Annot>'
    )
