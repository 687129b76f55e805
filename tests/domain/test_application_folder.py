"""The files of an application: found, named, and never from outside its folder."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import ExitCode, UsageFault
from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_folder
from sjs_forms.domain.folder.material_folders import material_folder
from sjs_forms.domain.folder.numbered_names import natural_key
from tests.samples import (
    Answers,
    codes,
    errors,
    is_chinese_sentence,
    minimal_answers,
    only,
    put,
    the_programme,
    write_application,
)

LEASE = "attachments/2-场地租赁合同"


def touch(path: Path) -> Path:
    """An empty file; what is in it is not this room's business."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def bare(folder: Path, answers: Answers | None = None) -> Path:
    """An application without attachments."""
    return write_application(folder, answers or minimal_answers())


def listing(*files: str, material: str = "lease") -> Answers:
    """Answers that list these files."""
    return put(
        minimal_answers(), "attachments", [{"material": material, "file": file} for file in files]
    )


def files(read: ApplicationFolder) -> list[str]:
    """The offered files as they are shown."""
    return [item.file for item in read.offered]


# The place given


def test_the_folder_and_its_json_file_are_the_same_application(minimal: Path) -> None:
    by_folder, by_file = read_folder(minimal), read_folder(minimal / "application.json")
    assert by_folder == by_file
    assert by_folder.application is not None
    assert by_folder.findings == ()


def test_the_json_file_may_have_another_name(minimal: Path) -> None:
    (minimal / "application.json").rename(minimal / "申报.json")
    assert len(read_folder(minimal / "申报.json").offered) == 7


def test_a_relative_place_is_as_good_as_an_absolute_one(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(minimal)
    for place in (Path(), Path("application.json"), Path("..") / minimal.name):
        read = read_folder(place)
        assert len(read.offered) == 7
        assert read.findings == ()


@pytest.mark.parametrize("place", ["nowhere", "nowhere/application.json", "空", "x.txt/y"])
def test_a_place_without_an_application_is_wrong_usage(tmp_path: Path, place: str) -> None:
    (tmp_path / "空").mkdir()
    touch(tmp_path / "x.txt")
    with pytest.raises(UsageFault) as refused:
        read_folder(tmp_path / place)
    assert refused.value.exit_code == ExitCode.USAGE
    assert "没有找到申报数据" in refused.value.message
    assert "sjs-forms new" in refused.value.remedy


def test_a_place_whose_name_no_disk_can_hold_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageFault):
        read_folder(tmp_path / ("字" * 300))


def test_an_application_json_that_is_a_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "application.json").mkdir()
    with pytest.raises(UsageFault):
        read_folder(tmp_path)


def test_answers_that_cannot_be_read_come_as_findings_only(tmp_path: Path) -> None:
    (tmp_path / "application.json").write_text("{", encoding="utf-8")
    read = read_folder(tmp_path)
    assert (read.application, read.programme, read.offered) == (None, None, ())
    assert codes(read.findings) == ["json-syntax"]


@pytest.mark.parametrize("programme", ["sjs-platform-1999", "../fonts", "fonts", ".", "/"])
def test_a_notice_that_is_not_installed_is_a_finding(tmp_path: Path, programme: str) -> None:
    read = read_folder(bare(tmp_path, put(minimal_answers(), "programme", programme)))
    found = only(read.findings, "unknown-programme")
    assert (found.severity, found.where) == ("error", "programme")
    assert the_programme().id in found.remedy


# Files found in the folders


def test_files_are_taken_from_the_numbered_folders_in_the_notices_order(minimal: Path) -> None:
    read = read_folder(minimal)
    assert [(item.material.id, item.title) for item in read.offered] == [
        ("lease", "发票2"),
        ("lease", "发票10"),
        ("lease", "租赁合同"),
        ("evidence", "认定文件"),
        ("licence", "营业执照"),
        ("financials", "2024年度审计报告"),
        ("bank-account", "基本存款账户信息"),
    ]
    for item in read.offered:
        assert item.where == item.file
        assert item.path == (minimal / item.file).resolve()
        assert (item.pages, item.rotate, item.password) == (None, 0, None)


