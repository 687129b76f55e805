"""The entry point of the program: the commands, one of which starts the web interface.

`python -m sjs_forms` is `sjs-forms`.
"""

from sjs_forms.base.processes.isolated_python import trust_no_current_folder

if __name__ == "__main__":
    trust_no_current_folder()

from pathlib import Path

import click

from sjs_forms.cli.chinese_click import ChineseOption, ChineseRange
from sjs_forms.cli.command_options import PATH, PROGRAMME
from sjs_forms.cli.commands import main
from sjs_forms.cli.terminal import Terminal
from sjs_forms.cli.windowless import is_windowless

__all__ = ["main"]


@main.command()
@click.argument("application", metavar="[申报文件夹]", required=False, type=PATH)
@click.option(
    "--port",
    cls=ChineseOption,
    type=ChineseRange(1, 65535),
    metavar="端口",
    help="在本机的这个端口上打开；不写则自动选一个。",
)
@click.option("--no-browser", is_flag=True, help="不打开浏览器，只写出链接。")
@click.option(
    "--host-name",
    cls=ChineseOption,
    metavar="名字",
    help="除 127.0.0.1 外，也以这个名字称呼本机（如经由本机的转发访问时）。",
)
@PROGRAMME
def web(
    application: Path | None,
    port: int | None,
    no_browser: bool,
    host_name: str | None,
    programme_id: str | None,
) -> None:
    """在浏览器里填写、放材料、盖章、生成；不写文件夹则先选一份。"""
    from sjs_forms.web.serving import WebOptions, serve

    terminal = Terminal()

    def opened(link: str) -> None:
        terminal.result(link)
        terminal.say("页面已打开；上面的链接只能用一次。结束时在页面上点“退出”，或按 Ctrl-C。")
        if not no_browser:
            import webbrowser

            webbrowser.open(link)

    options = WebOptions(port, host_name, ends_alone=is_windowless(), programme_id=programme_id)
    serve(application, options, opened)


if __name__ == "__main__":
    main()
