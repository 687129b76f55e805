"""`import` and `diff`: the answers of filled Word forms."""

from pathlib import Path

import click

from sjs_forms.cli.chinese_click import ChineseOption
from sjs_forms.cli.command_options import APPLICATION, JSON, PATH, PROGRAMME, WORD_FILES
from sjs_forms.cli.commands.earlier_outputs import recover_outputs
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.interrupts import job_progress
from sjs_forms.cli.terminal import Terminal


@main.command("import")
@WORD_FILES
@click.option(
    "-o",
    "--output",
    "out",
    cls=ChineseOption,
    required=True,
    metavar="申报文件夹",
    type=PATH,
    help="写进这个申报文件夹（或 JSON 文件）；已有的内容和附件都保留，没有的就新建。",
)
@click.option("--force", is_flag=True, help="两边都填了而不同的，以 Word 为准；原文件另存为 .bak。")
@PROGRAMME
@JSON
@click.pass_context
def import_(
    context: click.Context,
    files: tuple[Path, ...],
    out: Path,
    force: bool,
    programme_id: str | None,
    as_json: bool,
) -> None:
    """把填好的 Word 表格读回 application.json。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.jobs.word_forms.form_import import import_forms

        recover_outputs(terminal, out)
        imported = import_forms(files, out, programme_id, force=force, progress=progress)
    context.exit(terminal.imported(imported, as_json))


@main.command()
@APPLICATION
@WORD_FILES
@JSON
@click.pass_context
def diff(context: click.Context, application: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """逐项对照 application.json 与 Word 表格，有不同时返回 3。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.jobs.word_forms.form_import import diff_forms

        recover_outputs(terminal, application)
        unlike, findings = diff_forms(application, files, progress)
    context.exit(terminal.differences(unlike, findings, as_json))
