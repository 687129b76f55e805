"""One application edited by place: every step whole, noticed, and taken back."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import OutputUnwritable, Refused, UsageFault
from sjs_forms.base.findings.file_refusal import FILE, FileRefused
from sjs_forms.base.findings.finding_places import AnswerPlace, MaterialPlace
from sjs_forms.base.findings.remedies import FillAnswer, PutFile
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.folder.application_lock import ApplicationBusy, writing
from sjs_forms.domain.json_text.answer_edits import BadPlace
from sjs_forms.intake import attachment_opening
from sjs_forms.jobs import pipeline
from sjs_forms.jobs.session import (
    AnswersDiffer,
    Edit,
    FileState,
    NothingToUndo,
    Session,
    StaleRevision,
    State,
)
from sjs_forms.jobs.session.file_changes import NoSuchFile
from sjs_forms.jobs.session.history import MAX, History
from sjs_forms.jobs.word_forms.form_import import diff_forms, import_forms
from tests.samples import SAMPLE, codes, minimal_answers, only, put, write_application, write_pdf

TESTS = Path(__file__).parents[2]


@pytest.fixture
def session(minimal: Path) -> Any:
    """The minimal application, open."""
    with Session.open(minimal) as opened:
        yield opened


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of an application but the session's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".sjs" not in path.parts
    }


def text(folder: Path) -> str:
    return (folder / "application.json").read_text(encoding="utf-8")


NAMES = ("application.json", "盖章记录.json")


def files(state: State, material: str) -> list[str]:
    return [each.file for each in state.files if each.material == material]


def of(state: State, material: str, number: int = 0) -> FileState:
    return [each for each in state.files if each.material == material][number]


# Answers


def test_the_state_says_what_check_says(minimal: Path) -> None:
    answers = put(put(minimal_answers(), "signed_on", "明天"), "contact.email", "坏")
    next(minimal.glob("attachments/2-*/*.pdf")).write_bytes(b"%PDF-1.7 and no more")
    write_application(minimal, answers)
    with Session.open(minimal) as session:
        state = session.open_files()
    assert state.findings == pipeline.check(minimal)
    assert state.written == answers
    assert state.application is not None and state.application.signed_on is None


def test_a_finding_says_what_to_do_as_an_action_at_a_place(minimal: Path) -> None:
    write_application(minimal, put(minimal_answers(), "contact.name", ""))
    for path in minimal.glob("attachments/4-*/*"):
        path.unlink()
    with Session.open(minimal) as session:
        found = session.state().findings
    blank, missing = only(found, "required-missing"), only(found, "material-missing")
    assert blank.place == AnswerPlace(("contact", "name"))
    assert blank.action == FillAnswer(("contact", "name"))
    assert missing.place == MaterialPlace("licence")
    assert isinstance(missing.action, PutFile) and missing.action.material == "licence"
    assert missing.action.folder.startswith("attachments/4-")


def test_what_is_typed_is_written_as_typed_and_judged_at_once(session: Session) -> None:
    state = session.set_answer("signed_on", "三月初")
    assert state.written["signed_on"] == "三月初"
    assert state.application is not None and state.application.signed_on is None
    assert only(state.findings, "wrong-type").where == "signed_on"
    state = session.set_answer("signed_on", "2025-03-01")
    assert "wrong-type" not in codes(state.findings)


def test_all_other_text_stays_as_it_was(minimal: Path) -> None:
    odd = '\ufeff{ "applicant" :{"name":"甲" ,"uscc": null},\r\n\t"remarks":"\\u4e00" }\r\n'
    (minimal / "application.json").write_bytes(odd.encode())
    with Session.open(minimal) as session:
        session.set_answer("applicant.uscc", "91")
    changed = (minimal / "application.json").read_bytes().decode()
    assert changed == odd.replace("null", '"91"')


def test_a_place_that_is_none_changes_nothing(session: Session, minimal: Path) -> None:
    before = text(minimal)
    for path in ("applicant.x", "founders", "a..b", ""):
        with pytest.raises(BadPlace):
            session.set_answer(path, "x")
    assert text(minimal) == before
    assert History(minimal, NAMES).last() is None


def test_json_that_is_broken_is_told_and_not_touched(session: Session, minimal: Path) -> None:
    (minimal / "application.json").write_text("{", encoding="utf-8")
    state = session.state()
    assert state.written is None and codes(state.findings) == ["json-syntax"]
    with pytest.raises(Refused):
        session.set_answer("remarks", "x")
    assert text(minimal) == "{"
    assert session.undo().written == minimal_answers()


def test_what_is_typed_in_one_go_is_one_step(session: Session, minimal: Path) -> None:
    typed = ["北", "北京", "北京样例"]
    for seen, text_now in zip([None, *typed], typed, strict=False):
        session.edit([Edit("remarks", text_now, seen)])
    session.edit([Edit("opinion", "同意", None)])
    session.edit([Edit("remarks", "上海", "北京样例")])
    assert History(minimal, NAMES).next_number() == 4
    assert session.undo().written["remarks"] == "北京样例"
    session.edit([Edit("opinion", "不同意", "同意")])
    for expected in ({"opinion": "同意"}, {"opinion": None}):
        written = session.undo().written
        assert {"opinion": written.get("opinion")} == expected
    assert session.undo().written == minimal_answers()


def test_a_change_beside_is_a_step_between_two_of_typing(session: Session, minimal: Path) -> None:
    session.edit([Edit("remarks", "一", None)])
    write_application(minimal, put(minimal_answers(), "remarks", "别处"))
    session.edit([Edit("remarks", "二", "别处")])
    assert session.undo().written["remarks"] == "别处"
    assert session.undo().written["remarks"] == "一"


def test_an_answer_that_another_changed_is_not_overwritten(session: Session, minimal: Path) -> None:
    write_application(minimal, put(minimal_answers(), "remarks", "别处"))
    with pytest.raises(AnswersDiffer) as differ:
        session.edit([Edit("opinion", "同意", None), Edit("remarks", "我的", None)])
    assert differ.value.now == {"remarks": "别处"}
    assert "opinion" not in json.loads(text(minimal)) or not json.loads(text(minimal))["opinion"]
    state = session.edit([Edit("remarks", "别处", None), Edit("opinion", "", None)])
    assert state.written["remarks"] == "别处"


def test_the_whole_is_replaced_key_by_key(session: Session, minimal: Path) -> None:
    before = text(minimal)
    state = session.replace({**minimal_answers(), "remarks": "新"}, session.state().revision)
    assert state.written == {**minimal_answers(), "remarks": "新"}
    session.replace(minimal_answers())
    assert json.loads(text(minimal)) == json.loads(before)


def test_a_founder_is_taken_out(session: Session) -> None:
    session.set_answer("founders[1].name", "乙")
    state = session.remove_item("founders[0]")
    assert state.written["founders"] == [{"name": "乙"}]


# Revisions and others


def test_a_stale_revision_is_refused_with_that_of_now(session: Session, minimal: Path) -> None:
    seen = session.state().revision
    write_application(minimal, put(minimal_answers(), "remarks", "别处写的"))
    with pytest.raises(StaleRevision) as stale:
        session.set_answer("opinion", "同意", seen)
    state = session.state()
    assert stale.value.revision == state.revision
    assert state.written["remarks"] == "别处写的"
    state = session.set_answer("opinion", "同意", state.revision)
    assert (state.written["remarks"], state.written["opinion"]) == ("别处写的", "同意")


def test_a_change_beside_the_session_is_merged_and_can_be_taken_back(
    session: Session, minimal: Path
) -> None:
    session.set_answer("opinion", "同意")
    changed = {**json.loads(text(minimal)), "remarks": "编辑器写的"}
    write_application(minimal, changed)
    state = session.set_answer("contact.name", "某某")
    assert state.written["remarks"] == "编辑器写的"
    assert session.undo().written == changed
    assert "remarks" not in session.undo().written
    assert session.undo().written == minimal_answers()


def test_answers_may_be_changed_where_only_files_changed(session: Session, minimal: Path) -> None:
    seen = session.state().revision
    write_pdf(minimal / "attachments/2-场地租赁合同/新.pdf")
    session.set_answer("remarks", "无误", seen)
    with pytest.raises(StaleRevision):
        session.remove_file("attachments/2-场地租赁合同/新.pdf", seen)


def test_a_revision_outlives_the_session(minimal: Path) -> None:
    with Session.open(minimal) as one:
        seen = one.set_answer("remarks", "一").revision
    with Session.open(minimal) as other:
        other.set_answer("remarks", "二", seen)
        with pytest.raises(StaleRevision):
            other.set_answer("remarks", "三", seen)


def test_two_sessions_lose_nothing_of_each_other(minimal: Path) -> None:
    with Session.open(minimal) as one, Session.open(minimal) as other:
        one.set_answer("remarks", "一")
        other.set_answer("opinion", "二")
        one.set_answer("contact.name", "三")
        assert History(minimal, NAMES).next_number() == 4
        for _ in range(3):
            other.undo()
    assert json.loads(text(minimal)) == minimal_answers()


def test_writers_at_once_lose_nothing(minimal: Path) -> None:
    """Threads of one session, and another process with its own, each write their own answers."""
    code = (
        "import sys; from pathlib import Path; from sjs_forms.jobs.session import Session\n"
        "with Session.open(Path(sys.argv[1])) as s:\n"
        "    for n in range(6): s.set_answer('remarks', f'别的进程{n}')"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(minimal)])
    paths = ["opinion", "contact.name", "contact.phone", "platform.name"]
    with Session.open(minimal) as session:
        threads = [
            threading.Thread(
                target=lambda path=path: [session.set_answer(path, f"{path}{n}") for n in range(4)]
            )
            for path in paths
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert other.wait() == 0
        written = session.state().written
    assert written["remarks"] == "别的进程5"
    assert written["platform"]["name"] == "platform.name3"
    assert History(minimal, NAMES).next_number() == 6 + 16 + 1


def test_who_cannot_have_the_lock_is_told(minimal: Path) -> None:
    with writing(minimal), pytest.raises(ApplicationBusy), writing(minimal, patience=0):
        pass
    assert not (minimal / ".sjs").exists()


def test_the_lock_holds_though_its_folder_comes_and_goes(tmp_path: Path) -> None:
    """Every writer adds one to a count, and the last to let go removes the lock."""
    code = (
        "import sys; from pathlib import Path\n"
        "from sjs_forms.domain.folder.application_lock import writing\n"
        "place = Path(sys.argv[1])\n"
        "for _ in range(40):\n"
        "    with writing(place):\n"
        "        file = place / 'count'\n"
        "        file.write_text(str(int(file.read_text()) + 1))"
    )
    (tmp_path / "count").write_text("0", encoding="utf-8")
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert (tmp_path / "count").read_text(encoding="utf-8") == "160"
    assert not (tmp_path / ".sjs").exists()


@pytest.mark.parametrize("at", [1, 2])
def test_a_lock_whose_folder_goes_while_it_is_made_is_made_again(
    at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By us, or by the lock, which makes sure of it once more."""
    made = Path.mkdir
    calls = []

    def gone_once(path: Path, *given: Any, **named: Any) -> None:
        calls.append(path)
        if len(calls) == at:  # another had it, and has removed it since
            raise FileExistsError
        made(path, *given, **named)

    monkeypatch.setattr(Path, "mkdir", gone_once)
    with writing(tmp_path):
        assert (tmp_path / ".sjs").is_dir()
    assert calls[: at + 1] == [tmp_path / ".sjs"] * (at + 1)


