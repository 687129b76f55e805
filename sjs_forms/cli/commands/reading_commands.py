"""The command that reads the papers: `read`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.cli.chinese_click import ChineseOption
from sjs_forms.cli.command_options import APPLICATION, JSON, NO_CACHE, PATH
from sjs_forms.cli.commands.earlier_outputs import recover_outputs, say_kept
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.interrupts import job_progress
from sjs_forms.cli.terminal import Terminal

if TYPE_CHECKING:
    from sjs_forms.jobs.papers.paper_reading import PapersRead
    from sjs_forms.jobs.papers.reading_snippets import Snippet


@main.command()
@APPLICATION
@JSON
@click.option(
    "--pictures",
    cls=ChineseOption,
    metavar="文件夹",
    type=PATH,
    help="另把每处提醒在材料上的样子存成 PNG 图片，放进这个文件夹。",
)
@NO_CACHE
@collection_paused()
def read(application: Path, as_json: bool, pictures: Path | None, no_cache: bool) -> None:
    """读出材料上写的，与表上写的逐项比对。

    读的是执照、合同、发票、审计报告、开户信息。读不出、认不准的列为“未读出”，不作判断。
    """
    terminal = Terminal()
    kept: list[Snippet] = []
    with job_progress(terminal) as progress:
        from sjs_forms.base.output.output_folder import put_outputs
        from sjs_forms.jobs.options import Options
        from sjs_forms.jobs.papers.paper_reading import read_papers

        recover_outputs(terminal, application)
        options = Options(cache=not no_cache)
        show = None if pictures is None else kept.append
        _, found = read_papers(application, options, progress, show)
        if pictures is not None:
            files = [(_name(at, one), one.png) for at, one in enumerate(kept, 1)]
            aside = put_outputs(files, pictures)
            say_kept(terminal, aside)
    if as_json:
        terminal.result_json(_data(found))
        return
    terminal.read(found)
    if pictures is not None:
        terminal.say(f"已存 {len(kept)} 处的图片：{pictures}")


def _name(number: int, snippet: "Snippet") -> str:
    return f"{number:02d}_{snippet.finding.code}.png"


def _data(found: "PapersRead") -> dict[str, object]:
    return {
        "lines": [asdict(line) for line in found.lines],
        "findings": [each.as_dict() for each in found.findings],
        "unread": [paper.title for paper in found.unread],
        "unread_pages": [list(paper.pages) for paper in found.unread],
        "reads": asdict(found.means),
    }