def test_files_come_in_natural_order_of_their_names(tmp_path: Path) -> None:
    bare(tmp_path)
    for name in ("10.pdf", "9.pdf", "1-2.pdf", "1-10.pdf", "b.pdf", "A.pdf", "01/2.pdf"):
        touch(tmp_path / LEASE / name)
    assert files(read_folder(tmp_path)) == [
        f"{LEASE}/{name}"
        for name in ("1-2.pdf", "1-10.pdf", "01/2.pdf", "9.pdf", "10.pdf", "A.pdf", "b.pdf")
    ]


@pytest.mark.parametrize(
    ("folder", "material"),
    [
        ("1-申报书", "application-form"),
        ("2-场地租赁合同", "lease"),
        ("3-随便什么", "evidence"),
        ("04-营业执照", "licence"),
        ("5_财务", "financials"),
        ("6 开户", "bank-account"),
        ("7-承诺书", "commitment"),
        ("7、承诺书", "commitment"),
    ],
)
def test_the_number_before_a_folders_name_says_which_material_it_holds(
    tmp_path: Path, folder: str, material: str
) -> None:
    bare(tmp_path)
    touch(tmp_path / "attachments" / folder / "文件.pdf")
    (item,) = read_folder(tmp_path).offered
    assert item.material.id == material


def test_two_folders_with_one_number_are_both_taken(tmp_path: Path) -> None:
    bare(tmp_path)
    touch(tmp_path / "attachments/2-租赁合同/甲.pdf")
    touch(tmp_path / "attachments/2-发票/乙.pdf")
    read = read_folder(tmp_path)
    assert [item.title for item in read.offered] == ["乙", "甲"]
    assert read.findings == ()


def test_every_material_has_a_folder_of_its_own() -> None:
    programme = the_programme()
    folders = [material_folder(programme, material) for material in programme.materials]
    assert folders[1] == "attachments/2-场地租赁合同"
    assert len(set(folders)) == len(programme.materials)


def test_files_of_the_system_and_of_open_programs_are_ignored(tmp_path: Path) -> None:
    bare(tmp_path)
    for name in (
        ".DS_Store",
        "._合同.pdf",
        "Thumbs.db",
        "THUMBS.DB",
        "desktop.ini",
        "~$合同.docx",
        ".git/config",
    ):
        for folder in (tmp_path / LEASE, tmp_path / "attachments", tmp_path):
            touch(folder / name)
    read = read_folder(tmp_path)
    assert read.offered == ()
    assert read.findings == ()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("01-合同.pdf", "合同"),
        ("2. 合同.pdf", "合同"),
        ("3、合同.pdf", "合同"),
        ("12_合同.pdf", "合同"),
        ("2024年度审计报告.pdf", "2024年度审计报告"),
        ("2024-审计报告.pdf", "2024-审计报告"),
        ("01.pdf", "01"),
        ("01-.pdf", "01-"),
        ("发票.2025.pdf", "发票.2025"),
        ("没有后缀", "没有后缀"),
    ],
)
def test_a_title_is_the_file_name_without_suffix_and_leading_number(
    tmp_path: Path, name: str, title: str
) -> None:
    bare(tmp_path)
    touch(tmp_path / LEASE / name)
    (item,) = read_folder(tmp_path).offered
    assert item.title == title


def test_a_file_outside_every_numbered_folder_is_warned_of(tmp_path: Path) -> None:
    bare(tmp_path)
    strays = ["attachments/0-其他/a.pdf", "attachments/8-其他/a.pdf", "attachments/其他/a.pdf"]
    for name in [*strays, "attachments/散放.pdf", f"{LEASE}/合同.pdf", "不在附件里.pdf"]:
        touch(tmp_path / name)
    read = read_folder(tmp_path)
    assert files(read) == [f"{LEASE}/合同.pdf"]
    assert {(f.code, f.severity) for f in read.findings} == {("attachment-unlisted", "warning")}
    assert [found.where for found in read.findings] == [
        *strays,
        "attachments/散放.pdf",
        "不在附件里.pdf",
    ]
    assert all(found.where in found.message for found in read.findings)