def test_a_file_in_the_place_of_the_locks_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / ".sjs").touch()
    with pytest.raises(OutputUnwritable), writing(tmp_path):
        pass


def test_an_entry_that_is_none_can_only_be_taken_out(tmp_path: Path) -> None:
    place = write_application(tmp_path / "单位", {"attachments": ["甲.pdf"]})
    with Session.open(place) as session:
        for act in (
            lambda: session.move_file("attachments[0]", "lease"),
            lambda: session.change_file("attachments[0]", title="x"),
        ):
            with pytest.raises(NoSuchFile):
                act()
        assert session.remove_file("attachments[0]").written == {"attachments": []}


def test_import_writes_beside_a_session_and_is_noticed(
    session: Session, minimal: Path, tmp_path: Path
) -> None:
    pipeline.fill(minimal, tmp_path / "表")
    session.set_answer("contact.email", "")
    import_forms(sorted((tmp_path / "表").glob("*.docx")), minimal)
    state = session.state()
    assert state.written["contact"]["email"] == minimal_answers()["contact"]["email"]
    assert session.undo().written["contact"]["email"] is None


def test_the_sessions_folder_is_no_paper(session: Session, minimal: Path) -> None:
    before = read_folder(minimal)
    session.set_answer("remarks", "无误")
    session.remove_file(of(session.state(), "licence").where)
    after = read_folder(minimal)
    assert (minimal / ".sjs" / "trash").is_dir()
    assert [f for f in after.findings if ".sjs" in f.message] == []
    assert after.findings == before.findings


