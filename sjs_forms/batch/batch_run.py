"""Builds the applications of a source that have changed, and gives each a verdict."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace
from sjs_forms.base.output.output_folder import recover
from sjs_forms.base.progress import Cancelled, Progress
from sjs_forms.batch.batch_folder import FORMS, alone_in, ledger_file, numbered
from sjs_forms.batch.earlier_builds import EarlierBuilds
from sjs_forms.batch.execution.executors import Executor, LocalExecutor, carry_out_all
from sjs_forms.batch.execution.task import Outcome, Task, Work
from sjs_forms.batch.last_run import LastRun, has_record, inputs_digest, recognised, remember
from sjs_forms.batch.ledger import BuildRecord, Ledger, LedgerEntry, stamps_of
from sjs_forms.batch.outputs.report import STOPPED, Report, Status, Verdict
from sjs_forms.batch.outputs.summary_files import write_summary_files
from sjs_forms.batch.sources.applicant_identity import identity_of, says_who
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.batch.sources.own_scans import recover_own_scans, with_own_scans
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.jobs.options import Options

if TYPE_CHECKING:
    from sjs_forms.batch.execution.cluster import Cluster

Watch = Callable[[Verdict, int], None]
"""Called with each verdict and the total number of rows."""


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """The options of a batch. `fresh` also builds what has not changed.

    Applications that name no notice are built for `programme_id`. `since` is the output folder of
    an earlier batch, with whose volumes the new ones are compared.
    """

    options: Options
    executor: Executor
    fresh: bool = False
    programme_id: str | None = None
    work: Work = "build"
    since: Path | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The result of a batch: the verdicts, of `total` rows, and folders of no row in the source.

    `recovered` says what was repaired after an earlier batch was killed, `work` what was done.
    `kept` are files about all that a user had changed, each with its new name.
    """

    verdicts: tuple[Verdict, ...]
    total: int
    unknown_folders: tuple[str, ...]
    recovered: tuple[str, ...] = ()
    work: Work = "build"
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every row has a verdict."""
        return len(self.verdicts) == self.total

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The rows that were not built, or cannot be."""
        return tuple(verdict for verdict in self.verdicts if verdict.status in STOPPED)


def batch(
    sources: Path | Sequence[Path],
    out: Path,
    how: BatchOptions,
    watch: Watch,
    stopped: Callable[[], bool],
) -> Batch:
    """Build every application of the sources into a folder of its own under `out`.

    Finished folders are kept when `stopped` ends the batch; the next run continues. Raises
    Cancelled if it did so before the source was read, UsageFault if the source cannot be read,
    OutputUnwritable if `out` cannot be written or another batch is using it.
    """
    given = (sources,) if isinstance(sources, Path) else tuple(sources)
    earlier = _earlier_builds(how.since, out)
    inputs = _inputs(given, out, how)
    if inputs is not None and (same := _same_again(out, inputs, watch, stopped)) is not None:
        return same
    rows = read_sources(given, out, stopped, how.programme_id)
    with alone_in(out) as state:
        recovered = recover(state)
        recover_own_scans(out)
        rows, strange = with_own_scans(numbered(rows, state, how.since), out)
        ledger = Ledger(ledger_file(out), out, {row.folder_name for row in rows})
        orders = [_order(row, how.options, earlier) for row in rows]
        with Report(out) as report:
            unchanged = _Unchanged(out, how, ledger, earlier, stopped)
            for verdict in _verdicts(orders, out, how, ledger, unchanged, stopped):
                report.add(verdict)
                watch(verdict, len(rows))
        kept: Mapping[str, str] = {}
        unknown = ledger.unknown_folders()
        ended = not stopped()
        if ended:  # else the next run, which knows all verdicts, writes it
            kept = write_summary_files(out, rows, report.verdicts, how.work, unknown)
        recover(state)
        ledger.compact()
        left_over = (*unknown, *strange)
        if ended and how.work == "build" and not kept:
            remember(out, inputs, LastRun(report.verdicts, left_over), ledger)
        return Batch(report.verdicts, len(rows), left_over, recovered, how.work, kept)


def _inputs(given: Sequence[Path], out: Path, how: BatchOptions) -> str | None:
    """Return the digest by which the next run is recognised as the same; None if it never is."""
    if how.work != "build" or how.fresh or how.since is not None:
        return None
    return inputs_digest(given, out, repr((how.options, how.programme_id)))


