"""Files that are open elsewhere, paths that are too long, and names, as Windows has them."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import OutputUnwritable
from sjs_forms.base.files.safe_names import safe_name
from sjs_forms.base.output import output_folder, patient_moves, work_folders
from sjs_forms.base.output.output_folder import put_file, put_outputs, recover, unwritable
from sjs_forms.base.output.work_folders import abandoned, remove
from sjs_forms.base.system_errors import is_system_error, reason
from sjs_forms.domain.source_facts import PageFacts, SourceFacts
from sjs_forms.intake.cache import RunCache


class Held(PermissionError):
    """What Windows says of a file that another program has open."""

    winerror = 32


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[Path, int]:
    """How often each file is still refused, as if another program had it open."""
    left: dict[Path, int] = {}

    def refused(*paths: Any) -> None:
        for path in map(Path, paths):
            if left.get(path, 0) > 0:
                left[path] -= 1
                raise Held(13, "used by another process", str(path))

    replace, rename = Path.replace, os.rename
    monkeypatch.setattr(
        Path, "replace", lambda one, other: (refused(one, other), replace(one, other))[1]
    )
    monkeypatch.setattr(os, "rename", lambda one, other: (refused(one), rename(one, other))[1])
    monkeypatch.setattr(patient_moves, "PAUSE", 0)
    return left


def test_a_file_that_is_held_for_a_moment_is_replaced_after_all(
    tmp_path: Path, held: dict[Path, int]
) -> None:
    target = tmp_path / "a.json"
    held[target] = 5
    put_file(b"new", target)
    assert (target.read_bytes(), held[target]) == (b"new", 0)


def test_it_is_waited_for_some_seconds_and_no_longer(tmp_path: Path, held: dict[Path, int]) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.touch()
    held[other], waited = 1000, []
    with pytest.raises(PermissionError):
        patient_moves.replace(one, other, waited.append)
    assert 2 < len(waited) * 0.2 < 10


def test_what_is_refused_for_another_reason_is_not_tried_again(tmp_path: Path) -> None:
    waited: list[float] = []
    with pytest.raises(FileNotFoundError):
        patient_moves.replace(tmp_path / "none", tmp_path / "b", waited.append)
    assert waited == []


def test_a_file_that_stays_open_is_named_with_the_programs_to_close_and_nothing_is_changed(
    tmp_path: Path, held: dict[Path, int]
) -> None:
    put_outputs([("a.pdf", b"1"), ("b.pdf", b"2")], tmp_path)
    held[tmp_path / "b.pdf"] = 1000
    with pytest.raises(OutputUnwritable) as refused:
        put_file(b"3", tmp_path / "b.pdf")
    assert "“b.pdf”正被别的程序打开" in refused.value.message
    assert "WPS" in refused.value.remedy and "关闭“b.pdf”" in refused.value.remedy
    assert (tmp_path / "b.pdf").read_bytes() == b"2"


def test_a_file_that_we_still_map_is_moved_and_removed_after_garbage_collection(
    tmp_path: Path, held: dict[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PDF that was read stays mapped as long as cycles of its objects are not collected."""
    one, other = tmp_path / "clean.qpdf", tmp_path / "clean.pdf"
    one.touch()
    held[one] = 10
    monkeypatch.setattr(patient_moves.gc, "collect", lambda: held.update({one: 0, other: 0}))
    patient_moves.replace(one, other, lambda _: None)
    unlink = Path.unlink

    def on_windows(path: Path, missing_ok: bool = False) -> None:
        if held.get(path):
            raise Held(13, "mapped", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", on_windows)
    held[other] = 10
    patient_moves.unlink(other)
    patient_moves.unlink(other)
    assert list(tmp_path.iterdir()) == []


def test_of_a_folder_those_files_are_named_that_are_open(
    tmp_path: Path, held: dict[Path, int]
) -> None:
    for name in ("装订版.pdf", "申报书.docx"):
        (tmp_path / name).touch()
    held[tmp_path / "装订版.pdf"] = 1000
    refused = unwritable(tmp_path, Held(13, "denied", str(tmp_path)))
    assert "“装订版.pdf”正被" in refused.message and "申报书" not in refused.message


class Missing(FileNotFoundError):
    """What Windows says of a path that is longer than it allows."""

    winerror = 3


def test_a_path_that_is_too_long_is_said_to_be_although_windows_calls_it_missing() -> None:
    long, short = Missing(2, "not found", "C:\\" + "长" * 260), Missing(2, "not found", "C:\\短")
    assert "路径太长" in reason(long) and "259" in reason(long)
    assert "不存在" in reason(short)
    refused = unwritable(Path("D:/成册"), long)
    assert "路径短一些" in refused.remedy
    other = OSError(22, "The filename or extension is too long")
    other.winerror = 206  # type: ignore[attr-defined,unused-ignore]
    assert is_system_error(other) and "路径太长" in reason(other)


def test_a_lock_that_cannot_be_removed_while_it_is_held_goes_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: `remove` runs while `abandoned` holds the lock."""
    with work_folders.owned_folder(tmp_path, ".x-", {"target": "成册"}, lambda _: True) as folder:
        (folder / "earlier").mkdir()
    unlink, holding = Path.unlink, [True]

    def on_windows(path: Path, missing_ok: bool = False) -> None:
        if path.name == "owner.lock" and holding:
            raise Held(13, "used by another process", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", on_windows)
    for found, _ in abandoned(tmp_path, ".x-"):
        remove(found)
        assert [path.name for path in found.iterdir() if path.is_dir()] == []
        holding.clear()
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_left_because_it_was_open_is_removed_by_the_next(tmp_path: Path) -> None:
    prefix = output_folder.WORK_PREFIX
    with work_folders.owned_folder(tmp_path, prefix, {}, lambda _: True) as folder:
        (folder / "earlier").mkdir()
        (folder / "earlier" / "装订版.pdf").touch()
    recover(tmp_path / "成册")
    assert list(tmp_path.iterdir()) == []


def test_an_entry_of_the_cache_that_another_process_has_open_is_as_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = RunCache(tmp_path / "cache")
    first, second, other = (tmp_path / name for name in ("1.pdf", "2.pdf", "3.pdf"))
    for path, content in ((first, b"same"), (second, b"same"), (other, b"other")):
        path.write_bytes(content)
    key = "ab" * 32

    def facts(clean: Path) -> SourceFacts:
        return SourceFacts("x", clean, (PageFacts(595, 842),))

    kept = cache.put(key, facts(first)).clean
    replace = Path.replace

    def on_windows(path: Path, target: Path) -> Path:
        if target == kept:
            raise Held(13, "used by another process", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", on_windows)
    assert cache.put(key, facts(second)).clean == kept
    with pytest.raises(PermissionError):
        cache.put(key, facts(other))


RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in "123456789"),
}


@given(st.text(max_size=80) | st.sampled_from(sorted(RESERVED)).map(str.upper))
def test_a_name_that_we_write_is_one_for_windows(text: str) -> None:
    for name in (safe_name(text), f"{safe_name(text)}.pdf"):
        assert name and not set('<>:"/\\|?*') & set(name)
        assert name == name.strip(" ") and not name.endswith(".")
        assert all(sign >= " " for sign in name)
        assert name.split(".")[0].strip().lower() not in RESERVED
