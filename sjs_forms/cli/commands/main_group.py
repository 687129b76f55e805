"""The group of all commands: the options before a command, and the set-up before each."""

import os
from pathlib import Path

import click

from sjs_forms import __version__
from sjs_forms.cli.chinese_click import ChineseGroup, ChineseOption
from sjs_forms.cli.command_options import PATH


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="sjs-forms %(version)s", help="显示版本。")
@click.option(
    "--notices",
    cls=ChineseOption,
    metavar="文件夹",
    type=PATH,
    help="另有申报通知的文件夹；也可写在环境变量 SJS_FORMS_NOTICES 里。",
)
def main(notices: Path | None) -> None:
    """按申报通知填写表格，生成盖章用的表格、装订版和在线申报的文件。

    \b
    第一次使用：
      sjs-forms web                    在浏览器里填写、放材料、生成；或者：
      sjs-forms new 我的申报           新建文件夹，填写其中的 application.json，
                                       把材料放进 attachments
      sjs-forms check 我的申报         检查
      sjs-forms build 我的申报 -o 成册  生成装订版
    """
    from sjs_forms.base.output.temporary_folders import sweep

    _name_notices(notices)
    sweep()


def _name_notices(folder: Path | None) -> None:
    """Make this process and its children, which have another current folder, find more notices."""
    from sjs_forms.base.resources import NOTICES_VARIABLE, further_notice_folders

    every = [*([folder.absolute()] if folder else []), *further_notice_folders()]
    if every:
        os.environ[NOTICES_VARIABLE] = os.pathsep.join(map(str, every))
