"""A place is printed as the contract says, and comes back from a record as it was."""

import json

import pytest

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import (
    WHOLE,
    AnswerPlace,
    FilePlace,
    FindingPlace,
    MaterialPlace,
)
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.findings.remedies import Advice

PLACES: list[tuple[FindingPlace, str]] = [
    (AnswerPlace(("founders", 0, "uscc")), "founders[0].uscc"),
    (AnswerPlace(("attachments", 3)), "attachments[3]"),
    (FilePlace("attachments/2-场地租赁合同/合同.pdf"), "attachments/2-场地租赁合同/合同.pdf"),
    (FilePlace("attachments/1-申报书/扫描.pdf", 3), "attachments/1-申报书/扫描.pdf#3"),
    (MaterialPlace("lease"), "material:lease"),
    (WHOLE, ""),
]


@pytest.mark.parametrize(("place", "printed"), PLACES)
def test_a_place_is_printed_as_the_contract_says(place: FindingPlace, printed: str) -> None:
    found = Finding("no-answer", "warning", place, "标签", "有误。", Advice("请改。"))
    assert found.as_dict()["where"] == found.where == printed


@pytest.mark.parametrize(("place", "printed"), PLACES)
def test_a_finding_comes_back_from_its_record_as_it_was(place: FindingPlace, printed: str) -> None:
    found = Finding("no-answer", "warning", place, "标签", "有误。", Advice("请改。"))
    record = json.loads(json.dumps(record_of(found)))
    assert finding_of(record) == found
    assert record["where"] == printed


@pytest.mark.parametrize(
    "change",
    [
        {"code": "no-such-code"},
        {"severity": "grave"},
        {"place": {"kind": "Path", "path": "x"}},
        {"place": {"kind": "FilePlace"}},
        {"place": {"kind": "FilePlace", "path": {}}},
        {"place": "x"},
    ],
)
def test_a_record_that_is_none_is_refused(change: dict[str, object]) -> None:
    found = Finding("no-answer", "warning", WHOLE, "标签", "有误。", Advice("请改。"))
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        finding_of({**record_of(found), **change})
