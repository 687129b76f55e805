"""The output folder appears whole or not at all, and takes nothing with it that is not ours."""

import errno
import json
import os
import stat
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from sjs_forms.base.errors import ExitCode, OutputUnwritable
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.files.stable_bytes import fix_zip, json_bytes
from sjs_forms.base.output.output_folder import (
    put_file,
    put_outputs,
    refuse_foreign,
    swap_folder,
    work_folder,
)


def publish(target: Path, files: dict[str, str]) -> None:
    """What a build does: write aside, with a manifest, and swap."""
    with work_folder(target) as work:
        for name, text in files.items():
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_text(text, encoding="utf-8")
        (work / "manifest.json").write_bytes(json_bytes(manifest_of(work)))
        swap_folder(work, target)


def manifest_of(folder: Path) -> dict[str, Any]:
    """A manifest that lists every file below a folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        "tool": {"name": "sjs-forms", "version": "0"},
        "files": [
            {
                "file": path.relative_to(folder).as_posix(),
                "sha256": digest(path),
                "bytes": path.stat().st_size,
            }
            for path in files
        ],
    }


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too, with its text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the output goes."""
    return tmp_path / "成册"


# Whole or not at all


def test_a_finished_folder_stands_alone_where_it_was_asked_for(target: Path) -> None:
    publish(target, {"装订版.pdf": "一"})
    assert names(target) == ["manifest.json", "装订版.pdf"]
    assert names(target.parent) == ["成册"]


def test_a_new_folder_replaces_the_earlier_one_entirely(target: Path) -> None:
    publish(target, {"装订版.pdf": "一", "只在旧的.pdf": "一"})
    publish(target, {"装订版.pdf": "二"})
    assert names(target) == ["manifest.json", "装订版.pdf"]
    assert (target / "装订版.pdf").read_text(encoding="utf-8") == "二"
    assert names(target.parent) == ["成册"]


def test_missing_parents_are_made(target: Path) -> None:
    publish(target / "甲" / "乙", {"x": "一"})
    assert names(target / "甲" / "乙") == ["manifest.json", "x"]


def test_an_empty_folder_may_be_built_into(target: Path) -> None:
    target.mkdir()
    publish(target, {"x": "一"})
    assert names(target) == ["manifest.json", "x"]


def test_others_may_look_into_the_folder(target: Path) -> None:
    publish(target, {"x": "一"})
    assert stat.S_IMODE(target.stat().st_mode) & 0o055 == 0o055


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, OSError, SystemExit])
def test_whatever_goes_wrong_the_earlier_folder_is_as_it_was_and_nothing_is_left_behind(
    target: Path, failure: type[BaseException]
) -> None:
    publish(target, {"装订版.pdf": "一"})
    before = contents(target)
    with pytest.raises(failure), work_folder(target) as work:
        (work / "装订版.pdf").write_text("半", encoding="utf-8")
        raise failure("x")
    assert contents(target) == before
    assert names(target.parent) == ["成册"]


def test_a_failure_before_anything_was_there_leaves_nothing(target: Path) -> None:
    with pytest.raises(RuntimeError), work_folder(target) as work:
        (work / "x").write_text("半", encoding="utf-8")
        raise RuntimeError
    assert names(target.parent) == []


def test_the_work_folder_lies_beside_its_target_hidden_and_empty(target: Path) -> None:
    with work_folder(target) as work:
        assert work.parent.parent == target.parent
        assert work.parent.name.startswith(".")
        assert names(work) == []
    assert not work.parent.exists()


def test_two_builds_at_once_do_not_share_a_work_folder(target: Path) -> None:
    with work_folder(target) as one, work_folder(target) as other:
        assert one != other


