"""Reading one application ends, and is told of that one: pipes, links out, folders without end."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.cli.commands import main
from sjs_forms.domain.folder import folder_entries
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.options import PLAIN
from tests.batches import Desk
from tests.samples import MINIMAL, codes, only

LEASE = "attachments/2-场地租赁合同"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


def found_in(folder: Path) -> tuple[Finding, ...]:
    """What is said of an application's folder before any attachment is opened."""
    return read_folder(folder).findings


def pipe(path: Path) -> None:
    """A pipe; whoever opens it waits for a writer that never comes."""
    os.mkfifo(path)


def listening(path: Path) -> None:
    """A socket's name."""
    here = Path.cwd()
    try:
        os.chdir(path.parent)  # a socket's path must be short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("make", [pipe, listening])
def test_what_is_no_file_is_named_and_never_opened(
    minimal: Path, make: Callable[[Path], None]
) -> None:
    for name in (f"{LEASE}/管.pdf", "旁.pdf", "旁.docx", "attachments/散.pdf", f"{LEASE}/.隐.pdf"):
        make(minimal / name)
    for name in ("attachments/manifest.json", "盖章记录.json"):
        make(minimal / name)
    found = [each for each in found_in(minimal) if each.code == "attachment-special"]
    assert {each.where for each in found} >= {f"{LEASE}/管.pdf", "旁.pdf", "旁.docx"}
    assert [each.severity for each in found if each.where == f"{LEASE}/管.pdf"] == ["error"]


def test_a_pipe_that_the_list_names_is_told_as_that(minimal: Path) -> None:
    pipe(minimal / "管.pdf")
    answers = (minimal / "application.json").read_text(encoding="utf-8")
    listed = '"attachments": [{"material": "lease", "file": "管.pdf"}],'
    (minimal / "application.json").write_text(answers.replace("{", "{" + listed, 1), "utf-8")
    assert "不是普通文件" in only(found_in(minimal), "attachment-missing").remedy