def _same_again(out: Path, inputs: str, watch: Watch, stopped: Callable[[], bool]) -> Batch | None:
    """Give the verdicts of the last run again, if nothing has changed since."""
    if not has_record(out):
        return None
    with alone_in(out):
        last = recognised(out, inputs)
        if last is None:
            return None
        with Report(out) as report:
            for verdict in last.verdicts:
                if stopped():
                    break
                report.add(verdict)
                watch(verdict, len(last.verdicts))
        return Batch(report.verdicts, len(last.verdicts), last.unknown_folders)


def executor_at(cluster: "Cluster | None", processes: int | None) -> Executor:
    """Return the cluster, or this machine with so many processes.

    Raises UsageFault if both are requested, or if the cluster's connection would be unprotected.
    """
    if cluster is None:
        return LocalExecutor(processes)
    if processes is not None:
        raise UsageFault(
            "-j 和 --scheduler 不能一起用。", "交给集群时，同时做几份由集群的工作进程数决定。"
        )
    from sjs_forms.batch.execution.cluster import ClusterExecutor

    return ClusterExecutor(cluster)


@dataclass(frozen=True, slots=True)
class _Order:
    """A row, the options for it, and what is to be said of it beside what its build says."""

    row: SourceRow
    options: Options
    findings: tuple[Finding, ...] = ()


def _earlier_builds(since: Path | None, out: Path) -> EarlierBuilds | None:
    """Return the builds to compare with. Raises UsageFault if they would be replaced."""
    if since is None:
        return None
    if since.resolve() == out.resolve():
        raise UsageFault(
            "--since 的文件夹不能就是 -o 的文件夹：重新生成以后，就没有原册可比了。",
            "请用 -o 换一个文件夹，或先把原来的改名（如“成册-已印”），再用 --since 写明它。",
        )
    return EarlierBuilds(since)


def _order(row: SourceRow, options: Options, earlier: EarlierBuilds | None) -> _Order:
    numbered = replace(options, filing_number=row.filed)
    if earlier is None:
        return _Order(row, numbered)
    since, findings = earlier.of(row)
    return _Order(row, replace(numbered, since=since), findings)


def _verdicts(
    orders: Sequence[_Order],
    out: Path,
    how: BatchOptions,
    ledger: Ledger,
    unchanged: "_Unchanged",
    stopped: Callable[[], bool],
) -> Iterator[Verdict]:
    """Yield the verdicts: unchanged folders first, then the others as they are finished."""
    told = _twice([order.row for order in orders])
    for order in orders:
        told[order.row.number] = (*told.get(order.row.number, ()), *order.findings)
    changed = []
    for order in orders:
        row = order.row
        if stopped():
            return
        started = time.perf_counter()
        entry = unchanged.of(order)
        if entry is None:
            changed.append(order)
            continue
        own = (*row.doubts, *entry.findings)
        findings = (*map(row.at_its_source, own), *told[row.number])
        seconds = time.perf_counter() - started
        yield Verdict(
            row.number,
            row.name,
            "unchanged",
            findings,
            entry.pages,
            seconds,
            row.folder_name,
            own,
            row.filed,
        )
    if changed:
        for row, outcome in _build(changed, out, how, ledger, stopped):
            yield _verdict(row, outcome, out, told[row.number], how.work)


