"""Recognises files and folders that systems and programs leave behind, as opposed to documents.

They are recognised by name, and if the name is not conclusive, by the first bytes. The caller
passes a function to read these. In doubt a file counts as a document, or is reported.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto


class Nature(Enum):
    """The kind of a file or folder."""

    DOCUMENT = auto()
    LITTER = auto()
    """Left by a system or program, of no use: ignored."""
    NOT_DOWNLOADED = auto()
    """Placeholder of a file that is still in the cloud."""
    UNFINISHED = auto()
    """A partial download."""
    HIDDEN = auto()
    """Its name begins with a dot, and it may be a document."""
    TEMPORARY = auto()
    """A program's temporary or backup copy of what may be a document."""
    OPEN = auto()
    """An office program's lock file: the document beside it is open."""
    BUNDLE = auto()
    """A folder that its program shows as one document."""
    UNREADABLE = auto()
    """A folder that cannot be read."""
    SPECIAL = auto()
    """Not a file: a pipe, a socket or a device."""
    TOO_DEEP = auto()
    """A folder nested so deeply that not everything is read."""
    CROWDED = auto()
    """A folder with too many entries to be searched."""


@dataclass(frozen=True, slots=True)
class EntryVerdict:
    """The kind of an entry. `of` is the name of the file that it stands for, if any."""

    nature: Nature
    of: str = ""


DOCUMENT = EntryVerdict(Nature.DOCUMENT)
LITTER = EntryVerdict(Nature.LITTER)

Look = Callable[[], tuple[int, bytes]]
"""Returns the size of a file and its first bytes, at least 16 if it has as many."""

_SMALL = 1024
"""Maximum bytes of an office program's lock file (Word's has 162, Excel's 165)."""

