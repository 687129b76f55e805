"""What a worker sends back is taken only as far as its own manifest bears it out."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.base.errors import Fault, MachineLacks
from sjs_forms.base.findings.finding import warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.processes.memory import MEMORY_SHARE
from sjs_forms.batch.execution.cluster_payload import Delivery, carry_out_payload, checked, pack
from sjs_forms.batch.execution.task import Outcome, Task
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.options import Options
from sjs_forms.jobs.pipeline import fill_folder
from tests.samples import minimal_answers, put, write_application

VOLUME = "装订版.pdf"
SENT = {"合同.pdf": "ab" * 32}
OUTCOME = Outcome((warning("no-answer", WHOLE, "c", "d", "e"),), 1.0, 10, tuple(SENT.items()))


def delivery(files: dict[str, bytes], listed: dict[str, bytes] | None = None) -> Delivery:
    entries = [
        {"file": name, "sha256": sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in (files if listed is None else listed).items()
    ]
    manifest = json.dumps({"tool": {"name": "sjs-forms"}, "files": entries}).encode()
    return Delivery(OUTCOME, (*files.items(), ("manifest.json", manifest)))


GOOD = delivery({VOLUME: b"%PDF-", "第一册/装订版.pdf": b"%PDF-1"})


def test_what_a_build_sends_is_taken_as_it_is() -> None:
    assert checked(GOOD, SENT) == GOOD


def test_a_build_that_failed_needs_no_files() -> None:
    failed = Delivery(Outcome(OUTCOME.findings, 1.0), ())
    assert checked(failed, {}) == failed


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "/etc/x",
        "a//b",
        "./x",
        "..\\x",
        "a\\b",
        "C:x",
        "C:\\x",
        "\\\\host\\share\\x",
        "x:stream",
        "a\nb",
        "",
        ".",
    ],
)
def test_a_name_that_leads_elsewhere_on_any_system_is_refused(name: str) -> None:
    with pytest.raises(Fault, match="不可信"):
        checked(delivery({name: b"x"}), SENT)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"x",
        delivery({VOLUME: b"other"}, {VOLUME: b"%PDF-"}),
        delivery({VOLUME: b"x", "多.pdf": b"y"}, {VOLUME: b"x"}),
        delivery({VOLUME: b"x"}, {VOLUME: b"x", "缺.pdf": b"y"}),
        delivery({VOLUME: b"x", VOLUME.upper(): b"x"}),
        Delivery(OUTCOME, ((VOLUME, b"x"),)),
        Delivery(OUTCOME, (("manifest.json", b"[" * 100_000),)),
        Delivery(OUTCOME, (("manifest.json", b'{"files": [7]}'),)),
        replace(GOOD, files=((VOLUME, "text"), *GOOD.files[1:])),
        replace(GOOD, outcome=replace(OUTCOME, pages="many")),
        replace(GOOD, outcome=replace(OUTCOME, findings=("x",))),
        replace(
            GOOD, outcome=replace(OUTCOME, findings=(warning("no-answer", WHOLE, "c", "d", "e"), 7))
        ),
        replace(GOOD, outcome=replace(OUTCOME, digests=(("合同.pdf", "cd" * 32),))),
        replace(GOOD, outcome=replace(OUTCOME, digests=(("别的.pdf", "ab" * 32),))),
    ],
)
def test_what_does_not_agree_with_itself_or_with_what_was_sent_is_refused(answer: Any) -> None:
    with pytest.raises(Fault, match="不可信"):
        checked(answer, SENT)


def test_an_application_too_large_to_be_sent_is_the_machines_matter_and_is_not_read(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is sent is in memory, some of it more than once."""
    task = Task(read_folder(minimal), minimal.parent / "成册", Options())
    size = sum(len(data) for _, data in pack(task).files)
    monkeypatch.setenv(MEMORY_SHARE, str(2 * size))
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} is read"))
    with pytest.raises(MachineLacks, match="集群") as told:
        pack(task)
    assert "--scheduler" in told.value.remedy


def test_a_word_form_beside_the_answers_is_sent_and_compared(minimal: Path) -> None:
    out = minimal.parent
    fill_folder(read_folder(minimal), out / "表格")
    (form,) = (out / "表格").glob("附4-1*.docx")
    form.rename(minimal / form.name)
    write_application(minimal, put(minimal_answers(), "contact.name", "吴清和"))
    sent = pack(Task(read_folder(minimal), out / "成册", Options()))
    assert minimal / form.name in [path for path, _ in sent.files]
    told = carry_out_payload(sent).outcome.findings
    assert "word-differs" in [found.code for found in told]
