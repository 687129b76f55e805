"""The job of `verify`: verifies one build with all its volumes, or every build of a batch."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.findings.finding import Finding, blocking, error, warning
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import RunJob
from sjs_forms.base.manifest import MANIFEST, Manifest
from sjs_forms.base.processes.thread_guard import one_thread_only
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.batch.outputs.report import REPORT_JSON
from sjs_forms.jobs.binding.portal_crosscheck import verify_against_portal
from sjs_forms.volume.verify import verify_folder, within

_log = logging.getLogger(__name__)

_OF_BUILDS = ("built", "unchanged", "failed")
"""The statuses of applications in the report of a batch that builds."""


@dataclass(frozen=True, slots=True)
class InspectedBuild:
    """One build: its folder's name in a batch ("" for a single build), and its findings."""

    name: str
    findings: tuple[Finding, ...]
    draft: bool = False

    @property
    def intact(self) -> bool:
        """Whether it is unchanged."""
        return not blocking(self.findings)


@dataclass(frozen=True, slots=True)
class Inspection:
    """The result of a verification. `of_batch` marks a batch's folder.

    `absent` are findings on applications without a folder, `of_report` those on the report.
    """

    builds: tuple[InspectedBuild, ...]
    absent: tuple[Finding, ...] = ()
    of_report: tuple[Finding, ...] = ()
    of_batch: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings; those of a batch with the folder they concern."""
        own = (
            within(build.name, found) if self.of_batch else found
            for build in self.builds
            for found in build.findings
        )
        return (*own, *self.absent, *self.of_report)


@one_thread_only
def inspect(folder: Path, progress: Progress) -> Inspection:
    """Verify a build folder, or each of a batch, against its manifest and the notice's rules.

    Raises Cancelled, and UsageFault if neither a build nor a batch wrote the folder.
    """
    built = _built_in(folder)
    has_report = (folder / REPORT_JSON).is_file()
    report = _report(folder) if has_report else []
    if report and not _is_of_builds(report):
        has_report, report = False, []
    if (folder / MANIFEST).is_file() or not (built or has_report):
        progress(Stage.INSPECTING)
        return Inspection((_inspected("", folder, progress),))
    names = tuple(dict.fromkeys((*(row["folder"] for row in report or ()), *built)))
    names = tuple(name for name in names if name)
    of_report = (_no_report(),) if report is None else ()
    rows, absent = _unbuilt(names, report or ())
    builds = []
    for done, name in enumerate(names):
        progress(Stage.INSPECTING, done, len(names))
        build = _of_batch(name, folder / name, progress.silent())
        found = rows.get(name)
        builds.append(
            InspectedBuild(name, (*build.findings, found), build.draft)
            if found is not None
            else build
        )
    return Inspection(tuple(builds), absent, of_report, of_batch=True)


def _built_in(folder: Path) -> list[str]:
    """Return the names of the build folders inside."""
    if not folder.is_dir():
        return []
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}") if path.is_file())


def _report(folder: Path) -> list[dict[str, Any]] | None:
    """Return the rows of a batch's report, None if it is unreadable."""
    try:
        rows = json.loads(read_record(folder / REPORT_JSON))
        return [
            {
                "folder": Path(row["folder"]).name if row["folder"] else None,
                "number": int(row["number"]),
                "name": str(row["name"]),
                "status": str(row["status"]),
            }
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        _log.warning("the report in %s cannot be read", folder, exc_info=True)
        return None


def _is_of_builds(report: Sequence[dict[str, Any]]) -> bool:
    """Return whether a report is of builds: one of checks or forms says nothing of volumes."""
    return all(row["status"] in _OF_BUILDS for row in report)


def _unbuilt(
    names: Sequence[str], report: Sequence[dict[str, Any]]
) -> tuple[dict[str, Finding], tuple[Finding, ...]]:
    """Return the report's findings on unbuilt applications: by folder, and without a folder.

    A folder that the last batch did not name is left from an earlier one.
    """
    by_folder: dict[str, Finding] = {}
    absent = []
    for row in report:
        if row["status"] == "failed" and row["folder"]:
            by_folder[row["folder"]] = _outdated()
        elif row["status"] == "failed":
            absent.append(_not_built(row["number"], row["name"]))
    if report:
        reported = {row["folder"] for row in report}
        by_folder |= {name: _left_over() for name in names if name not in reported}
    return by_folder, tuple(absent)


def _of_batch(name: str, folder: Path, progress: Progress) -> InspectedBuild:
    """Verify one build of a batch. An unreadable one gives a finding."""
    try:
        return _inspected(name, folder, progress)
    except UsageFault as problem:
        remedy = RunJob("请再运行一次同样的{}。", ("batch",))
        place, files = FilePlace(MANIFEST), problem.files
        found = error("manifest-unreadable", place, MANIFEST, problem.template, remedy, *files)
        return InspectedBuild(name, (found,))


def _inspected(name: str, folder: Path, progress: Progress) -> InspectedBuild:
    draft = Manifest.read(folder).draft
    findings = verify_folder(folder, progress)
    if not blocking(findings):
        findings += tuple(verify_against_portal(folder, progress))
    return InspectedBuild(name, (*findings, *_draft(draft)), draft)


def _draft(draft: bool) -> Iterator[Finding]:
    if draft:
        yield warning(
            "draft",
            FilePlace(MANIFEST),
            "草稿",
            "这是草稿（每面印有“草稿”，缺的材料以占位页代替），不能付印。",
            RunJob("请补齐材料，不加 --draft 再生成一次。", ("build",)),
        )


def _outdated() -> Finding:
    return warning(
        "batch-outdated",
        FilePlace(MANIFEST),
        "批量生成",
        "上次批量生成时这一家没有做成，这里是更早的一次所生成的。",
        RunJob(f"请按 report.csv（{REPORT_JSON}）改正后再运行{{}}，做成之前不要付印。", ("batch",)),
    )


def _left_over() -> Finding:
    return warning(
        "batch-left-over",
        FilePlace(MANIFEST),
        "批量生成",
        f"不在上次批量生成的名单（{REPORT_JSON}）里，是以前留下的。",
        "不再需要的请移走；仍要的，请核对来源里是否漏了这一家。",
    )


def _not_built(number: int, name: str) -> Finding:
    return warning(
        "batch-not-built",
        FilePlace(REPORT_JSON),
        "批量生成",
        f"第 {number} 家“{name}”没有生成，没有可核对的文件夹。",
        RunJob("请按 report.csv 所列改正后，再运行一次{}。", ("batch",)),
    )


def _no_report() -> Finding:
    return error(
        "batch-report-unreadable",
        FilePlace(REPORT_JSON),
        "批量生成",
        f"{REPORT_JSON} 读不懂，可能被改动过，无从知道是否少了哪一家。",
        RunJob("请再运行一次同样的{}。", ("batch",)),
    )
