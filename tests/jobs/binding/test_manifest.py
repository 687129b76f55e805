"""manifest.json as one model: what was written is read back, whatever version wrote it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import warning
from sjs_forms.base.manifest import MANIFEST, Manifest, Moved, Since
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.jobs.binding.build_manifest import manifest_of_volume, manifest_of_volumes
from sjs_forms.printing.print_job import print_job
from sjs_forms.volume.binding_plan import BindingPlan
from tests.samples import Application, placed
from tests.volume.test_binding_plan import plans

PROGRAMME = load_programme(installed_programmes()[0])
FILES = {"装订版.pdf": ("ab" * 32, 5), "坏名\udcba.pdf": ("cd" * 32, 0)}
FOUND = (warning("no-answer", placed("founders[0].uscc"), "c", "d", "e"),)
SINCE = Since(
    files=(), unchanged=(1,), moved=(Moved(sheet=2, was=3),), reprint=(), new=(4,), gone=(5,)
)


def _of_volume(plan: BindingPlan, since: Since | None = None) -> Manifest:
    job = print_job(PROGRAMME, Application(), plan)
    digests = [f"{side.side:064x}" for side in plan.sides]
    return manifest_of_volume(PROGRAMME, Application(), (), FILES, plan, job, FOUND, digests, since)


@given(plans, st.sampled_from([None, SINCE]))
def test_what_is_written_is_read_back(plan: BindingPlan, since: Since | None) -> None:
    made = _of_volume(plan, since)
    assert Manifest.parse(made.as_bytes()) == made
    plain = json.loads(made.as_bytes())
    assert ("since" in plain) == (since is not None)
    assert "volumes" not in plain
    assert all("volume" not in side and side["sha256"] for side in plain["sides"])


@given(plans)
def test_of_several_volumes_each_part_and_side_says_in_which_it_is(plan: BindingPlan) -> None:
    job = print_job(PROGRAMME, Application(), plan)
    made = manifest_of_volumes(PROGRAMME, Application(), (), FILES, [(plan, job)] * 2, FOUND)
    assert Manifest.parse(made.as_bytes()) == made
    plain = json.loads(made.as_bytes())
    assert list(plain)[:6] == ["tool", "programme", "applicant", "inputs", "files", "volumes"]
    assert all(next(iter(entry)) == "volume" for entry in plain["sides"] + plain["parts"])
    assert list(plain["print"]) == ["copies", "sheets_per_copy", "paper", "duplex"]


def test_a_manifest_of_an_earlier_version_still_reads(tmp_path: Path) -> None:
    """One from before digests of sides, drafts and stamps were told."""
    side = {"side": 1, "sheet": 1, "face": "recto", "kind": "cover", "label": None}
    early: dict[str, Any] = {
        "tool": {"name": "sjs-forms", "version": "0.0.1"},
        "files": [{"file": "装订版.pdf", "sha256": "ab" * 32, "bytes": 5}],
        "parts": [{"id": "cover", "material": None, "title": "封面", "first_side": 1,
                   "last_side": 1, "label": None, "later": "unknown"}],
        "sides": [{**side, "part": "cover", "source": None, "source_page": None}],
    }  # fmt: skip
    (tmp_path / MANIFEST).write_text(json.dumps(early), encoding="utf-8")
    read = Manifest.read(tmp_path)
    assert (read.sides[0].sha256, read.draft, read.parts[0].awaits_stamp) == (None, False, False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"tool": {"name": "sjs-forms"}, "files": []}',
        b'{"tool": {"name": "sjs-forms"}, "files": [], "parts": [], "sides": [1]}',
        b'{"tool": {"name": "sjs-forms"}, "files": [], "parts": {}, "sides": []}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_whatever_else_is_called_so_is_told_as_unreadable(content: bytes, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(UsageFault, match="读不懂"):
        Manifest.read(tmp_path)


def test_a_folder_without_one_was_not_built(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="不是生成好的文件夹"):
        Manifest.read(tmp_path)


def test_a_manifest_that_cannot_be_read_now_is_not_said_to_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / MANIFEST).write_text("{}", encoding="utf-8")
    monkeypatch.setattr("sjs_forms.base.manifest.read_record", denied)
    with pytest.raises(UsageFault, match="无法读取") as told:
        Manifest.read(tmp_path)
    assert "改动" not in told.value.message
