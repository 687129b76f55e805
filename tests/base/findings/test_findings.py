"""Findings are told up to a bound, and judging is linear in what was sent."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.base.errors import exit_code_for
from sjs_forms.base.findings.finding import MAX_FINDINGS, Finding, blocking, capped
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import Advice
from sjs_forms.domain.json_text.application_json import MAX_BYTES, MAX_VALUES, parse_application

kinds = st.tuples(
    st.sampled_from(["attachment-special", "more-findings"]), st.sampled_from(["error", "warning"])
)
many = st.lists(kinds, max_size=40).map(
    lambda drawn: tuple(
        Finding(code, severity, FilePlace(str(at)), "", f"第 {at} 处", Advice(""))  # type: ignore[arg-type]
        for at, (code, severity) in enumerate(drawn * 12)
    )
)


@settings(max_examples=25)
@given(many)
def test_a_cap_hides_no_error_behind_warnings_and_changes_no_exit_code(
    findings: tuple[Finding, ...],
) -> None:
    told = capped(findings)
    assert len(told) <= MAX_FINDINGS + 1
    if len(findings) <= MAX_FINDINGS:
        assert told == findings
        return
    assert f"还有 {len(findings) - MAX_FINDINGS} 处" in told[-1].message
    assert exit_code_for(told) == exit_code_for(findings)
    assert list(told[:-1]) == sorted(told[:-1], key=lambda found: int(found.where))
    assert len(blocking(told[:-1])) == min(len(blocking(findings)), MAX_FINDINGS)


def hostile(kind: str) -> bytes:
    """Five megabytes of one kind of fault."""
    parts = {
        "keys": lambda at: f'"k{at}": 1',
        "same": lambda _: '"a": 1',
        "items": lambda _: "1",
        "objects": lambda _: '{"name": 1, "name": 2}',
    }
    opened, closed = {
        "keys": ("{", "}"),
        "same": ("{", "}"),
        "items": ('{"founders": [', "]}"),
        "objects": ('{"founders": [', "]}"),
    }[kind]
    made: list[str] = []
    size = 0
    while size < MAX_BYTES - 200:
        made.append(parts[kind](len(made)))
        size += len(made[-1]) + 1
    return (opened + ",".join(made) + closed).encode()


@pytest.mark.parametrize("kind", ["keys", "same", "items", "objects"])
def test_millions_of_faults_are_told_as_few(kind: str) -> None:
    application, findings = parse_application(hostile(kind))
    assert application is None
    assert 1 <= len(findings) <= MAX_FINDINGS + 1


def test_faults_beyond_the_bound_are_counted() -> None:
    unknown = dict.fromkeys(f"k{number}" for number in range(MAX_FINDINGS + 50))
    application, findings = parse_application(json.dumps(unknown).encode())
    assert application is None
    assert len(findings) == MAX_FINDINGS + 1
    assert "还有 50 处" in findings[-1].message


def test_more_values_than_any_application_has_are_one_finding() -> None:
    data = json.dumps({"founders": [1] * (MAX_VALUES + 1)}).encode()
    (found,) = parse_application(data)[1]
    assert found.code == "json-too-large"
