"""Writes small OFD files (GB/T 33190-2016) with invented content."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.ofdspec.org/2016"


def xml(name: str, content: str = "", **attributes: object) -> str:
    """An element in the prefix of OFD; `content` is XML."""
    stated = "".join(
        f" {key.rstrip('_')}={quoteattr(str(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<ofd:{name}{stated}>{content}</ofd:{name}>"


def part(root: str) -> bytes:
    """A part with its declaration; `root` gets the namespace."""
    head, rest = root.split(">", 1) if not root.split(">", 1)[0].endswith("/") else (root, "")
    named = head.replace(" ", f' xmlns:ofd="{NAMESPACE}" ', 1)
    if " " not in head:
        named = f'{head} xmlns:ofd="{NAMESPACE}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{named}>{rest}'.encode()


def text(
    words: str,
    x: float,
    y: float,
    *,
    font: int = 1,
    size: float = 4,
    dx: str | None = None,
    dy: str | None = None,
    transforms: str = "",
    inside: str = "",
    **attributes: object,
) -> str:
    """A text object whose boundary begins at the page's corner."""
    code = xml("TextCode", escape(words), X=x, Y=y, DeltaX=dx, DeltaY=dy)
    given = {"Boundary": "0 0 210 297", "Font": font, "Size": size, **attributes}
    return xml("TextObject", inside + transforms + code, **given)


def path(data: str, *, inside: str = "", **attributes: object) -> str:
    """A path object whose boundary begins at the page's corner."""
    given = {"Boundary": "0 0 210 297", **attributes}
    return xml("PathObject", inside + xml("AbbreviatedData", data), **given)


def colour(name: str, value: str, inside: str = "", **attributes: object) -> str:
    """FillColor or StrokeColor."""
    return xml(name, inside, Value=value, **attributes)


def image(resource: int, x: float, y: float, wide: float, high: float, **attributes: object) -> str:
    """A picture in a box of millimetres."""
    given = {
        "Boundary": f"{x} {y} {wide} {high}",
        "CTM": f"{wide} 0 0 {high} 0 0",
        "ResourceID": resource,
        **attributes,
    }
    return xml("ImageObject", **given)


def layer(objects: Iterable[str], **attributes: object) -> str:
    """A layer of objects."""
    return xml("Layer", "".join(objects), **attributes)


@dataclass
class OfdFile:
    """An OFD of one document under construction. Everything may be replaced before `data`."""

    box: str = "0 0 210 297"
    fonts: list[str] = field(
        default_factory=lambda: [xml("Font", ID=1, FontName="宋体", FamilyName="宋体")]
    )
    media: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    resources: str = ""
    pages: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    annotations: dict[int, str] = field(default_factory=dict)
    more: dict[str, bytes] = field(default_factory=dict)
    common: str = ""
    document: str = ""
    body: str = ""

    def page(
        self, *layers: str, template: int | None = None, area: str = "", more: str = ""
    ) -> None:
        """Add a page of layers."""
        drawn = xml("Template", TemplateID=1000 + template) if template is not None else ""
        sized = xml("Area", xml("PhysicalBox", area)) if area else ""
        self.pages.append(xml("Page", drawn + sized + more + xml("Content", "".join(layers))))

    def template(self, *layers: str) -> int:
        """Add a template page; return its number for `page`."""
        self.templates.append(xml("Page", xml("Content", "".join(layers))))
        return len(self.templates) - 1

    def picture(self, number: int, name: str, data: bytes) -> None:
        """Add a picture as a resource."""
        self.media[number] = (name, data)

    def parts(self) -> dict[str, bytes]:
        """All members of the zip."""
        found = {"OFD.xml": self._entry(), "Doc_0/Document.xml": self._document()}
        found["Doc_0/PublicRes.xml"] = part(
            xml("Res", xml("Fonts", "".join(self.fonts)) + self.resources, BaseLoc="Res")
        )
        listed = "".join(
            xml("MultiMedia", xml("MediaFile", name), ID=number, Type="Image")
            for number, (name, _) in self.media.items()
        )
        found["Doc_0/DocumentRes.xml"] = part(xml("Res", xml("MultiMedias", listed), BaseLoc="Res"))
        found |= {f"Doc_0/Res/{name}": data for name, data in self.media.values()}
        for index, page in enumerate(self.pages):
            found[f"Doc_0/Pages/Page_{index}/Content.xml"] = part(page)
        for index, page in enumerate(self.templates):
            found[f"Doc_0/Tpls/Tpl_{index}/Content.xml"] = part(page)
        if self.annotations:
            found |= self._annotations()
        return found | self.more

    def data(self) -> bytes:
        """The file."""
        return zipped(self.parts())

    def write(self, target: Path) -> Path:
        """Write the file."""
        target.write_bytes(self.data())
        return target

    def _entry(self) -> bytes:
        root = xml("DocRoot", "Doc_0/Document.xml")
        return part(xml("OFD", xml("DocBody", root + self.body), Version="1.0", DocType="OFD"))

    def _document(self) -> bytes:
        templates = "".join(
            xml("TemplatePage", ID=1000 + index, BaseLoc=f"Tpls/Tpl_{index}/Content.xml")
            for index in range(len(self.templates))
        )
        area = xml("PageArea", xml("PhysicalBox", self.box))
        listed = xml("PublicRes", "PublicRes.xml") + xml("DocumentRes", "DocumentRes.xml")
        pages = "".join(
            xml("Page", ID=100 + index, BaseLoc=f"Pages/Page_{index}/Content.xml")
            for index in range(len(self.pages))
        )
        annotations = xml("Annotations", "Annots/Annotations.xml") if self.annotations else ""
        common = xml("CommonData", area + listed + templates + self.common)
        return part(xml("Document", common + xml("Pages", pages) + annotations + self.document))

    def _annotations(self) -> dict[str, bytes]:
        listed = "".join(
            xml("Page", xml("FileLoc", f"Page_{index}/Annotation.xml"), PageID=100 + index)
            for index in self.annotations
        )
        found = {"Doc_0/Annots/Annotations.xml": part(xml("Annotations", listed))}
        for index, content in self.annotations.items():
            found[f"Doc_0/Annots/Page_{index}/Annotation.xml"] = part(xml("PageAnnot", content))
        return found


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of members, always the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return made.getvalue()


