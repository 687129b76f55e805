"""`new` and `schema`: begin an application or a roster."""

from pathlib import Path

import click

from sjs_forms.cli.chinese_click import ChineseOption
from sjs_forms.cli.command_options import PATH, PROGRAMME
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.terminal import OUT_FOLDER, Terminal, command


@main.command()
@click.argument("folder", metavar="文件夹", required=False, type=PATH)
@click.option("--sample", is_flag=True, help="放入一份完整的虚构样例，可直接生成。")
@click.option(
    "--excel",
    cls=ChineseOption,
    metavar="文件.xlsx",
    type=PATH,
    help="不建文件夹，改写一张 Excel 名册，每行填一个申报单位，供 batch 使用。",
)
@PROGRAMME
@click.pass_context
def new(
    context: click.Context,
    folder: Path | None,
    sample: bool,
    excel: Path | None,
    programme_id: str | None,
) -> None:
    """新建一个申报文件夹，或一张填写多个单位的名册。"""
    from sjs_forms.jobs.new_folder import make_folder, make_sample

    if excel is not None:
        _new_roster(excel, folder, sample, programme_id)
        return
    if folder is None:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    if sample:
        make_sample(folder, programme_id)
    else:
        make_folder(folder, programme_id)
    terminal = Terminal()
    if sample:
        terminal.say(f"已建好样例“{folder}”。接着：{command('build', folder, '-o', OUT_FOLDER)}")
    else:
        terminal.say(f"已建好“{folder}”。请填写其中的 application.json（或 Word 表格，再用 import")
        terminal.say("读回），办法见“填写说明”；材料放进 attachments，")
        terminal.say(f"再检查：{command('check', folder)}")


def _new_roster(excel: Path, folder: Path | None, sample: bool, programme_id: str | None) -> None:
    from sjs_forms.base.errors import UsageFault
    from sjs_forms.batch.roster.new_roster import make_roster

    if folder is not None or sample:
        other = " --sample " if sample else f"文件夹“{folder}”"
        raise UsageFault(
            f"--excel 不能与{other}一起用。", "要名册就只写 --excel，要申报文件夹就不写 --excel。"
        )
    make_roster(excel, programme_id)
    terminal = Terminal()
    terminal.result(str(excel))
    terminal.say(f"已建好名册“{excel}”。请每行填写一个申报单位，材料按其中“填写说明”放好，")
    terminal.say(f"再生成：{command('batch', excel, '-o', OUT_FOLDER)}")


@main.command()
@PROGRAMME
def schema(programme_id: str | None) -> None:
    """输出 application.json 的 JSON Schema，供编辑器提示。"""
    from sjs_forms.domain.answers.answer_schema import json_schema
    from sjs_forms.domain.installed_notices import load_programme

    Terminal().result_json(json_schema(load_programme(programme_id).fields))
