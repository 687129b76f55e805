"""What is no paper is passed over; what may be one never is."""

import pytest

from sjs_forms.domain.folder.clutter import EntryVerdict, Nature, judge_file, judge_folder

PDF = b"%PDF-1.7\n" + bytes(20)
WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)


def judged(
    name: str, data: bytes = b"x", *, beside: tuple[str, ...] = (), size: int | None = None
) -> EntryVerdict:
    """The verdict on a file of this content."""
    length = len(data) if size is None else size
    return judge_file(name, {name, *beside}, lambda: (length, data[:256]))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Thumbs.db",
            "THUMBS.DB",
            "ehthumbs.db",
            "desktop.ini",
            "Icon\r",
            ".DS_Store",
            ".localized",
        ),
        *(".directory", ".dropbox", ".nfs0000001", ".gitignore", ".picasa.ini", ".sync_0a1b.db"),
        *(".bashrc", ".project", ".htaccess", "~WRL0003.tmp", "~DF12AB.tmp", ".合同.docx.swp"),
    ],
)
def test_litter_is_passed_over(name: str) -> None:
    assert judged(name).nature is Nature.LITTER


@pytest.mark.parametrize(
    "name",
    [
        "合同.pdf",
        "2-合同.pdf",
        "合同",
        "合同.lnk",
        "Icon",
        "~合同.docx",
        "合同.part1.rar",
        "thumbs.pdf",
    ],
)
def test_papers_are_taken(name: str) -> None:
    assert judged(name).nature is Nature.DOCUMENT


@pytest.mark.parametrize("name", ["Icon", "Icon_"])
def test_an_empty_icon_of_a_folder_is_litter(name: str) -> None:
    assert judged(name, b"").nature is Nature.LITTER


def test_a_resource_fork_is_litter_by_its_content_only() -> None:
    assert judged("._合同.pdf", b"\0\5\x16\7" + bytes(90)).nature is Nature.LITTER
    assert judged("._合同.pdf", b"").nature is Nature.LITTER
    assert judged("._合同.pdf", PDF) == EntryVerdict(Nature.HIDDEN, "合同.pdf")


@pytest.mark.parametrize(
    ("name", "of"),
    [
        (".补充协议.pdf.icloud", "补充协议.pdf"),
        ("补充协议.pdf.icloud", "补充协议.pdf"),
        ("补充协议.pdf.cloud", "补充协议.pdf"),
        ("材料.cloudf", "材料"),
        ("补充协议.pdf.nextcloud", "补充协议.pdf"),
    ],
)
def test_a_placeholder_of_a_cloud_names_the_file_that_is_missing(name: str, of: str) -> None:
    assert judged(name, b"") == EntryVerdict(Nature.NOT_DOWNLOADED, of)
    assert judged(name, b"bplist00") == EntryVerdict(Nature.NOT_DOWNLOADED, of)
    assert judged(name, beside=(of,)).nature is Nature.TEMPORARY


@pytest.mark.parametrize(
    "suffix",
    [
        *(
            "baiduyun.p.downloading",
            "crdownload",
            "part",
            "download",
            "xltd",
            "td",
            "aria2",
            "partial",
        ),
        *("opdownload", "filepart", "!ut", "td.cfg"),
    ],
)
def test_an_unfinished_download_names_what_is_on_its_way(suffix: str) -> None:
    assert judged(f"合同.pdf.{suffix}", PDF) == EntryVerdict(Nature.UNFINISHED, "合同.pdf")
    assert judged(f"合同.pdf.{suffix}", beside=("合同.pdf",)).nature is Nature.TEMPORARY


@pytest.mark.parametrize(
    ("name", "of"),
    [
        (".合作协议.pdf", "合作协议.pdf"),
        (".contract.pdf", "contract.pdf"),
        ("..扫描.jpg", "扫描.jpg"),
    ],
)
@pytest.mark.parametrize("data", [b"", PDF])
def test_a_name_with_a_dot_that_may_be_a_paper_is_hidden(name: str, of: str, data: bytes) -> None:
    assert judged(name, data) == EntryVerdict(Nature.HIDDEN, of)


def test_a_paper_under_the_name_of_a_setting_is_hidden_and_not_passed_over() -> None:
    assert judged(".contract", PDF).nature is Nature.HIDDEN


@pytest.mark.parametrize(
    ("name", "locked"),
    [
        ("~$合同.docx", "合同.docx"),
        ("~$赁合同书.docx", "租赁合同书.docx"),
        ("~$24房屋租赁合同.docx", "2024房屋租赁合同.docx"),
        (".~合同.docx", "合同.docx"),
        (".~lock.合同.docx#", "合同.docx"),
    ],
)
def test_a_lock_file_tells_that_a_document_beside_it_is_open(name: str, locked: str) -> None:
    owner = b"\x04user" + bytes(157)
    assert judged(name, owner, beside=(locked,)) == EntryVerdict(Nature.OPEN, locked)
    assert judged(name, owner).nature is Nature.LITTER


@pytest.mark.parametrize("name", ["~$合同.docx", ".~合同.docx"])
def test_a_document_under_the_name_of_a_lock_file_is_not_passed_over(name: str) -> None:
    assert judged(name, WORD, size=40_000).nature is Nature.TEMPORARY
    assert judged(name, b"PK\x03\x04").nature is Nature.TEMPORARY


@pytest.mark.parametrize(
    "name", ["~WRL0003.tmp", "~WRD0000.tmp", "合同.tmp", "合同.docx~", "合同.wbk"]
)
def test_a_temporary_file_that_holds_a_document_is_named(name: str) -> None:
    assert judged(name, WORD).nature is Nature.TEMPORARY


@pytest.mark.parametrize("name", ["合同.tmp", "合同.bak", "~WRL0003.tmp"])
def test_an_empty_temporary_file_is_litter(name: str) -> None:
    assert judged(name, b"").nature is Nature.LITTER


@pytest.mark.parametrize(
    "name",
    [
        *(
            "@eaDir",
            "#recycle",
            ".@__thumb",
            "$RECYCLE.BIN",
            "System Volume Information",
            "__MACOSX",
        ),
        *(".Trash", ".Trashes", ".Trash-1000", "lost+found", ".git", ".svn", ".idea", ".sync"),
        *(
            "@Recycle",
            "#snapshot",
            ".Spotlight-V100",
            ".fseventsd",
            ".stversions",
            ".dropbox.cache",
        ),
    ],
)
def test_folders_of_systems_are_litter(name: str) -> None:
    assert judge_folder(name, {name}).nature is Nature.LITTER


@pytest.mark.parametrize(
    ("name", "nature"),
    [
        ("2-场地租赁合同", Nature.DOCUMENT),
        ("合同.part", Nature.DOCUMENT),
        (".合同", Nature.HIDDEN),
        ("合同.pdf.download", Nature.UNFINISHED),
        ("合同.pages", Nature.BUNDLE),
        ("合同.rtfd", Nature.BUNDLE),
        ("合同_files", Nature.DOCUMENT),
    ],
)
def test_other_folders_are_looked_into_or_named(name: str, nature: Nature) -> None:
    assert judge_folder(name, {name}).nature is nature


@pytest.mark.parametrize(
    ("name", "page"),
    [("合同_files", "合同.html"), ("合同.files", "合同.htm"), ("合同_file", "合同.mht")],
)
def test_what_belongs_to_a_saved_web_page_is_left_to_the_page(name: str, page: str) -> None:
    assert judge_folder(name, {name, page}).nature is Nature.LITTER