# Undo


def test_every_step_is_taken_back_to_the_byte(session: Session, minimal: Path) -> None:
    before = contents(minimal)
    session.set_answer("remarks", "一")
    session.add_file("lease", "补充合同.pdf", write_pdf(minimal.parent / "x.pdf"))
    session.move_file(of(session.state(), "licence").where, "evidence")
    session.remove_file(of(session.state(), "financials").where)
    session.change_file(
        of(session.state(), "lease").where, title="租约", rotate="90", straighten="true"
    )
    session.move_file(of(session.state(), "lease", 1).where, position=0)
    session.remove_file(of(session.state(), "bank-account").where)
    for _ in range(7):
        session.undo()
    assert contents(minimal) == before
    with pytest.raises(NothingToUndo):
        session.undo()


def test_what_was_moved_away_since_is_not_taken_back(session: Session, minimal: Path) -> None:
    session.move_file(of(session.state(), "licence").where, "evidence")
    for path in minimal.glob("attachments/3-*/*"):
        path.unlink()
    before = contents(minimal)
    with pytest.raises(NothingToUndo):
        session.undo()
    assert contents(minimal) == before


HISTORIES = {
    "a file is moved in": {"moves": [["taken.txt", "../secret.txt"]]},
    "a file is moved out": {"moves": [["../secret.txt", "attachments"]]},
    "a path is absolute": {"added": ["/etc/hostname"]},
    "another text is written": {"before": {"../evil.txt": "x"}},
    "another text is removed": {"before": {"evil.txt": None}},
    "a folder on the way is a link": {"added": ["link/secret.txt"]},
    "a text is none": {"before": {"application.json": 3}},
}