_LITTER_FILES = re.compile(
    r"thumbs\.db(:.*)?|ehthumbs(_vista)?\.db|desktop\.ini|folder\.htt|iconcache\.db|"
    r"\.?picasa\.ini|icon[\r\uf00d]|\.ds_store|\.apdisk|\.localized|\.directory|\.hidden|"
    r"\.nomedia|\.volumeicon\.icns|\.metadata_never_index|\.com\.apple\..*|\.dropbox(\.attr)?|"
    r"\.?_?sync_[0-9a-f]+\.db(-shm|-wal)?|\.owncloudsync\.log|\.csync_journal\.db|\.stignore|"
    r"\.?sync\.ffs_(db|lock)|\.syncignore|\.gitignore|\.gitattributes|\.gitkeep|\.keep|"
    r"\.nfs[0-9a-f]+|\.fuse_hidden[0-9a-f]+|\.smbdelete\w+",
    re.IGNORECASE,
)
_LITTER_FOLDERS = re.compile(
    r"@eadir|#recycle|#snapshot|@recycle|@recently-snapshot|\.?@__thumb|\.@__\w+|\.@upload_cache|"
    r"\$recycle\.bin|recycler|recycled|system volume information|found\.\d{3}|lost\+found|"
    r"__macosx|\.trashe?s?|\.trash-\d+|\.spotlight-v100|\.fseventsd|\.temporaryitems|"
    r"\.documentrevisions-v100|\.apple(double|db|desktop)|network trash folder|temporary items|"
    r"\.dropbox(\.cache)?|\.sync|\.stfolder|\.stversions|\.owncloud|\.nutstore|\.seafile-data|"
    r"\.thumbnails|\.thumb|\.cache|\.git|\.svn|\.hg|\.bzr|\.idea|\.vscode|__pycache__",
    re.IGNORECASE,
)
_CLOUD = re.compile(r"\.?(?P<of>.+)\.(icloud|cloudf?|nextcloud|owncloud)", re.IGNORECASE)
_PARTIAL = re.compile(
    r"\.?(?:~syncthing~)?(?:\.?syncthing\.)?(?P<of>.+?)\."
    r"(baiduyun(\.p)?\.downloading|downloading|crdownload|opdownload|part|partial|filepart|"
    r"download|xltd|td(\.cfg)?|aria2|!ut|bc!|!sync|bts|idmdownload)",
    re.IGNORECASE,
)
_SAFARI = re.compile(r"(?P<of>.+\.\w+)\.download", re.IGNORECASE)
"""Safari keeps a partial download in a folder."""
_SYNCTHING = re.compile(r"(?:~syncthing~|\.syncthing\.)(?P<of>.+)\.tmp", re.IGNORECASE)
_LOCK = re.compile(r"~\$(?P<of>.+)|\.~lock\.(?P<lo>.+)#|\.~(?P<wps>.+)", re.DOTALL)
_APPLE_DOUBLE = re.compile(r"\._(?P<of>.+)", re.DOTALL)
_SCRATCH = re.compile(r"~wr[a-z]\d*\.\w+|~df\w*\.tmp|~\w+\.tmp|\..+\.sw[a-p]", re.IGNORECASE)
_BACKUP = re.compile(r".+(~|\.(tmp|temp|bak|wbk|xlk|asd|old|\$\$\$))", re.IGNORECASE)
_BUNDLES = re.compile(r".+\.(pages|numbers|key|rtfd)", re.IGNORECASE)
_WEB_PAGE = re.compile(r"(?P<page>.+?)[_.]files?", re.IGNORECASE)
_WEB_SUFFIXES = (".htm", ".html", ".xhtml", ".mht", ".mhtml")
_SETTINGS = re.compile(r"\.[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)
_PAPER_SUFFIXES = (
    *(".pdf", ".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".heic"),
    *(".heif", ".avif", ".jp2", ".doc", ".docx", ".docm", ".dot", ".dotx", ".wps", ".wpt", ".rtf"),
    *(".xls", ".xlsx", ".xlsm", ".xlsb", ".et", ".ett", ".ppt", ".pptx", ".dps", ".odt", ".ods"),
    *(".odp", ".ofd", ".zip", ".rar", ".7z", ".eml", ".msg", ".xps", ".oxps", ".txt", ".csv"),
)
_PAPER_STARTS = (
    *(b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"PK\x03\x04"),
    *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"RIFF"),
)
_APPLE_STARTS = (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")


def judge_file(name: str, beside: Collection[str], look: Look) -> EntryVerdict:
    """Judge a file by its name, the names `beside` it and, if needed, its first bytes."""
    if _LITTER_FILES.fullmatch(name):
        return LITTER
    if name.casefold() in ("icon", "icon_"):
        return LITTER if look()[0] == 0 else DOCUMENT
    if match := _LOCK.fullmatch(name):
        return _judge_lock(match["of"] or match["lo"] or match["wps"], beside, look)
    if match := _APPLE_DOUBLE.fullmatch(name):
        size, head = look()
        is_litter = size == 0 or head.startswith(_APPLE_STARTS)
        return LITTER if is_litter else EntryVerdict(Nature.HIDDEN, match["of"])
    if match := _CLOUD.fullmatch(name):
        is_stale = match["of"] in beside
        return EntryVerdict(Nature.TEMPORARY if is_stale else Nature.NOT_DOWNLOADED, match["of"])
    if match := _SYNCTHING.fullmatch(name) or _PARTIAL.fullmatch(name):
        is_stale = match["of"] in beside
        return EntryVerdict(Nature.TEMPORARY if is_stale else Nature.UNFINISHED, match["of"])
    return _judge_temporary(name, look)


def _judge_lock(of: str, beside: Collection[str], look: Look) -> EntryVerdict:
    """Judge a lock file; Word replaces the first two letters of a longer name by ~$."""
    size, head = look()
    if size > _SMALL or head.startswith(_PAPER_STARTS):
        return EntryVerdict(Nature.TEMPORARY, of)
    documents = (name for name in beside if not name.startswith(("~", ".")))
    locked = [name for name in documents if of in (name, name[1:], name[2:])]
    return EntryVerdict(Nature.OPEN, min(locked, key=len)) if locked else LITTER


def _judge_temporary(name: str, look: Look) -> EntryVerdict:
    if _SCRATCH.fullmatch(name):
        return (
            EntryVerdict(Nature.TEMPORARY, name) if look()[1].startswith(_PAPER_STARTS) else LITTER
        )
    if _BACKUP.fullmatch(name):
        return EntryVerdict(Nature.TEMPORARY, name) if look()[0] else LITTER
    if not name.startswith("."):
        return DOCUMENT
    is_setting = _SETTINGS.fullmatch(name) and not name.casefold().endswith(_PAPER_SUFFIXES)
    if is_setting and not look()[1].startswith(_PAPER_STARTS):
        return LITTER
    return EntryVerdict(Nature.HIDDEN, name.lstrip("."))


def judge_folder(name: str, beside: Collection[str]) -> EntryVerdict:
    """Judge a folder by its name and the names `beside` it. DOCUMENT is one to search."""
    if _LITTER_FOLDERS.fullmatch(name):
        return LITTER
    if match := _WEB_PAGE.fullmatch(name):
        pages = {match["page"] + suffix for suffix in _WEB_SUFFIXES}
        if not pages.isdisjoint(beside):
            return LITTER
    if match := _SAFARI.fullmatch(name):
        return EntryVerdict(Nature.UNFINISHED, match["of"])
    if _BUNDLES.fullmatch(name):
        return EntryVerdict(Nature.BUNDLE, name)
    return EntryVerdict(Nature.HIDDEN, name.lstrip(".")) if name.startswith(".") else DOCUMENT
