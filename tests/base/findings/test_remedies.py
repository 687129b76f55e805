"""A remedy is an action with its arguments; the command line words it, and a record keeps it."""

import json
from typing import get_args

import pytest

from sjs_forms.base.findings.command_wording import remedy_text
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.findings.remedies import MendAnswer, PlainAction, PutFile, Remedy
from tests.remedies import EVERY, SPOKEN


@pytest.mark.parametrize(("remedy", "words"), SPOKEN)
def test_the_command_line_names_commands_and_application_json(remedy: Remedy, words: str) -> None:
    assert error("json-syntax", WHOLE, "", "", remedy).as_dict()["remedy"] == words


def test_every_kind_of_remedy_is_worded() -> None:
    assert {type(remedy) for remedy, _ in SPOKEN} == set(get_args(Remedy))
    assert all(remedy_text(each) for each in PlainAction)


@pytest.mark.parametrize("remedy", EVERY, ids=str)
def test_a_remedy_comes_back_from_a_record_with_its_arguments(remedy: Remedy) -> None:
    found = error("json-syntax", WHOLE, "", "", remedy)
    record = json.loads(json.dumps(record_of(found)))
    assert finding_of(record).action == remedy
    assert record["remedy"] == found.remedy


def test_a_message_comes_back_from_a_record_with_its_files() -> None:
    found = error("duplicate-attachment", WHOLE, "", f"“{FILE}”与“{FILE}”相同。", "", "甲", "乙")
    again = finding_of(json.loads(json.dumps(record_of(found))))
    assert again == found and again.message == "“甲”与“乙”相同。"


def test_answers_that_stand_in_another_file_are_named_so() -> None:
    place = "“名单.jsonl”第 2 行"
    remedy = MendAnswer("请修改{}。", (("applicant", "name"),), link="中的")
    assert remedy_text(remedy, place) == f"请修改 {place} 中的 applicant.name。"
    listed = remedy_text(PlainAction.LIST_FILE, place)
    assert place in listed and "application.json" not in listed


def test_a_brace_in_a_name_is_no_slot() -> None:
    assert remedy_text(PutFile("attachments/2-{}", "lease")).startswith(
        "请把文件放进 attachments/2-{}，"
    )