@pytest.mark.parametrize("forged", HISTORIES.values(), ids=HISTORIES)
def test_a_history_that_came_with_the_folder_reaches_nothing_outside(
    minimal: Path, forged: dict[str, Any]
) -> None:
    secret = minimal.parent / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    (minimal / "link").symlink_to(minimal.parent)
    own = (minimal / "application.json").read_text(encoding="utf-8")
    version = {
        "what": "",
        "before": {"application.json": own, **forged.get("before", {})},
        "after": {"application.json": own, "盖章记录.json": None},
        "moves": forged.get("moves", []),
        "added": forged.get("added", []),
    }
    place = minimal / ".sjs/versions/000001.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(version), encoding="utf-8")
    before = contents(minimal)
    with Session.open(minimal) as session, pytest.raises(NothingToUndo):
        session.undo()
    assert contents(minimal) == before
    assert secret.read_text(encoding="utf-8") == "秘密"
    assert not (minimal.parent / "evil.txt").exists()


@pytest.mark.parametrize("name", [".sjs", ".sjs/versions", ".sjs/trash"])
def test_a_history_that_is_a_link_is_refused(minimal: Path, tmp_path: Path, name: str) -> None:
    other = tmp_path / "别处"
    other.mkdir()
    (minimal / name).parent.mkdir(exist_ok=True)
    (minimal / name).symlink_to(other)
    with (
        pytest.raises(OutputUnwritable, match="指向别处的链接"),
        Session.open(minimal) as session,
    ):
        session.set_answer("remarks", "一")
    assert not list(other.iterdir())


def test_what_is_too_large_is_told_and_never_written_back(session: Session, minimal: Path) -> None:
    """Its content is not kept, so nothing may be undone over it."""
    session.set_answer("remarks", "一")
    file = minimal / "application.json"
    large = json.dumps({"remarks": "长" * 3_000_000}, ensure_ascii=False)
    file.write_text(large, encoding="utf-8")
    assert "json-too-large" in {found.code for found in session.state().findings}
    with pytest.raises(Refused):
        session.set_answer("remarks", "二")
    with pytest.raises(NothingToUndo):
        session.undo()
    assert file.read_text(encoding="utf-8") == large
    assert sum(path.stat().st_size for path in (minimal / ".sjs").rglob("*")) < 100_000