def der(tag: int, *content: bytes) -> bytes:
    """A DER node (X.690)."""
    inner = b"".join(content)
    size = len(inner)
    if size < 0x80:
        return bytes((tag, size)) + inner
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + inner


def _integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(2, signed=True).lstrip(b"\0") or b"\0")


def seal(picture: bytes, form: str = "png", size: int = 40, version: int = 4) -> bytes:
    """A seal (SESeal) with a picture: GM/T 0031 for version 1, GB/T 38540 for 4."""
    header = der(0x30, der(0x16, b"ES"), _integer(version), der(0x16, b"invented"))
    owner = der(0x30, _integer(1), der(0x0C, "样例专用章".encode()))
    shown = der(0x30, der(0x16, form.encode()), der(0x04, picture), _integer(size), _integer(size))
    info = der(0x30, header, der(0x16, b"0000"), owner, shown)
    certificate = der(0x04, der(0x30, b"\x02\x01\x01" * 20))
    signature = der(0x03, b"\0" + b"\x5a" * 64)
    algorithm = der(0x06, b"\x2a\x81\x1c\xcf\x55\x01\x83\x75")
    if version == 1:
        return der(0x30, info, der(0x30, certificate, algorithm, signature))
    return der(0x30, info, certificate, algorithm, signature)


def signature_value(picture: bytes, form: str = "png", version: int = 4) -> bytes:
    """A signature value (SES_Signature) that contains the seal."""
    time = der(0x03, b"\x0020260101") if version == 1 else der(0x18, b"20260101000000Z")
    hashed = der(0x03, b"\0" + b"\x11" * 32)
    name = der(0x16, b"/Doc_0/Signs/Sign_0/Signature.xml")
    certificate = der(0x04, der(0x30, b"\x02\x01\x01" * 20))
    algorithm = der(0x06, b"\x2a\x81\x1c\xcf\x55\x01\x83\x75")
    value = der(0x03, b"\0" + b"\x5a" * 64)
    head = (_integer(version), seal(picture, form, version=version), time, hashed, name)
    if version == 1:
        return der(0x30, der(0x30, *head, certificate, algorithm), value)
    return der(0x30, der(0x30, *head), certificate, algorithm, value)


def signed(file: OfdFile, stamps: str, value: bytes) -> OfdFile:
    """Add a signature with stamp annotations (XML)."""
    file.body += xml("Signatures", "Doc_0/Signs/Signatures.xml")
    listed = xml("Signature", ID="s1", Type="Seal", BaseLoc="Sign_0/Signature.xml")
    file.more["Doc_0/Signs/Signatures.xml"] = part(xml("Signatures", listed))
    info = xml("SignedInfo", stamps)
    named = xml("SignedValue", "SignedValue.dat")
    file.more["Doc_0/Signs/Sign_0/Signature.xml"] = part(xml("Signature", info + named))
    file.more["Doc_0/Signs/Sign_0/SignedValue.dat"] = value
    return file


def stamp(page: int, boundary: str, clip: str | None = None) -> str:
    """A stamp annotation on a page, from 0."""
    return xml("StampAnnot", ID=1, PageRef=100 + page, Boundary=boundary, Clip=clip)
