"""Commands on one application: `check`, `fill`, `stamped`, `plan` and `build`."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sjs_forms.base.errors import exit_code_for
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.cli.chinese_click import ChineseOption
from sjs_forms.cli.command_options import (
    APPLICATION,
    DIVIDERS,
    DRAFT,
    JSON,
    NO_CACHE,
    OUT,
    PAPER,
    PATH,
    SINCE,
    SPLIT,
    SPLIT_COLOUR,
)
from sjs_forms.cli.commands.earlier_outputs import recover_outputs
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.interrupts import answerable, job_progress
from sjs_forms.cli.terminal import Terminal, command

if TYPE_CHECKING:
    from sjs_forms.domain.print_rules import DividerColour


@main.command()
@APPLICATION
@JSON
@click.option("--read", "reads", is_flag=True, help="也读材料上写的，与表上写的比对。")
@NO_CACHE
@click.pass_context
@collection_paused()
def check(
    context: click.Context, /, application: Path, as_json: bool, reads: bool, no_cache: bool
) -> None:
    """检查申报内容和材料，一次列出所有问题。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.jobs.options import Options

        recover_outputs(terminal, application)
        options = Options(cache=not no_cache)
        if reads:
            from sjs_forms.jobs.papers.paper_reading import check_reading as run
        else:
            from sjs_forms.jobs.pipeline import check as run
        findings = run(application, options, progress)
    context.exit(terminal.report(findings, as_json))


@main.command()
@APPLICATION
@OUT
@collection_paused()
def fill(application: Path, out: Path) -> None:
    """生成通知的各张表格（Word 和 PDF）。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.jobs.pipeline import fill as run

        recover_outputs(terminal, application, out)
        findings = run(application, out, progress)
    terminal.findings(findings)
    terminal.say(f"表格已写到“{out}”。打印、签字、盖章、扫描后，放回申报文件夹：")
    terminal.say(command("stamped", application, "扫描件.pdf"))


@main.command()
@APPLICATION
@click.argument(
    "scans",
    metavar="扫描件 …",
    nargs=-1,
    required=True,
    type=PATH,
)
@click.option(
    "--as",
    "decisions",
    cls=ChineseOption,
    multiple=True,
    metavar="页=表:页[:转角]",
    help="说明扫描件的某一页是什么：--as 3=表的编号:2 是第 3 页为这张表的第 2 页，照原样放；"
    "要转的在后面写明顺时针转多少度，如 :2:180；不要的页写 --as 4=不用。可写多次。",
)
@click.option("--replace", is_flag=True, help="换下已有的盖章扫描件（移到“已换下的扫描件”）。")
@click.option("--password", cls=ChineseOption, metavar="密码", help="扫描件加密时的密码。")
@JSON
@NO_CACHE
@click.pass_context
def stamped(
    context: click.Context,
    /,
    application: Path,
    scans: tuple[Path, ...],
    as_json: bool,
    replace: bool,
    no_cache: bool,
    **how: Any,
) -> None:
    """收入盖章扫描件：辨认每一页，查齐、排好、转正，放进申报文件夹。

    扫描件可以是一个或几个 PDF、图片，页的次序、正反不论。认不准的会问，不会乱放；
    缺页、重复时什么也不写。
    """
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.jobs.signed_scans.scan_recognition import ScanOptions
        from sjs_forms.jobs.signed_scans.stamped_scans import file_stamped_scans, stamped_data

        recover_outputs(terminal, application)
        ask = None if as_json else answerable()(terminal.ask)
        options = ScanOptions(replaces=replace, cache=not no_cache, **how)
        taken = file_stamped_scans(application, scans, options, progress, ask)
    if as_json:
        terminal.result_json(stamped_data(taken))
    else:
        terminal.taken(taken, application)
    context.exit(exit_code_for(taken.findings))


@main.command()
@APPLICATION
@JSON
@DRAFT
@DIVIDERS
@NO_CACHE
@collection_paused()
def plan(
    application: Path, as_json: bool, draft: bool, dividers: "DividerColour", no_cache: bool
) -> None:
    """预演：逐面列出装订版，不写任何文件。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.base.manifest import as_plain
        from sjs_forms.jobs.options import Options
        from sjs_forms.jobs.pipeline import plan as run
        from sjs_forms.volume.plan_views import manifest_parts, manifest_sides

        recover_outputs(terminal, application)
        options = Options(draft=draft, cache=not no_cache, dividers=dividers)
        made, findings = run(application, options, progress)
    if as_json:
        terminal.result_json(
            {"parts": as_plain(manifest_parts(made)), "sides": as_plain(manifest_sides(made))}
        )
    else:
        terminal.findings(findings)
        terminal.plan(made)


@main.command()
@APPLICATION
@OUT
@DRAFT
@PAPER
@DIVIDERS
@SPLIT
@SPLIT_COLOUR
@SINCE
@NO_CACHE
@collection_paused()
def build(application: Path, out: Path, no_cache: bool, **how: Any) -> None:
    """生成可直接付印的装订版及全部文件。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.typesetting.typesetting_process import typesetter_of_job

        with (
            typesetter_of_job() as typesetter
        ):  # its process starts while other modules are imported
            from sjs_forms.jobs.options import Options
            from sjs_forms.jobs.pipeline import build as run

            recover_outputs(terminal, application, out)
            options = Options(cache=not no_cache, **how)
            built = run(application, out, options, progress, lambda: nullcontext(typesetter))
    terminal.findings(built.findings)
    terminal.built(built)
