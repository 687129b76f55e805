"""Identifies text files: web pages, XML, mail, addresses, drawings, certificates."""

import codecs
import re

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html)\b", re.I | re.S
)
_HTML_PART = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:head|body|meta|title|table|div|style|script|p|br|font|center|span|h[1-6])"
    r"[\s>/]",
    re.I | re.S,
)
_MADE_BY_OFFICE = re.compile(r"urn:schemas-microsoft-com:office:(?:excel|word)|progid", re.I)
_TABLE = re.compile(r"<table\b", re.I)
_ACTIVE = re.compile(r"<(?:script|form|input|iframe|nav|button)\b", re.I)
_XML = re.compile(r"\s*(?:<\?xml\b|<(?:[\w\-]+:)?[A-Za-z_][\w.\-]*(?:\s|/?>))")
_ROOT = re.compile(r"<(?![?!])(?:(?P<prefix>[\w\-]+):)?(?P<root>[A-Za-z_][\w.\-]*)")
_OFFICE_XML = (
    "<?mso-application",
    "urn:schemas-microsoft-com:office:spreadsheet",
    "http://schemas.microsoft.com/office/word/2003/wordml",
    "http://schemas.microsoft.com/office/2006/xmlPackage",
    "urn:oasis:names:tc:opendocument",
)
_INVOICE = re.compile(r"invoice|发票|fp(?:dm|hm|kj|xx)|inv_|vat", re.I)
_HEADER = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_MAIL_HEADER = re.compile(
    r"^(?:mime-version|message-id|received|return-path|from|subject):", re.I | re.M
)
_OF_MAIL = re.compile(r"^(?:to|received|return-path|delivered-to|x-mailer):", re.I | re.M)
_ARCHIVED = re.compile(
    r"^content-type:\s*multipart/related|^snapshot-content-location:|^from:\s*\"?<?saved by",
    re.I | re.M,
)
_SHORTCUT = re.compile(
    r"\s*\[(?:InternetShortcut|Desktop Entry|DEFAULT\]\s*BASEURL|\{000214A0)"
    r"|\s*\{[^}]*\"(?:doc_id|url)\"\s*:\s*\"[^\"]*(?:docs\.google\.com|\w{20})",
    re.I,
)
_PEM = re.compile(r"\s*(?:Bag Attributes.*?)?-----BEGIN (?P<what>[A-Z0-9 ]+)-----", re.S)
_DXF = re.compile(r"\s*(?:999\s*\n[^\n]*\n)*\s*0\s*\r?\nSECTION\b")


def kind_of_text(head: bytes) -> str | None:
    """Return the kind of a file that begins with this text, or None if unknown."""
    text = _decoded(head)
    if _HTML.match(text) or _HTML_PART.match(text):
        return _kind_of_html(text)
    if _XML.match(text):
        return _kind_of_xml(text)
    if _SHORTCUT.match(text):
        return "shortcut"
    if match := _PEM.match(text):
        return "signed" if match["what"] in ("PKCS7", "CMS") else "key"
    if _DXF.match(text):
        return "cad"
    text = text.replace("\r\n", "\n").removeprefix("\n")
    if re.match(r"From \S+ [^\n]*\n", text):
        text = text.partition("\n")[2]
    if _HEADER.match(text) and _MAIL_HEADER.search(text):
        return "web-archive" if _ARCHIVED.search(text) and not _OF_MAIL.search(text) else "mail"
    return None


def is_table(head: bytes) -> bool:
    """Return whether text is columns of data: each line has as many tabs or commas as the first."""
    lines = [line for line in _decoded(head).splitlines()[:-1] if line.strip()][:20]
    return len(lines) > 1 and any(
        lines[0].count(mark) >= least
        and all(line.count(mark) == lines[0].count(mark) for line in lines)
        for mark, least in (("\t", 1), (",", 2))
    )


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head[1::2].count(0) > len(head) // 3:
        return head.decode("utf-16-le", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)  # its end may be truncated
    except UnicodeDecodeError:
        return head.decode("gb18030", "replace")


def _kind_of_html(text: str) -> str:
    """Tell web pages from exported tables, which are HTML but opened in Excel."""
    starts_as_table = re.match(r"\s*<table\b", text, re.I)
    is_table_only = _TABLE.search(text) and not _ACTIVE.search(text)
    if _MADE_BY_OFFICE.search(text) or starts_as_table or is_table_only:
        return "html-table"
    return "html"


def _kind_of_xml(text: str) -> str:
    if any(mark in text for mark in _OFFICE_XML):
        return "office"
    match = _ROOT.search(text)
    root = match["root"].lower() if match else ""
    if root == "svg":
        return "vector"
    if root == "plist":
        return "shortcut" if "<key>URL</key>" in text else "data"
    if root == "uof":
        return "word-processor"
    return "invoice" if _INVOICE.search(text) else "xml"