def test_folders_within_folders_end_somewhere(minimal: Path) -> None:
    place = os.open(minimal / LEASE, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("深", dir_fd=place)
        place, above = os.open("深", os.O_RDONLY, dir_fd=place), place
        os.close(above)
    os.close(place)
    try:
        found = only(found_in(minimal), "attachment-folder-deep")
    finally:
        remove_deep(minimal / LEASE / "深")
    assert found.severity == "error" and len(found.message) < 200


def remove_deep(top: Path) -> None:
    """Remove folders within folders, which pytest cannot when it tidies up."""
    rest = top.with_name("余")
    while (top / top.name).exists():
        (top / top.name).rename(rest)
        top.rmdir()
        rest.rename(top)
    top.rmdir()


def test_a_folder_of_very_many_entries_is_not_looked_through(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_entries, "MAX_ENTRIES", 20)
    crowd = minimal / LEASE / "许多"
    crowd.mkdir()
    for number in range(21):
        (crowd / f"{number}.pdf").touch()
    assert only(found_in(minimal), "attachment-folder-crowded").severity == "error"
    shutil.rmtree(crowd)
    for number in range(7):
        (minimal / LEASE / f"夹{number}").mkdir()
        for name in "甲乙丙":
            (minimal / LEASE / f"夹{number}" / f"{name}.pdf").touch()
    assert "attachment-folder-crowded" in codes(found_in(minimal))


def test_links_that_lead_out_are_named_and_nothing_behind_them_is(
    minimal: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "别家"
    theirs.mkdir()
    (theirs / "机密.pdf").write_bytes(b"%PDF-1.4")
    (minimal / LEASE / "外面").symlink_to(theirs)
    (minimal / LEASE / "外.pdf").symlink_to(theirs / "机密.pdf")
    (minimal / "旁边").symlink_to(theirs)
    (minimal / LEASE / "环").symlink_to(".")
    (minimal / LEASE / "自己").symlink_to("自己")
    read = read_folder(minimal)
    assert {item.path for item in read.offered if item.file.endswith(("外面", "外.pdf"))} == {None}
    assert not any("机密" in found.message + found.remedy for found in read.findings)
    assert codes(read.findings).count("attachment-outside") == 2


@pytest.mark.parametrize("what", ["pipe", "folder", "link out", "loop", "endless"])
def test_an_application_that_is_no_file_of_its_own_is_refused_and_the_batch_goes_on(
    tmp_path: Path, what: str
) -> None:
    source = tmp_path / "各单位"
    for name in ("1甲", "2乙"):
        shutil.copytree(MINIMAL, source / name)
    (tmp_path / "别家.json").write_bytes((MINIMAL / "application.json").read_bytes())
    file = source / "1甲/application.json"
    file.unlink()
    aims = {"link out": tmp_path / "别家.json", "loop": file, "endless": Path("/dev/zero")}
    if what == "pipe":
        pipe(file)
    elif what == "folder":
        file.mkdir()
    else:
        file.symlink_to(aims[what])
    with pytest.raises(UsageFault):
        read_folder(source / "1甲")
    done = batch(
        source, tmp_path / "成册", BatchOptions(PLAIN, Desk()), lambda *_: None, lambda: False
    )
    assert [verdict.status for verdict in done.verdicts] == ["failed", "built"]
    assert "application-missing" in codes(done.verdicts[0].findings)


def test_a_folder_that_may_not_be_entered_is_a_row_and_the_batch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may enter any: here the system's answer is made up."""
    source = tmp_path / "各单位"
    for name in ("1甲", "2乙"):
        shutil.copytree(MINIMAL, source / name)
    really = os.stat

    def stat(path: Any, *given: Any, **named: Any) -> os.stat_result:
        if "1甲/" in os.fsdecode(path if isinstance(path, (str, bytes)) else str(path)):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path, *given, **named)

    monkeypatch.setattr(os, "stat", stat)
    done = batch(
        source, tmp_path / "成册", BatchOptions(PLAIN, Desk()), lambda *_: None, lambda: False
    )
    monkeypatch.undo()
    assert [verdict.status for verdict in done.verdicts] == ["failed", "built"]


@pytest.mark.parametrize(
    "words",
    [
        ["check", "管"],
        ["stamped", "单位", "管"],
        ["import", "管.docx", "-o", "单位"],
        ["import", "单位/x.docx", "-o", "管夹"],
        ["diff", "单位", "管.docx"],
        ["batch", "管.xlsx", "-o", "出"],
        ["batch", "管.jsonl", "-o", "出"],
        ["batch", "/dev/zero", "-o", "出"],
        ["verify", "管夹"],
        ["proof", "管夹"],
        ["build", "单位", "-o", "管夹"],
        ["build", "单位", "-o", "出", "--since", "管夹"],
        ["fill", "单位", "-o", "表夹"],
    ],
)
def test_no_command_waits_for_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    shutil.copytree(MINIMAL, tmp_path / "单位")
    for folder, names in (
        ("", ["管", "管.docx", "管.xlsx", "管.jsonl"]),
        ("管夹", ["manifest.json", "application.json"]),
        ("表夹", ["附4-1_申报书.docx"]),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        for name in names:
            pipe(tmp_path / folder / name)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, words)
    assert done.exit_code in ((0,) if words[0] == "fill" else (2, 4, 6)), done.output
    assert "内部错误" not in done.output


@pytest.mark.parametrize(
    "written",
    [
        *("../x.pdf", "/etc/passwd", "\\\\server\\share\\x.pdf", "C:\\x.pdf", "a\0b.pdf", "CON"),
        *("nul.pdf", "COM1", "a/../../x", "~/.ssh/id", "a/" * 99 + "x", ".", "attachments"),
        *("x.pdf:stream", "file:///etc/passwd", "-x", "/dev/zero", "/proc/self/mem"),
    ],
)
def test_a_path_that_leads_to_no_file_of_the_folder_is_a_finding(
    minimal: Path, written: str
) -> None:
    import json

    answers = json.loads((minimal / "application.json").read_text(encoding="utf-8"))
    answers["attachments"] = [{"material": "lease", "file": written}]
    (minimal / "application.json").write_text(json.dumps(answers), encoding="utf-8")
    read = read_folder(minimal)
    assert [item.path for item in read.offered] == [None]
    assert {"attachment-outside", "attachment-missing"} & set(codes(read.findings))
