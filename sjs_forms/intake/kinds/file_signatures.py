"""The magic numbers of file kinds, and the names of members in containers.

For every kind that `file_kinds` does not accept, `refused_kinds` has advice.
"""

import re

STARTS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    (
        "protected",
        (
            b"b\x14#e",  # 亿赛通 E-SafeNet
            b"%TSD-Header-###%",  # 天锐绿盾
            b"SCDSA",  # SoftCamp
            b"\x9b DRMONE",  # Fasoo
            b"<## NASCA DRM FILE",
            b"<DOCUMENT SAFER",  # MarkAny
            b".pfile",  # Microsoft RMS, generic
            b"MicrosoftIRMServices",
            b"\x76\xe8\x04\x60\xc4\x11\xe3\x86",  # .rpmsg
            b"-----BEGIN PGP MESSAGE",
        ),
    ),
    ("media", (b"#!AMR", b"#!SILK", b"\x02#!SILK", b"ID3", b"OggS", b"fLaC", b"FLV\x01", b"MThd")),
    ("media", (b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b".RMF")),
    ("media", (b"\0\0\1\xba", b"\0\0\1\xb3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1")),
    ("program", (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!", b"dex\n")),
    ("rar", (b"Rar!\x1a\x07",)),
    ("archive", (b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"\x1f\x9d", b"BZh", b"\xfd7zXZ\0", b"MSCF")),
    ("archive", (b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"MSWIM\0\0\0", b"\x60\xea", b"LZIP")),
    ("zip", (b"PK\x07\x08",)),
    ("vector", (b"%!PS", b"\xd7\xcd\xc6\x9a", b"\xc5\xd0\xd3\xc6")),
    ("design", (b"8BPS", b"gimp xcf", b"\x06\x06\xed\xf5")),
    ("cad", (b"AC10", b"AC1.", b"AC2.", b"AutoCAD Binary DXF", b"(DWF V")),
    ("font", (b"\0\1\0\0\0", b"OTTO", b"true\0", b"ttcf", b"wOFF", b"wOF2")),
    ("data", (b"SQLite format 3\0", b"\0\1\0\0Standard ", b"!BDN", b"\xcf\xad\x12\xfe")),
    ("note", (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d",)),
    ("shortcut", (b"L\0\0\0\x01\x14\x02\0", b"book\0\0\0\0mark")),
    ("cnki", (b"CAJ\0", b"HN\0\0", b"HN\xc8\0", b"KDH ", b"TEB\0")),
    ("ebook", (b"AT&TFORM",)),
    ("word-processor", (b"HWP Document File", b"\xffWPC")),
    ("apple", (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")),
    ("mail-part", (b"\x78\x9f\x3e\x22",)),
    ("torrent", (b"d8:announce", b"d13:announce", b"d10:created", b"d4:info")),
)
"""Kinds to refuse, each with the bytes its files begin with. The first match counts."""

WITHIN: tuple[tuple[str, int, bytes], ...] = (
    ("archive", 257, b"ustar"),
    ("archive", 2, b"-lh"),
    ("archive", 7, b"**ACE**"),
    ("archive", 32769, b"CD001"),
    ("vector", 40, b" EMF"),
    ("ebook", 60, b"BOOKMOBI"),
)
"""The same for bytes at other offsets."""

PRINTER = (b"\x1b%-12345X", b"\x1bE", b") HP-PCL XL")
"""Data for a printer, which may contain a PDF."""

CLOUD_LIST = b"bplist00"
"""A binary property list: an iCloud placeholder, or a web address saved by Safari."""

RIFF_KINDS = {b"WAVE": "media", b"AVI ": "media", b"CDR": "design"}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # MS-OFFCRYPTO 1.3.2: the rest of such a file is a page that says it is protected.
    ("protected", ("\tDRMContent", "\tDRMViewerContent", "\tDRMDataSpace")),
    ("protected", ("DRMEncryptedDataSpace", "DRMEncryptedTransform")),
    ("office-encrypted", ("EncryptedPackage",)),
    ("mail", ("__properties_version1.0",)),
    ("visio", ("VisioDocument",)),
    ("publisher", ("Quill",)),
    ("word-processor", ("\x05HwpSummaryInformation", "MatOST")),
    ("office", ("WordDocument", "Workbook", "Book", "PowerPoint Document", "WpsContent")),
)
"""Streams of OLE compound files that identify their kind. The first match counts."""
OLE_INSTALLER = "000C1084-0000-0000-C000-000000000046"
"""The class id of .msi files, whose stream names are encoded."""

OFFICE_PARTS = ("word/", "xl/", "ppt/")
OFFICE_MIMES = (b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml")
OFD_MEMBER = re.compile(rb"PK\x03\x04.{26}[\\/]?(OFD\.xml|Doc_\d)", re.IGNORECASE | re.DOTALL)
"""The header of a member that every OFD has."""
ZIP_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ofd", re.compile(r"[\\/]?OFD\.xml", re.IGNORECASE)),
    ("xps", re.compile(r".+\.fdseq|FixedDocumentSequence.*", re.IGNORECASE)),
    (
        "iwork",
        re.compile(
            r"(.*/)?Index/.+\.iwa|(.*/)?Index\.zip|index\.apxl(\.gz)?|(.*/)?buildVersionHistory\.plist"
        ),
    ),
    ("visio", re.compile(r"visio/.+")),
    ("cad", re.compile(r".+\.w2d", re.IGNORECASE)),
    ("ebook", re.compile(r"META-INF/container\.xml")),
    ("program", re.compile(r"AndroidManifest\.xml|META-INF/MANIFEST\.MF|Payload/.+\.app/.*")),
)
"""Members of zip files that identify their kind. The first match counts."""