def test_a_file_whose_name_has_a_backslash_is_the_file_that_is_there(tmp_path: Path) -> None:
    bare(tmp_path)
    try:
        there = touch(tmp_path / LEASE / "二\\三.pdf")
    except OSError:
        pytest.skip("this disk has no such names")
    (item,) = read_folder(tmp_path).offered
    assert item.path == there.resolve()


def test_a_file_name_that_is_no_utf8_is_read_without_a_crash(tmp_path: Path) -> None:
    bare(tmp_path)
    touch(tmp_path / LEASE / "x")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / LEASE) + b"/\xba\xba.pdf")).touch()
    except OSError:
        pytest.skip("this disk has no such names")
    assert len(read_folder(tmp_path).offered) == 2


# Files listed in the answers


def test_listed_files_come_as_written_with_everything_said_of_them(minimal: Path) -> None:
    answers = minimal_answers()
    answers["attachments"] = [
        {
            "material": "licence",
            "file": "attachments/4-营业执照/营业执照.pdf",
            "title": "执照",
            "pages": "1",
            "rotate": 90,
            "straighten": True,
            "password": "p",
        },
        {"material": "lease", "file": f"{LEASE}/发票10.pdf"},
        {"material": "lease", "file": f"{LEASE}/发票2.pdf", "title": None},
    ]
    read = read_folder(write_application(minimal, answers))
    first, second, third = read.offered
    assert (first.material.id, first.title, first.where) == ("licence", "执照", "attachments[0]")
    assert (first.pages, first.rotate, first.straighten, first.password) == ("1", 90, True, "p")
    assert (second.title, third.title) == ("发票10", "发票2")
    assert third.where == "attachments[2]"
    assert all(item.path == (minimal / item.file).resolve() for item in read.offered)


def test_files_that_are_not_listed_are_warned_of_each_by_name(minimal: Path) -> None:
    read = read_folder(write_application(minimal, listing(f"{LEASE}/租赁合同.pdf")))
    assert [found.where for found in read.findings] == [
        f"{LEASE}/发票2.pdf",
        f"{LEASE}/发票10.pdf",
        "attachments/3-证明材料/认定文件.pdf",
        "attachments/4-营业执照/营业执照.pdf",
        "attachments/5-财务材料/2024年度审计报告.pdf",
        "attachments/6-开户信息/基本存款账户信息.pdf",
    ]
    assert {(f.code, f.severity) for f in read.findings} == {("attachment-unlisted", "warning")}


def test_an_empty_list_lists_nothing(minimal: Path) -> None:
    read = read_folder(write_application(minimal, put(minimal_answers(), "attachments", [])))
    assert read.offered == ()
    assert codes(read.findings) == ["attachment-unlisted"] * 7


@pytest.mark.parametrize(
    "written",
    [
        f"{LEASE}/租赁合同.pdf",
        f"./{LEASE}/./租赁合同.pdf",
        "attachments\\2-场地租赁合同\\租赁合同.pdf",
        "attachments//2-场地租赁合同//租赁合同.pdf",
    ],
)
def test_a_path_may_be_written_as_windows_writes_it(minimal: Path, written: str) -> None:
    (item,) = read_folder(write_application(minimal, listing(written))).offered
    assert item.path == (minimal / LEASE / "租赁合同.pdf").resolve()
    assert item.file == written
    assert item.title == "租赁合同"