@pytest.mark.parametrize("failing", [1, 2])
def test_a_swap_that_fails_halfway_puts_the_earlier_folder_back(
    target: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(target, {"装订版.pdf": "一"})
    before = contents(target)
    really, calls = Path.replace, 0

    def rename(self: Path, aim: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return really(self, aim)

    monkeypatch.setattr("sjs_forms.base.output.output_folder.exchange", lambda *_: False)
    monkeypatch.setattr(Path, "replace", rename)
    with pytest.raises(OutputUnwritable) as refused:
        publish(target, {"装订版.pdf": "二"})
    assert calls >= failing
    assert refused.value.exit_code == ExitCode.OUTPUT
    assert contents(target) == before
    assert names(target.parent) == ["成册"]


def test_a_target_that_is_a_link_to_a_folder_leaves_nothing_behind(target: Path) -> None:
    real = target.parent / "真的"
    publish(real, {"x": "一"})
    target.symlink_to(real)
    publish(target, {"x": "二"})
    assert (target / "x").read_text(encoding="utf-8") == "二"
    assert names(target.parent) == ["成册", "真的"]


# Nothing that is not ours


@pytest.mark.parametrize("name", ["论文.docx", ".hidden", "attachments"])
def test_a_folder_with_something_foreign_is_refused_by_name(target: Path, name: str) -> None:
    publish(target, {"x": "一"})
    (target / name).mkdir() if name == "attachments" else (target / name).touch()
    before = names(target)
    with pytest.raises(OutputUnwritable) as refused:
        refuse_foreign(target)
    assert refused.value.exit_code == ExitCode.OUTPUT
    assert name in refused.value.message
    assert "-o" in refused.value.remedy
    with pytest.raises(OutputUnwritable):
        publish(target, {"x": "二"})
    assert names(target) == before
    assert (target / "x").read_text(encoding="utf-8") == "一"
    assert names(target.parent) == ["成册"]


@pytest.mark.parametrize("name", ["第一册/笔记.txt", "第一册/新夹/笔记.txt", "第三册/装订版.pdf"])
def test_what_was_put_deep_into_an_earlier_output_is_asked_about(target: Path, name: str) -> None:
    publish(target, {"第一册/装订版.pdf": "一", "x": "一"})
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    (target / name).write_text("笔记", encoding="utf-8")
    with pytest.raises(OutputUnwritable, match=name.partition("/")[0]):
        publish(target, {"x": "二"})
    assert (target / name).read_text(encoding="utf-8") == "笔记"
    assert (target / "x").read_text(encoding="utf-8") == "一"


def test_an_output_that_was_changed_since_is_asked_about(target: Path) -> None:
    publish(target, {"附4-1_申报书.docx": "一"})
    (target / "附4-1_申报书.docx").write_text("改", encoding="utf-8")
    with pytest.raises(OutputUnwritable, match="附4-1_申报书"):
        publish(target, {"x": "二"})
    assert (target / "附4-1_申报书.docx").read_text(encoding="utf-8") == "改"


def test_a_manifest_that_names_another_programs_files_vouches_for_none(target: Path) -> None:
    target.mkdir()
    (target / "application.json").write_text("{}", encoding="utf-8")
    entry = {"file": "application.json", "sha256": "0" * 64, "bytes": 2}
    for tool in ({"name": "sjs-forms"}, {"name": "别的"}):
        manifest = {"tool": tool, "files": [entry]}
        (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        with pytest.raises(OutputUnwritable, match="application"):
            publish(target, {"x": "一"})
    assert (target / "application.json").read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("name", ["lost+found", "System Volume Information", "$RECYCLE.BIN"])
def test_a_folder_that_the_system_puts_on_every_disk_is_kept(target: Path, name: str) -> None:
    (target / name).mkdir(parents=True)
    publish(target, {"x": "一"})
    publish(target, {"x": "二"})
    assert (target / name).is_dir() and contents(target)["x"] == "二"


def test_files_are_not_written_into_a_file(target: Path) -> None:
    target.write_text("我的", encoding="utf-8")
    with pytest.raises(OutputUnwritable, match="是一个文件，不是文件夹"):
        put_outputs([("x.docx", b"x")], target)
    assert target.read_text(encoding="utf-8") == "我的"


def test_what_the_system_puts_into_a_folder_is_carried_over(target: Path) -> None:
    publish(target, {"x": "一"})
    (target / ".DS_Store").write_text("系统", encoding="utf-8")
    publish(target, {"x": "二"})
    assert contents(target).items() >= {".DS_Store": "系统", "x": "二"}.items()


def test_a_folder_in_which_somebody_stands_stays_the_same_folder(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(target, {"x": "一", "第一册/y": "一"})
    (target / "Thumbs.db").write_text("系统", encoding="utf-8")
    monkeypatch.chdir(target)
    before = target.stat().st_ino
    publish(Path(), {"x": "二"})
    assert target.stat().st_ino == before
    assert contents(Path.cwd()).keys() == {"Thumbs.db", "manifest.json", "x"}
    assert names(target.parent) == ["成册"]


def test_many_foreign_files_are_not_all_named(target: Path) -> None:
    target.mkdir()
    for name in "abcde":
        (target / name).touch()
    with pytest.raises(OutputUnwritable, match="a、b、c 等"):
        refuse_foreign(target)


@pytest.mark.parametrize(
    "manifest",
    ["", "{", "[]", "5", "null", "{}", '{"files": 5}', '{"files": [5]}', '{"files": [{}]}', "\x00"],
)
def test_a_manifest_of_another_make_vouches_for_nothing(target: Path, manifest: str) -> None:
    target.mkdir()
    (target / "manifest.json").write_text(manifest, encoding="utf-8")
    (target / "x").touch()
    with pytest.raises(OutputUnwritable):
        refuse_foreign(target)
    assert names(target) == ["manifest.json", "x"]


def test_a_manifest_nested_too_deep_vouches_for_nothing(target: Path) -> None:
    target.mkdir()
    (target / "manifest.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(OutputUnwritable):
        refuse_foreign(target)


def test_an_application_is_never_taken_for_an_earlier_output(minimal: Path) -> None:
    with pytest.raises(OutputUnwritable):
        refuse_foreign(minimal)


def test_a_folder_that_is_missing_empty_or_ours_is_accepted(target: Path) -> None:
    refuse_foreign(target)
    target.mkdir()
    refuse_foreign(target)
    target.rmdir()
    publish(target, {"x": "一"})
    refuse_foreign(target)
    assert names(target) == ["manifest.json", "x"]


def test_a_file_is_no_output_folder(target: Path) -> None:
    target.write_text("重要", encoding="utf-8")
    with pytest.raises(OutputUnwritable, match="是一个文件"):
        refuse_foreign(target)
    with pytest.raises(OutputUnwritable):
        publish(target, {"x": "一"})
    with pytest.raises(OutputUnwritable):
        put_outputs([("x", b"1")], target)
    assert target.read_text(encoding="utf-8") == "重要"
    assert names(target.parent) == ["成册"]


# What cannot be written


@pytest.mark.parametrize("name", ["文件/成册", "文件/甲/乙", "字" * 300, "文件/" + "字" * 300])
def test_a_place_where_nothing_can_be_written_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "文件").touch()
    attempts: list[Callable[[], None]] = [
        lambda: publish(tmp_path / name, {"x": "一"}),
        lambda: put_outputs([("x", b"1")], tmp_path / name),
    ]
    for attempt in attempts:
        with pytest.raises(OutputUnwritable) as refused:
            attempt()
        assert refused.value.exit_code == ExitCode.OUTPUT
        assert refused.value.message.startswith("无法写入")
        assert refused.value.remedy
    assert names(tmp_path) == ["文件"]


def test_a_place_that_cannot_even_be_looked_at_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="无法写入"):
        refuse_foreign(tmp_path / ("字" * 300))


def test_a_file_in_the_work_folder_that_cannot_be_written_is_the_outputs_fault(
    target: Path,
) -> None:
    with pytest.raises(OutputUnwritable), work_folder(target) as work:
        (work / "没有的文件夹" / "x").write_text("一", encoding="utf-8")
    assert names(target.parent) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such bound there")
def test_a_full_disk_is_the_outputs_fault(target: Path) -> None:
    import resource
    import signal

    bounds = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, bounds[1]))
    try:
        with pytest.raises(OutputUnwritable) as refused, work_folder(target) as work:
            (work / "装订版.pdf").write_bytes(b"\0" * (1 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, bounds)
        signal.signal(signal.SIGXFSZ, ignored)
    assert refused.value.exit_code == ExitCode.OUTPUT
    assert names(target.parent) == []


def test_an_error_about_a_file_elsewhere_is_not_blamed_on_the_output(
    target: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError), work_folder(target):
        (tmp_path / "附件.pdf").read_bytes()


# Files put beside others


def stored_docx(text: str) -> bytes:
    """A .docx as the tool writes it: its members stored, with fixed dates."""
    deflated = BytesIO()
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", text)
    return fix_zip(deflated.getvalue())


def test_files_put_into_a_folder_leave_the_others_alone(target: Path) -> None:
    put_outputs([("附4-1_申报书.docx", stored_docx("旧"))], target)
    (target / "别人的.txt").write_text("留", encoding="utf-8")
    new = stored_docx("新")
    assert put_outputs([("附4-1_申报书.docx", new), ("附4-2_承诺书.docx", b"1")], target) == ()
    assert names(target) == ["别人的.txt", "附4-1_申报书.docx", "附4-2_承诺书.docx"]
    assert (target / "附4-1_申报书.docx").read_bytes() == new
    assert names(target.parent) == ["成册"]


def test_a_form_that_was_edited_since_is_kept_under_another_name(target: Path) -> None:
    target.mkdir()
    with zipfile.ZipFile(target / "表.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "手改的")
    edited = (target / "表.docx").read_bytes()
    assert put_outputs([("表.docx", stored_docx("新"))], target) == ("表-2.docx",)
    assert (target / "表-2.docx").read_bytes() == edited
    assert put_outputs([("表.docx", stored_docx("更新"))], target) == ()
    assert names(target) == ["表-2.docx", "表.docx"]


def test_a_scan_in_the_place_of_a_pdf_of_ours_is_kept(target: Path) -> None:
    target.mkdir()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Producer"] = "扫描仪"
        pdf.save(target / "表.pdf")
    scan = (target / "表.pdf").read_bytes()
    assert put_outputs([("表.pdf", b"%PDF-1")], target) == ("表-2.pdf",)
    assert (target / "表-2.pdf").read_bytes() == scan


def test_a_backup_never_takes_the_place_of_another(target: Path) -> None:
    target.mkdir()
    file = target / "application.json"
    made = [put_file(str(number).encode(), file, f"旧{number}".encode()) for number in (1, 2)]
    assert [path.name for path in made if path] == [
        "application.json.bak",
        "application.json-2.bak",
    ]
    assert contents(target) == {
        "application.json": "2",
        "application.json.bak": "旧1",
        "application.json-2.bak": "旧2",
    }


def test_a_folder_in_a_files_place_is_not_written_over(target: Path) -> None:
    (target / "x" / "y").mkdir(parents=True)
    with pytest.raises(OutputUnwritable):
        put_outputs([("x", b"1")], target)
    assert names(target) == ["x"]
    assert names(target.parent) == ["成册"]


# Bytes


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (b"a" * 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        (
            b"\0" * (3 << 20),
            "bbd05cf6097ac9b1f89ea29d2542c1b7b67ee46848393895f5a9e43fa1f621e5",
        ),
    ],
    ids=["empty", "abc", "million", "more than a block"],
)
def test_a_digest_is_sha256(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "x").write_bytes(data)
    assert digest(tmp_path / "x") == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"乙": 1, "甲": [None, True]}, '{\n "乙": 1,\n "甲": [\n  null,\n  true\n ]\n}\n'),
        ({}, "{}\n"),
        ("𬭩", '"𬭩"\n'),
    ],
)
def test_json_is_written_in_utf8_in_the_order_given(value: Any, written: str) -> None:
    assert json_bytes(value) == written.encode("utf-8")
    assert json.loads(json_bytes(value)) == value


def test_publishing_does_not_depend_on_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    publish(Path("成册"), {"x": "一"})
    publish(Path("成册/"), {"x": "二"})
    assert (tmp_path / "成册" / "x").read_text(encoding="utf-8") == "二"
    assert os.listdir(tmp_path) == ["成册"]  # noqa: PTH208