class _Stoppable(Progress):
    """The progress of work that ends when the batch is stopped."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        super().__init__()
        self._stopped = stopped

    def is_cancelled(self) -> bool:
        """Return whether the batch was stopped."""
        return self._stopped()


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """Finds what need not be built: folders of this batch, or of the one to compare with."""

    out: Path
    how: BatchOptions
    ledger: Ledger
    earlier: EarlierBuilds | None
    stopped: Callable[[], bool]

    def of(self, order: _Order) -> LedgerEntry | None:
        """Return the entry of a folder that is what a build would make; it is copied if need be."""
        if self.how.work != "build" or self.how.fresh:
            return None
        row, ledger = order.row, self.ledger
        entry = ledger.unchanged_entry(row.folder_name, row.application, order.options)
        if entry is not None or self.earlier is None:
            return entry
        try:
            progress = _Stoppable(self.stopped)
            return self.earlier.take_over(row, order.options, self.out, ledger, progress)
        except Cancelled:
            return None


def _build(
    orders: Sequence[_Order],
    out: Path,
    how: BatchOptions,
    ledger: Ledger,
    stopped: Callable[[], bool],
) -> Iterator[tuple[SourceRow, Outcome]]:
    """Build rows, and record each in the ledger before its verdict is yielded."""
    handed_in: dict[Path, tuple[_Order, Mapping[str, tuple[int, int]]]] = {}

    def tasks() -> Iterator[Task]:
        for order in orders:
            row = order.row
            place = out / (FORMS if how.work == "forms" else "") / row.folder_name
            handed_in[place] = order, stamps_of(row.application)
            yield Task(row.application, place, order.options, how.work)

    with how.executor as executor:
        for task, outcome in carry_out_all(tasks(), executor, stopped):
            order, stamps = handed_in.pop(task.out)
            row = order.row
            if outcome.pages:
                digests, compared = dict(outcome.digests), outcome.compared
                made = BuildRecord(outcome.pages, outcome.findings, digests, stamps, compared)
                ledger.record(row.folder_name, row.application, order.options, made)
            yield row, outcome


def _verdict(
    row: SourceRow, outcome: Outcome, out: Path, more: tuple[Finding, ...], work: Work
) -> Verdict:
    own = (*row.doubts, *outcome.findings)
    findings = (*map(row.at_its_source, own), *more)
    folders = {"build": row.folder_name, "forms": f"{FORMS}/{row.folder_name}"}
    folder, made = folders.get(work), outcome.pages is not None
    earlier = folder is not None and not made and (out / folder).exists()
    if folder and earlier:
        findings = (*findings, _earlier_kept(folder))
    return Verdict(
        row.number,
        row.name,
        _STATUS[work, made],
        findings,
        outcome.pages if work == "build" else None,
        outcome.seconds,
        folder if made or earlier else None,
        own,
        row.filed,
    )


_STATUS: Mapping[tuple[Work, bool], Status] = {
    ("build", True): "built",
    ("build", False): "failed",
    ("check", True): "passed",
    ("check", False): "wanting",
    ("read", True): "passed",
    ("read", False): "wanting",
    ("forms", True): "filled",
    ("forms", False): "failed",
}


def _earlier_kept(folder: str) -> Finding:
    return warning(
        "batch-earlier-kept",
        WHOLE,
        "批量生成",
        f"“{folder}”里仍是以前生成的，与现在的内容不符。",
        "改正并重新生成之前，不要付印这个文件夹。",
    )


def _twice(rows: Sequence[SourceRow]) -> dict[int, tuple[Finding, ...]]:
    """Return a warning for each row whose applicant occurs again, by the row's number.

    Compared by code, and by name if the codes have not shown it already.
    """
    codes: dict[str, list[SourceRow]] = {}
    names: dict[str, list[tuple[SourceRow, str]]] = {}
    for row in rows:
        if row.application.application is None:
            continue
        who = identity_of(row)
        if who.code:
            codes.setdefault(who.code, []).append(row)
        if who.name and says_who(row):
            names.setdefault(who.name, []).append((row, who.code))
    found: dict[int, tuple[Finding, ...]] = {}
    for alike in codes.values():
        _add_doubt(found, alike, _same_code)
    for named in names.values():
        said = {code for _, code in named}
        if len(said) > 1 or "" in said:
            _add_doubt(found, [row for row, _ in named], _same_name)
    return found


def _add_doubt(
    found: dict[int, tuple[Finding, ...]],
    alike: Sequence[SourceRow],
    doubt: Callable[[NoticeFields, Sequence[SourceRow]], Finding],
) -> None:
    """Add a doubt to each of several rows, in the words of its own notice."""
    for row in alike if len(alike) > 1 else ():
        if (read := row.application.application) is not None:
            found[row.number] = (*found.get(row.number, ()), doubt(read.questions, alike))


def _numbers(alike: Sequence[SourceRow]) -> str:
    return "、".join(row.filed for row in alike)


def _same_code(asked: NoticeFields, alike: Sequence[SourceRow]) -> Finding:
    place = asked.roles["applicant_code"]
    return warning(
        "batch-applicant-twice",
        AnswerPlace(place),
        asked.label_of(place),
        f"编号 {_numbers(alike)} 的{asked.label_of(place)}相同。",
        "请核对是否重复申报，或代码填错。",
    )


def _same_name(asked: NoticeFields, alike: Sequence[SourceRow]) -> Finding:
    place = asked.roles["applicant"]
    return warning(
        "batch-applicant-twice",
        AnswerPlace(place),
        asked.label_of(place),
        f"编号 {_numbers(alike)} 的{asked.label_of(place)}名称相同。",
        "请核对是否重复申报；确是两家单位的，请把各自的统一社会信用代码填上或改正。",
    )