@pytest.mark.parametrize(
    ("on_disk", "written"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFC", "NFC"), ("NFD", "NFD")]
)
def test_a_name_is_found_however_its_accents_are_composed(
    tmp_path: Path, on_disk: str, written: str
) -> None:
    name = "Ünïcode-ガ/Résumé-Ünïcode-ガ.pdf"
    there = touch(tmp_path / "attachments" / unicodedata.normalize(on_disk, name))  # type: ignore[arg-type]
    asked = "attachments/" + unicodedata.normalize(written, name)  # type: ignore[arg-type]
    read = read_folder(bare(tmp_path, listing(asked)))
    assert read.findings == ()
    assert [item.path for item in read.offered] == [there.resolve()]


def missing(minimal: Path, written: str) -> Finding:
    """The finding about a listed file that is not there."""
    read = read_folder(write_application(minimal, listing(written)))
    (item,) = read.offered
    assert item.path is None
    found = only(read.findings, "attachment-missing")
    assert (found.severity, found.where) == ("error", "attachments[0].file")
    assert found.label == "附件1文件"
    assert written in found.message
    assert errors(read.findings) == ["attachment-missing"]
    return found


@pytest.mark.parametrize(
    ("written", "near"),
    [
        (f"{LEASE}/租赁合同.PDF", "租赁合同.pdf"),
        (f"{LEASE}/租赁合同.jpg", "租赁合同.pdf"),
        (f"{LEASE}/租凭合同.pdf", "租赁合同.pdf"),
        (f"{LEASE}/租赁合同", "租赁合同.pdf"),
        (f"{LEASE}/发票3.pdf", "发票2.pdf"),
    ],
)
def test_a_missing_file_is_answered_with_the_nearest_name(
    minimal: Path, written: str, near: str
) -> None:
    if (minimal / written).exists():
        pytest.skip("this disk does not tell case apart")
    assert f"有“{near}”，是否是它？" in missing(minimal, written).remedy


def test_a_missing_file_that_is_near_none_is_answered_with_what_to_look_at(minimal: Path) -> None:
    assert "请检查路径和文件名" in missing(minimal, f"{LEASE}/zzz.tiff").remedy


def test_a_missing_folder_is_named(minimal: Path) -> None:
    assert "文件夹“2-租赁”" in missing(minimal, "attachments/2-租赁/租赁合同.pdf").remedy


@pytest.mark.parametrize(
    "written",
    [LEASE, "attachments", ".", "./", "application.json/x", "\x00", "a\x00b.pdf", "a\x00/b.pdf"],
)
def test_what_is_no_file_is_missing(minimal: Path, written: str) -> None:
    assert is_chinese_sentence(missing(minimal, written).remedy)


@pytest.mark.parametrize("written", ["长" * 190, "a/" * 99 + "b"])
def test_a_name_longer_than_a_disk_allows_is_missing(minimal: Path, written: str) -> None:
    assert missing(minimal, written).code == "attachment-missing"


def test_advice_about_the_folder_itself_names_no_neighbour_of_it(minimal: Path) -> None:
    touch(minimal.with_name(minimal.name + "2"))
    assert minimal.name not in missing(minimal, ".").remedy


def test_an_unknown_material_is_answered_with_the_nearest(minimal: Path) -> None:
    answers = listing(f"{LEASE}/租赁合同.pdf", material="leese")
    found = only(read_folder(write_application(minimal, answers)).findings, "unknown-material")
    assert (found.severity, found.where) == ("error", "attachments[0].material")
    assert found.label == "附件1所属材料"
    assert "“leese”" in found.message
    assert found.remedy.startswith("是否想写 lease？")


def test_a_material_near_none_is_answered_with_all_seven(minimal: Path) -> None:
    answers = listing(f"{LEASE}/租赁合同.pdf", material="合同")
    found = only(read_folder(write_application(minimal, answers)).findings, "unknown-material")
    assert found.remedy == (
        "可用的有：application-form、lease、evidence、licence、financials、bank-account、"
        "commitment。"
    )


def test_more_attachments_than_the_notice_bears_are_refused_in_one_finding(
    minimal: Path,
) -> None:
    limit = the_programme().intake.max_attachments
    answers = listing(*[f"{LEASE}/租赁合同.pdf"] * (limit + 1))
    read = read_folder(write_application(minimal, answers))
    assert read.offered == ()
    (found,) = read.findings
    assert (found.code, found.severity) == ("attachment-too-many", "error")
    assert f"{limit + 1} 个，超过 {limit} 个" in found.message
    answers = listing(*[f"{LEASE}/租赁合同.pdf"] * limit)
    assert len(read_folder(write_application(minimal, answers)).offered) == limit


def test_more_files_in_the_folders_than_the_notice_bears_are_refused_in_one_finding(
    tmp_path: Path,
) -> None:
    bare(tmp_path)
    for number in range(the_programme().intake.max_attachments + 1):
        touch(tmp_path / LEASE / f"{number}.pdf")
    read = read_folder(tmp_path)
    assert (read.offered, codes(read.findings)) == ((), ["attachment-too-many"])


# Nothing outside the folder


@pytest.mark.parametrize(
    "written",
    [
        "/根/x.pdf",
        "//server/share/x.pdf",
        "\\\\server\\share\\x.pdf",
        "\\x.pdf",
        "C:\\x.pdf",
        "c:/x.pdf",
        "C:x.pdf",
        "..",
        "../x.pdf",
        "..\\x.pdf",
        "attachments/../../x.pdf",
        "attachments/../application.json",
        "attachments/..",
        "\\\\?\\C:\\x.pdf",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused_and_named(minimal: Path, written: str) -> None:
    touch(minimal.parent / "x.pdf")
    read = read_folder(write_application(minimal, listing(written)))
    found = only(read.findings, "attachment-outside")
    assert (found.severity, found.where, found.label) == (
        "error",
        "attachments[0].file",
        "附件1文件",
    )
    assert written in found.message
    assert [item.path for item in read.offered] == [None]


def test_a_link_that_leads_out_is_refused(minimal: Path) -> None:
    outside = touch(minimal.parent / "外面" / "秘密.pdf")
    (minimal / LEASE / "链接.pdf").symlink_to(outside)
    (minimal / "attachments" / "文件夹").symlink_to(outside.parent)
    answers = listing(f"{LEASE}/链接.pdf", "attachments/文件夹/秘密.pdf", "attachments/文件夹")
    read = read_folder(write_application(minimal, answers))
    assert errors(read.findings) == ["attachment-outside"] * 3
    assert [item.path for item in read.offered] == [None] * 3


def test_a_link_to_a_file_within_the_folder_is_that_file(minimal: Path) -> None:
    (minimal / "attachments/链接.pdf").symlink_to(minimal / LEASE / "租赁合同.pdf")
    read = read_folder(write_application(minimal, listing("attachments/链接.pdf")))
    assert read.offered[0].path == (minimal / LEASE / "租赁合同.pdf").resolve()
    assert errors(read.findings) == []


def test_a_found_link_that_leads_out_is_refused_under_its_own_name(minimal: Path) -> None:
    (minimal / LEASE / "链接.pdf").symlink_to(touch(minimal.parent / "秘密.pdf"))
    read = read_folder(minimal)
    found = only(read.findings, "attachment-outside")
    assert found.where == f"{LEASE}/链接.pdf"
    assert found.label == "附件"
    assert len(read.offered) == 8
    assert [item.file for item in read.offered if item.path is None] == [f"{LEASE}/链接.pdf"]


def test_a_numbered_folder_that_is_a_link_out_is_not_walked_but_named(minimal: Path) -> None:
    touch(minimal.parent / "外面" / "秘密.pdf")
    (minimal / "attachments/2-更多").symlink_to(minimal.parent / "外面")
    read = read_folder(minimal)
    assert len([item for item in read.offered if item.path]) == 7
    assert not any("秘密" in found.message for found in read.findings)
    assert any("2-更多" in found.message for found in read.findings)


@pytest.mark.parametrize("aim", ["../..", "../5-财务材料"])
def test_a_linked_folder_is_not_walked_but_named(minimal: Path, aim: str) -> None:
    (minimal / LEASE / "链接").symlink_to(aim)
    read = read_folder(minimal)
    assert len([item for item in read.offered if item.path]) == 7
    assert any("链接" in found.message for found in read.findings)


@pytest.mark.parametrize("listed", [False, True])
def test_a_link_that_leads_to_itself_or_nowhere_is_missing(minimal: Path, listed: bool) -> None:
    names = ["环.pdf", "断.pdf"]
    (minimal / LEASE / "环.pdf").symlink_to("环.pdf")
    (minimal / LEASE / "断.pdf").symlink_to("nowhere.pdf")
    if listed:
        write_application(minimal, listing(*(f"{LEASE}/{name}" for name in names)))
    read = read_folder(minimal)
    assert errors(read.findings) == ["attachment-missing"] * 2
    assert [item.path for item in read.offered if Path(item.file).name in names] == [None, None]


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application beside files that are nobody's business, with links that lead to them."""
    folder = tmp_path_factory.mktemp("trap") / "单位"
    secret = touch(folder.parent / "secret" / "x.pdf")
    touch(folder.parent / "x.pdf")
    touch(folder.parent / "secret" / "别人的x.pdf")
    touch(folder.parent / "别人单位")
    touch(folder / "attachments" / "x.pdf")
    touch(folder / "attachments" / "..." / "x.pdf")
    (folder / "attachments/out").symlink_to(secret.parent)
    (folder / "attachments/out.pdf").symlink_to(secret)
    (folder / "attachments/up").symlink_to("../..")
    (folder / "attachments/loop").symlink_to("loop")
    (folder / "attachments/self").symlink_to(".")
    return folder


steps = st.sampled_from(
    [
        *("", ".", "..", "...", "attachments", "x.pdf", "out", "out.pdf", "up", "loop", "self"),
        *("secret", "单位", "C:", "C:x.pdf", "~", "$HOME", "%2e%2e", "．．", "\x00", "a\x00", " "),
        *("\u202e", "字" * 100, "*", "?", "|", "..;", "%00", "é", "e\u0301"),
    ]
)
separators = st.sampled_from(["/", "\\", "//", "\\\\", "/./", "/../"])
nasty = st.lists(st.tuples(separators | st.just(""), steps), max_size=7).map(
    lambda pieces: "".join(text for piece in pieces for text in piece)
)


@given(st.lists(nasty | st.text(max_size=40), min_size=1, max_size=4))
def test_whatever_path_is_written_nothing_outside_the_folder_is_returned(
    trap: Path, written: list[str]
) -> None:
    written = [path.encode("utf-8", "ignore").decode()[:200] for path in written]
    read = read_folder(write_application(trap, listing(*written)))
    unusable = 0
    for item in read.offered:
        if item.path is None:
            unusable += 1
        else:
            assert item.path == item.path.resolve()
            assert item.path.is_relative_to(trap.resolve())
            assert item.path.is_file()
    assert len(errors(read.findings)) == unusable
    assert set(errors(read.findings)) <= {"attachment-outside", "attachment-missing"}
    assert not any("别人" in found.remedy for found in read.findings)


# Natural order


@given(st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1), st.text(max_size=5))
def test_numbers_in_names_are_ordered_as_numbers(one: int, other: int, before: str) -> None:
    before = before.rstrip("0123456789")
    in_order = natural_key(f"{before}{one}.pdf") < natural_key(f"{before}{other}.pdf")
    assert in_order == (one < other)


@given(st.lists(st.text(max_size=12) | st.text("01aA", max_size=3), max_size=8))
def test_any_names_can_be_put_in_order_and_the_order_does_not_depend_on_where_they_start(
    names: list[str],
) -> None:
    backwards = names[::-1]
    ordered = sorted(names, key=natural_key)
    assert sorted(backwards, key=natural_key) == ordered
    assert sorted(ordered) == sorted(names)


@pytest.mark.parametrize(
    ("one", "other"), [("发票1.pdf", "发票01.pdf"), ("A.pdf", "a.pdf"), ("1-01.pdf", "01-1.pdf")]
)
def test_names_that_differ_have_an_order_of_their_own(one: str, other: str) -> None:
    assert natural_key(one) != natural_key(other)


@pytest.mark.parametrize(
    "names",
    [
        ["2", "10"],
        ["发票2", "发票10"],
        ["1-2", "1-10", "2-1"],
        ["a", "a1", "a2", "a10", "a10b"],
        ["1", "a", "一"],
        ["2024年", "2025年1月", "2025年10月"],
    ],
)
def test_names_come_as_a_person_would_put_them(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == names
