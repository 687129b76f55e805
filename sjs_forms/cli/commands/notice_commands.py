"""Commands for the author of a notice: `notice new`, `notice list` and `notice check`."""

from pathlib import Path

import click

from sjs_forms.base.errors import ExitCode
from sjs_forms.cli.command_options import PATH
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.terminal import Terminal, command


@main.group()
def notice() -> None:
    """新建、查看、检查申报通知的文件夹，供编写通知的人使用。"""


@notice.command("new")
@click.argument("folder", metavar="通知文件夹", type=PATH)
def make_notice(folder: Path) -> None:
    """新建一个申报通知的文件夹，里面是一份可以直接使用的小例子。"""
    from sjs_forms.jobs.notices.notice_jobs import new_notice

    new_notice(folder)
    terminal = Terminal()
    trial = command("--notices", folder, "new", "试填", "--programme", folder.absolute().name)
    terminal.say(f"已建好通知“{folder}”：一张表，八项内容，三种材料。")
    terminal.say(
        "照您的通知改写其中的 programme.toml、fields.toml 和 forms，写法见其中的“编写说明.md”。"
    )
    terminal.say(f"改后检查：{command('notice', 'check', folder)}")
    terminal.say(f"试着填写：{trial}")


@notice.command("list")
def list_notices() -> None:
    """列出装有的申报通知。"""
    from sjs_forms.domain.installed_notices import barren_folders, hidden_notices
    from sjs_forms.jobs.notices.notice_jobs import installed_notices

    terminal = Terminal()
    for entry in installed_notices():
        terminal.result(f"{entry.id}\t{entry.title or entry.problem}\t{entry.folder}")
    for hidden, used in hidden_notices():
        terminal.say(f"【警告】“{hidden}”与“{used}”同名，没有用到；请给其中一个换一个 id。")
    for barren in barren_folders():
        terminal.say(f"【警告】{barren}请改正 --notices 或 SJS_FORMS_NOTICES。")


@notice.command("check")
@click.argument("folder", metavar="通知文件夹", type=PATH)
@click.pass_context
def check_folder(context: click.Context, folder: Path) -> None:
    """检查一个通知文件夹：两个 .toml 文件、表格模板和页面。"""
    from sjs_forms.jobs.notices.notice_jobs import check_notice

    terminal = Terminal()
    problems = check_notice(folder)
    for problem in problems:
        terminal.say(f"【错误】{problem}", fg="red")
    if problems:
        context.exit(ExitCode.FINDINGS)
    terminal.say("没有发现问题。", bold=True)