def test_a_record_that_is_a_link_is_not_read(minimal: Path, tmp_path: Path) -> None:
    other = tmp_path / "别人的.json"
    other.write_text('{"secret": 1}', encoding="utf-8")
    (minimal / "盖章记录.json").symlink_to(other)
    with Session.open(minimal) as session:
        session.set_answer("remarks", "一")
    assert "secret" not in "".join(
        path.read_text(encoding="utf-8") for path in (minimal / ".sjs").rglob("*.json")
    )


@pytest.mark.parametrize("written", ["attachments/cafe\u0301.pdf", "attachments\\café.pdf"])
def test_a_listed_file_is_removed_however_its_path_is_written(tmp_path: Path, written: str) -> None:
    place = tmp_path / "某单位"
    listed = [{"material": "licence", "file": written.replace("cafe\u0301", "café")}]
    write_application(place, {"attachments": listed})
    name = "cafe\u0301.pdf" if "\u0301" in written else "café.pdf"
    write_pdf(place / "attachments" / name)
    with Session.open(place) as session:
        state = session.remove_file(of(session.state(), "licence").where)
        assert not state.files
        assert not (place / "attachments" / name).exists()


def test_the_last_versions_are_kept_and_their_trash(minimal: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("sjs_forms.jobs.session.history.MAX", 3)
    with Session.open(minimal) as session:
        session.remove_file(of(session.state(), "licence").where)
        assert list((minimal / ".sjs/trash").rglob("*.*"))
        for number in range(4):
            session.set_answer("remarks", str(number))
        assert not list((minimal / ".sjs/trash").rglob("*.*"))
        for _ in range(3):
            state = session.undo()
        assert state.written["remarks"] == "0"
        with pytest.raises(NothingToUndo):
            session.undo()
    assert MAX == 200


steps = st.lists(
    st.sampled_from(["answer", "add", "remove", "move", "title", "undo"]), min_size=1, max_size=8
)


@given(steps, st.booleans())
def test_undo_leads_back_through_all_states(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], listed: bool
) -> None:
    place = tmp_path_factory.mktemp("应用") / "某单位"
    write_application(place, {"attachments": []} if listed else {})
    paper = write_pdf(place.parent / "x.pdf")
    with Session.open(place) as session:
        past = [contents(place)]
        for number, kind in enumerate(kinds):
            state = session.state()
            where = state.files[number % len(state.files)].where if state.files else None
            if kind == "answer":
                session.set_answer("remarks", f"第{number}步")
            elif kind == "undo" and len(past) > 1:
                session.undo()
                past.pop()
                assert contents(place) == past[-1]
                continue
            elif kind == "add" or where is None:
                session.add_file(["lease", "licence"][number % 2], f"{number}.pdf", paper)
            elif kind == "remove":
                session.remove_file(where)
            elif kind == "move":
                session.move_file(where, "evidence", number % 3)
            else:
                session.change_file(where, title=f"标题{number}")
            if contents(place) != past[-1]:
                past.append(contents(place))
        while len(past) > 1:
            past.pop()
            session.undo()
            assert contents(place) == past[-1]


# Files


def test_no_file_is_opened_twice(session: Session, monkeypatch: Any) -> None:
    opened: list[str] = []
    really = attachment_opening.take_in

    def counted(path: Path, *given: Any) -> Any:
        opened.append(path.name)
        return really(path, *given)

    monkeypatch.setattr(attachment_opening, "take_in", counted)
    state = session.open_files()
    count = len(opened)
    assert count == len(state.files) and all(each.is_open for each in state.files)
    session.set_answer("remarks", "x")
    session.change_file(of(state, "lease").where, pages="1", title="租约")
    session.move_file(of(session.state(), "lease").where, position=1)
    assert len(session.open_files().files) == count
    assert len(opened) == count


@pytest.mark.parametrize("code", ["attachment-office", "attachment-total-time"])
def test_a_file_that_was_not_even_tried_is_opened_the_next_time(
    session: Session, monkeypatch: Any, code: str
) -> None:
    """A program was installed since, or the other files take no time any more."""

    def refuses(_path: Path, shown: str, *_: Any) -> Any:
        raise FileRefused(code, f"“{FILE}”没有读取。", "请再试一次。").named(shown)

    with monkeypatch.context() as patch:
        patch.setattr(attachment_opening, "take_in", refuses)
        assert code in codes(session.open_files().findings)
    state = session.open_files()
    assert code not in codes(state.findings)
    assert all(each.facts is not None for each in state.files)


