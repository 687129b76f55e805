"""Signed scans in two steps: recognised first, put in place once a person has decided."""

import json
import shutil
from pathlib import Path

import pytest

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import blocking
from sjs_forms.domain.folder.application_folder import STAMP_RECORD
from sjs_forms.domain.folder.files_outside_attachments import REPLACED_FOLDER
from sjs_forms.jobs.session import Session, StaleRevision
from tests.jobs.session.test_session import contents
from tests.scanner import Scan, as_pdf, scanned
from tests.stamped.test_stamped import (
    ANSWERS,
    BLANK,
    FORM,
    PLEDGE,
    forms_laid_out_once,
    place,
    run,
    sheets,
    torn,
)

__all__ = ["forms_laid_out_once", "place"]


def test_scans_are_recognised_first_and_filed_as_the_command_files_them(
    place: Path, tmp_path: Path
) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", sheets())
    twin = Path(shutil.copytree(place, tmp_path / "另一份"))
    before = contents(place)
    with Session.open(place) as session:
        seen = session.recognise([scan])
        assert contents(place) == before
        assert all(page.state == "placed" for page in seen.recognition.verdict.pages)
        taken, state = session.file(seen)
        assert [path.relative_to(place) for path in taken.written] == [FORM, PLEDGE]
        assert {each.material for each in state.files} == {"application-form", "commitment"}
        assert run(twin, scan).code == 0
        assert contents(place) == contents(twin)
        session.undo()
        assert contents(place) == before


def test_what_is_not_sure_is_decided_page_by_page(place: Path, tmp_path: Path) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", [*sheets()[:4], torn(sheets()[4]), BLANK])
    with Session.open(place) as session:
        seen = session.recognise([scan])
        taken, _ = session.file(seen)
        assert blocking(taken.findings) and not taken.written
        with pytest.raises(UsageFault):
            session.file(seen, ["99=附4-2:1"])
        taken, _ = session.file(seen, ["5=附4-2:1"])
        assert not blocking(taken.findings) and len(taken.written) == 2


def test_an_earlier_scan_is_set_aside_and_comes_back(tmp_path: Path) -> None:
    place = tmp_path / "某单位"
    place.mkdir()
    listed = [{"material": "commitment", "file": "旧.pdf", "title": "承诺"}]
    shutil.copy(as_pdf(tmp_path / "旧.pdf", [BLANK]), place / "旧.pdf")
    text = json.dumps({**ANSWERS, "attachments": listed}, ensure_ascii=False, indent=3)
    (place / "application.json").write_text(text, encoding="utf-8")
    with Session.open(place) as session:
        states = [contents(place)]
        for number, quality in enumerate((40, 75)):
            pages = [scanned(sheets()[4], Scan(paper=235), number)]
            seen = session.recognise([as_pdf(tmp_path / f"{number}.pdf", pages, quality=quality)])
            refused, _ = session.file(seen)
            assert not refused.written
            taken, state = session.file(seen, replaces=True)
            assert taken.written and state.written["attachments"][0]["title"] == "承诺"
            states.append(contents(place))
        assert len(list((place / REPLACED_FOLDER).iterdir())) == 2
        assert (place / STAMP_RECORD).exists()
        while len(states) > 1:
            states.pop()
            session.undo()
            assert contents(place) == states[-1]


def test_answers_that_changed_since_make_the_recognition_stale(place: Path, tmp_path: Path) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", [sheets()[4]])
    with Session.open(place) as session:
        seen = session.recognise([scan])
        session.set_answer("contact.name", "另一人")
        with pytest.raises(StaleRevision):
            session.file(seen)
    assert not (place / PLEDGE).exists()
