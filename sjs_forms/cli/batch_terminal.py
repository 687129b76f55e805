"""Presents a batch: a progress bar on a terminal, a line per row in a log, and the summary."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sjs_forms.base.printable_text import printable
from sjs_forms.batch.execution.task import reasons
from sjs_forms.cli.terminal import Terminal

if TYPE_CHECKING:
    from rich.progress import Progress, Task

    from sjs_forms.batch.batch_run import Batch, Watch
    from sjs_forms.batch.outputs.report import Verdict

_TITLES = {
    "build": "未生成的申报",
    "forms": "未生成的申报",
    "check": "须先改正的申报",
    "read": "须先改正的申报",
}
_MAX_LISTED = 20
"""Failed rows listed on the screen. All are in the report."""


@contextmanager
def watching(terminal: Terminal) -> Iterator["Watch"]:
    """Yield a callback for a batch: a bar with count, rate and remaining time, or plain lines."""
    if not sys.stderr.isatty():
        done = 0

        def say(verdict: "Verdict", total: int) -> None:
            nonlocal done
            done += 1
            terminal.say(f"[{done}/{total}] {_line(verdict)}")

        yield say
        return
    pace = Pace(time.monotonic)
    with _bar(pace) as bar:
        task = bar.add_task("批量生成", total=None)

        def show(verdict: "Verdict", total: int) -> None:
            pace.count(verdict)
            if verdict.is_stopped:
                bar.console.print(printable(_line(verdict)), markup=False, highlight=False)
            bar.update(task, total=total, advance=1)

        yield show


class Pace:
    """The rate of a batch. Rows that were not rebuilt do not count."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started = clock()
        self._worked = 0

    def count(self, verdict: "Verdict") -> None:
        """Count one more row."""
        self._worked += verdict.status != "unchanged"

    def words(self, left: int) -> str:
        """Return applications per minute, and the time for the `left` remaining ones."""
        seconds = self._clock() - self._started
        if not self._worked or not seconds:
            return ""
        rest = round(seconds / self._worked * left)
        hours, minutes = divmod(rest // 60, 60)
        shown = f"{hours} 时 {minutes} 分" if hours else f"{minutes} 分 {rest % 60} 秒"
        return f"{self._worked / seconds * 60:.1f} 份/分，还需约 {shown}"


def _bar(pace: Pace) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
    from rich.text import Text

    class PaceColumn(ProgressColumn):
        """The rate and the remaining time."""

        def render(self, task: "Task") -> Text:
            return Text(pace.words(int(task.remaining or 0)))

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), PaceColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _line(verdict: "Verdict") -> str:
    if verdict.is_stopped:
        return f"{verdict.word}  {verdict.shown_number} {verdict.name}：{reasons(verdict.findings)}"
    if verdict.pages is None:
        return f"{verdict.word}  {verdict.shown_number} {verdict.name}"
    seconds = f"，{verdict.seconds:.1f} 秒" if verdict.status == "built" else ""
    return f"{verdict.word}  {verdict.folder}（{verdict.pages} 面{seconds}）"


def ended(terminal: Terminal, done: "Batch") -> None:
    """Print how many rows were built, unchanged and failed, and why the latter failed."""
    from sjs_forms.batch.outputs.common_files import kept_words
    from sjs_forms.batch.outputs.overview.overview_files import WORKBOOK
    from sjs_forms.batch.outputs.report import REPORT_CSV, words_of

    for told in done.recovered:
        terminal.say(told)
    if done.failed:
        _table(terminal, done)
    for name in done.unknown_folders[:_MAX_LISTED]:
        terminal.say(f"【提醒】“{name}”不属于这一批（以前生成的），没有改动；不要的话请移走。")
    for told in kept_words(done.kept):
        terminal.say(f"【提醒】{told}")
    counts = Counter(verdict.status for verdict in done.verdicts)
    listed = (f"{word} {counts[status]}" for status, word in words_of(done.work))
    summary = f"共 {done.total} 份：{'，'.join(listed)}"
    if done.complete:
        terminal.say(f"{summary}。一览见 {WORKBOOK}，逐份结果见 {REPORT_CSV}。", bold=True)
    else:
        left = done.total - len(done.verdicts)
        terminal.say(f"已中断。{summary}，还有 {left} 份没有做。", bold=True)
        terminal.say("做完的都已保留；再运行一次同样的命令，会接着做。")


def _table(terminal: Terminal, done: "Batch") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=_TITLES[done.work], box=None, title_justify="left", pad_edge=False)
    table.add_column("编号", no_wrap=True)
    table.add_column("单位名称", max_width=30)
    table.add_column("原因", overflow="fold")
    for verdict in done.failed[:_MAX_LISTED]:
        table.add_row(
            _text(verdict.shown_number),
            _text(verdict.name),
            _text(reasons(verdict.findings)),
        )
    Console(stderr=True, no_color=not terminal.colour, highlight=False).print(table)
    if len(done.failed) > _MAX_LISTED:
        terminal.say(f"……另有 {len(done.failed) - _MAX_LISTED} 份，见报告。")


def _text(text: str) -> Any:
    from rich.text import Text

    return Text(printable(text))