def test_a_file_that_changed_is_opened_again(session: Session, minimal: Path) -> None:
    session.open_files()
    path = minimal / of(session.state(), "licence").file
    write_pdf(path, pages=3, mark="新")
    assert not of(session.state(), "licence").is_open
    facts = of(session.open_files(), "licence").facts
    assert facts is not None and len(facts.pages) == 3


def test_files_come_and_go_in_folders(session: Session, minimal: Path) -> None:
    new = write_pdf(minimal.parent / "x.pdf", mark="新")
    state = session.add_file("licence", "补充:照/片?.pdf", new)
    (added,) = [each for each in files(state, "licence") if "补充" in each]
    assert (minimal / added).read_bytes() == new.read_bytes() and new.exists()
    again = session.add_file("licence", "补充:照/片?.pdf", new)
    assert len(files(again, "licence")) == len(files(state, "licence")) + 1
    state = session.move_file(added, "evidence")
    assert len(files(state, "evidence")) > 0 and not (minimal / added).exists()
    assert "attachments" not in state.written


@pytest.mark.parametrize(
    "name",
    [".隐藏.pdf", "~$合同.pdf", "备份.tmp", "合同.pdf.part", "..", "CON", "长" * 70 + ".pdf"],
)
def test_whatever_the_name_the_file_is_taken(session: Session, minimal: Path, name: str) -> None:
    new = write_pdf(minimal.parent / "x.pdf", mark="新")
    before = set(files(session.state(), "licence"))
    state = session.add_file("licence", name, new)
    (added,) = set(files(state, "licence")) - before
    assert (minimal / added).read_bytes() == new.read_bytes()
    assert not [found for found in state.findings if found.where == added]


def test_what_only_a_list_can_say_makes_one_of_what_was_found(session: Session) -> None:
    before = session.state()
    state = session.change_file(of(before, "lease", 1).where, title="第二份", password="x y")
    assert [each.file for each in state.files] == [each.file for each in before.files]
    assert of(state, "lease", 1).title == "第二份" and of(state, "lease", 1).has_password
    assert state.written["attachments"][1]["password"] == "x y"
    state = session.change_file("attachments[1]", title="", password="")
    assert set(state.written["attachments"][1]) == {"material", "file"}


def test_a_list_is_put_in_order_and_its_entries_stay_as_written(tmp_path: Path) -> None:
    place = Path(shutil.copytree(SAMPLE, tmp_path / "样例"))
    entries = json.loads(text(place))["attachments"]
    with Session.open(place) as session:
        lease = [n for n, each in enumerate(entries) if each["material"] == "lease"]
        first = f"attachments[{lease[0]}]"
        state = session.move_file(first, position=len(lease))
        assert [each.file for each in state.files if each.material == "lease"][-1] == entries[
            lease[0]
        ]["file"]
        assert sorted(text(place)) == sorted((SAMPLE / "application.json").read_text("utf-8"))
        state = session.move_file(f"attachments[{lease[-1]}]", position=0)
        assert text(place) == (SAMPLE / "application.json").read_text("utf-8")
        state = session.remove_file(first)
        assert len(state.written["attachments"]) == len(entries) - 1
        new = write_pdf(tmp_path / "x.pdf", mark="新")
        state = session.add_file("lease", "最后.pdf", new)
        assert files(state, "lease")[-1].endswith("最后.pdf")
        assert codes(state.findings).count("attachment-unlisted") == 0


def test_a_file_that_no_list_names_is_listed_and_one_is_known_by_its_path(tmp_path: Path) -> None:
    place = write_application(tmp_path / "单位", {"attachments": []})
    for name in ("甲.pdf", "乙.pdf"):
        write_pdf(place / "attachments" / name, mark=name)
    with Session.open(place) as session:
        session.move_file("attachments/甲.pdf", "lease")
        state = session.move_file("attachments/乙.pdf", "lease", 0)
        assert files(state, "lease") == ["attachments/乙.pdf", "attachments/甲.pdf"]
        state = session.change_file("attachments/甲.pdf", title="合同")
        assert of(state, "lease", 1).title == "合同"
        state = session.remove_file("attachments/甲.pdf")
        assert len(state.written["attachments"]) == 1
        assert not (place / "attachments/甲.pdf").exists()


