"""Presents what became of a pile of stamped scans."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.printable_text import printable
from sjs_forms.cli.terminal import Terminal

if TYPE_CHECKING:
    from sjs_forms.batch.sources.batch_source import SourceRow
    from sjs_forms.batch.stamped_pile.pile_result import PileResult

_MAX_LISTED = 60
"""Applicants listed on the screen. All are in the list."""


def pile_ended(terminal: Terminal, done: "PileResult", out: Path) -> None:
    """Print what is to be settled, what every applicant lacks, the files written and the list."""
    from sjs_forms.batch.stamped_pile.pile_list import LIST

    terminal.findings((*done.findings, *done.open_pages.values()))
    for row in done.rows:
        if errors := _own_errors(done, row):
            terminal.say(f"{row.filed} {row.name}：", bold=True)
            terminal.findings(errors)
    lacking = _lacking(terminal, done)
    for path in done.written:
        terminal.result(str(path))
    terminal.result(str(out / LIST))
    filed = sum(bool(each.forms) for each in done.filed.values())
    warned = len(done.all_findings) - len(blocking(done.all_findings))
    terminal.say(
        f"扫描件共 {len(done.calls)} 页：放入 {filed} 家 {len(done.written)} 份，"
        f"未认准 {len(done.open_pages)} 页；{lacking} 家还没有齐。"
        f"逐家、逐页和 {warned} 处提醒见 {LIST}。",
        bold=True,
    )


def _own_errors(done: "PileResult", row: "SourceRow") -> list[Finding]:
    """Return what stops an applicant's scans, apart from pages that are told already."""
    from sjs_forms.batch.stamped_pile.pile_result import errors_of

    told = list(done.open_pages.values())
    return [found for found in errors_of(done, row) if found not in told]


def _lacking(terminal: Terminal, done: "PileResult") -> int:
    """List the applicants some of whose scans are not there yet, and return their number."""
    from rich.console import Console
    from rich.table import Table

    from sjs_forms.batch.stamped_pile.pile_list import LIST
    from sjs_forms.batch.stamped_pile.pile_result import form_state, forms_of, is_settled

    table = Table(title="还没有齐的单位", box=None, title_justify="left", pad_edge=False)
    table.add_column("编号", no_wrap=True)
    table.add_column("单位名称", max_width=30)
    table.add_column("盖章扫描件", overflow="fold")
    count = 0
    for row in done.rows:
        states = [(form.number, form_state(done, row, form)) for form in forms_of(row)]
        if all(is_settled(state) for _, state in states):
            continue
        count += 1
        if count <= _MAX_LISTED:
            said = "，".join(f"{number} {state}" for number, state in states)
            table.add_row(_text(row.filed), _text(row.name), _text(said))
    if count:
        Console(stderr=True, no_color=not terminal.colour, highlight=False).print(table)
    if count > _MAX_LISTED:
        terminal.say(f"……另有 {count - _MAX_LISTED} 家，见 {LIST}。")
    return count


def _text(text: str) -> Any:
    from rich.text import Text

    return Text(printable(text))