@pytest.mark.parametrize(
    "where", ["attachments[99]", "attachments/../application.json", "application.json", "x", ""]
)
def test_a_file_that_is_none_of_the_applications_is_not_touched(
    session: Session, minimal: Path, where: str
) -> None:
    before = contents(minimal)
    for act in (
        lambda: session.remove_file(where),
        lambda: session.move_file(where, "lease"),
        lambda: session.change_file(where, title="x"),
    ):
        with pytest.raises(NoSuchFile):
            act()
    assert contents(minimal) == before


def test_what_cannot_be_added_is_refused(session: Session, minimal: Path) -> None:
    with pytest.raises(NoSuchFile):
        session.add_file("x", "x.pdf", minimal / "application.json")
    with pytest.raises(UsageFault):
        session.add_file("lease", "x.pdf", minimal / "没有.pdf")
    with pytest.raises(UsageFault):
        Session.open(minimal / "没有")


# Word


def test_of_word_forms_what_was_chosen_is_taken(
    session: Session, minimal: Path, tmp_path: Path
) -> None:
    pipeline.fill(minimal, tmp_path / "表")
    forms = sorted((tmp_path / "表").glob("*.docx"))
    session.set_answer("contact.name", "别人")
    session.set_answer("contact.email", "")
    word = session.import_word(forms)
    assert [each.as_dict() for each in word.proposal.unlike] == [
        each.as_dict() for each in diff_forms(minimal, forms)[0]
    ]
    paths = {each.as_dict()["where"] for each in word.proposal.choices}
    assert {"contact.name", "contact.email"} <= paths
    before = text(minimal)
    state = session.apply(word, ["contact.email"])
    assert state.written["contact"]["email"] == minimal_answers()["contact"]["email"]
    assert state.written["contact"]["name"] == "别人"
    assert text(minimal) == before.replace(
        '"email": null', f'"email": "{state.written["contact"]["email"]}"'
    )
    with pytest.raises(StaleRevision):
        session.apply(word, ["contact.name"])


# Killed


def kill_each_step(place: Path, act: str) -> None:
    """Do `act` on copies of an application, killed at each step that changes the disk."""
    from tests.base.output.test_killed_while_publishing import MAX_STEPS, kill_at

    for step in range(MAX_STEPS):
        copy = Path(shutil.copytree(place, place.parent / str(step)))
        child = os.fork()
        if child == 0:
            with Session.open(copy) as session:
                kill_at(step, exchanges=False)
                globals()[act](session, copy)
                os._exit(0)
        status = os.waitpid(child, 0)[1]
        with Session.open(copy) as session:
            found = contents(copy)
            version = History(copy, NAMES).last()
            undone = None
            if version is not None:
                session.undo()
                undone = {name: data.hex() for name, data in contents(copy).items()}
        shown = {name: data.hex() for name, data in found.items()}
        print(json.dumps([status, shown, undone]))
        shutil.rmtree(copy)
        if status == 0:
            return


def type_an_answer(session: Session, place: Path) -> None:
    session.set_answer("remarks", "新的")


def add_a_file(session: Session, place: Path) -> None:
    session.add_file("lease", "新.pdf", place / "attachments" / "甲.pdf")


def remove_a_file(session: Session, place: Path) -> None:
    session.remove_file("attachments[0]")


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("act", ["type_an_answer", "add_a_file", "remove_a_file"])
def test_killed_at_any_step_the_old_or_the_new_is_there_whole(tmp_path: Path, act: str) -> None:
    place = tmp_path / "单位"
    entries = [{"material": "lease", "file": "attachments/甲.pdf"}]
    write_application(place, {"attachments": entries})
    write_pdf(place / "attachments" / "甲.pdf")
    call = (
        "import sys; from pathlib import Path; "
        "from tests.jobs.session.test_session import kill_each_step; "
        f"kill_each_step(Path(sys.argv[1]), {act!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", call, str(place)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent)))},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    old = {name: data.hex() for name, data in contents(place).items()}
    with Session.open(place) as session:
        globals()[act](session, place)
    new = {name: data.hex() for name, data in contents(place).items()}
    assert lines[-1][0] == 0 and len(lines) > 5
    assert {json.dumps(found) for _, found, _ in lines} == {json.dumps(old), json.dumps(new)}
    for _, found, undone in lines:
        assert undone == (old if found == new else None)
