"""click in Chinese: help, usage errors, and the exit code of every failure."""

import sys
from typing import Any

import click

from sjs_forms.base.errors import ExitCode, Refused, SjsFormsError, exit_code_for
from sjs_forms.base.processes.gc_pause import skip_final_collection
from sjs_forms.base.processes.isolated_python import trust_no_current_folder
from sjs_forms.base.progress import Cancelled
from sjs_forms.base.system_errors import as_own_error, settle_temporary_folder
from sjs_forms.cli import windowless
from sjs_forms.cli.interrupts import end_like_an_interrupt
from sjs_forms.cli.run_log import RunLog
from sjs_forms.cli.standard_streams import lost_output, steady_streams
from sjs_forms.cli.terminal import Terminal

_WARNING = 30
"""The value of logging.WARNING, so that `--help` need not import that module."""


class _ChineseFormatter(click.HelpFormatter):
    """click's headings in Chinese."""

    def write_usage(self, prog: str, args: str = "", _prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("[OPTIONS]", "[选项]"), "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading({"Options": "选项", "Commands": "命令"}.get(heading, heading))


class _ChineseContext(click.Context):
    formatter_class = _ChineseFormatter


class ChineseOption(click.Option):
    """An option with Chinese notes in its help."""

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return the notes that click puts in brackets after an option's help."""
        extra = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = "必填"
        return extra


class ChineseChoice(click.Choice[str]):
    """One of several words. Others are refused in Chinese."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or fail with a message that lists all words."""
        if value not in self.choices:
            self.fail(f"{value} 不在可选之列，可写 {' 或 '.join(self.choices)}。", param, ctx)
        return str(value)


class ChineseRange(click.ParamType[int]):
    """An integer from `least` to `most`."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self._span = range(least, most + 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or fail with a message that states the bounds."""
        text = str(value)
        if not text.isascii() or not text.isdigit() or int(text) not in self._span:
            bounds = f"{self._span[0]} 至 {self._span[-1]}"
            self.fail(f"{value} 不行，应写 {bounds} 的整数。", param, ctx)
        return int(text)


def _show_log(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    log = context.find_root().obj
    if asked and isinstance(log, RunLog):
        log.show()


class _ChineseHelp(click.Command):
    """A command, or all commands, with help in Chinese and the option --verbose."""

    context_class = _ChineseContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbose = click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_log,
            help="另把运行记录写到标准错误；报告问题时请一并附上。",
        )
        self.params.append(verbose)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示用法。"
        return option


class _ChineseCommand(_ChineseHelp):
    """A command with Chinese help."""


class _ChineseSubgroup(_ChineseHelp, click.Group):
    """A group of commands with Chinese help."""

    command_class = _ChineseCommand

    def collect_usage_pieces(self, _ctx: click.Context) -> list[str]:
        """Return what follows the group's name in the usage line."""
        return ["[选项]", "命令 …"]


class ChineseGroup(_ChineseSubgroup):
    """The group of all commands. Every failure ends with a Chinese sentence and an exit code."""

    group_class = _ChineseSubgroup

    def invoke(self, ctx: click.Context) -> Any:
        """Begin the log of the run, then run the command."""
        if isinstance(ctx.obj, RunLog):
            ctx.obj.begin()
        return super().invoke(ctx)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and exit the process with the contract's exit code."""
        kwargs["standalone_mode"] = False
        kwargs["obj"] = log = RunLog()
        trust_no_current_folder()
        skip_final_collection()
        if (file := windowless.begin()) is not None:
            steady_streams(file)
            log.show(_WARNING)
        else:
            steady_streams()
        end_like_an_interrupt()
        try:
            settle_temporary_folder()
            Terminal()  # before click prints anything: makes the streams accept every character
            code = super().main(*args, **kwargs)
        except (click.Abort, KeyboardInterrupt, Cancelled):
            Terminal().say("已中断。没有做完的不会留下；再运行一次同样的命令即可。")
            code = ExitCode.INTERRUPTED
        except click.exceptions.Exit as leaving:
            code = leaving.exit_code
        except click.ClickException as problem:
            code = _usage(problem)
        except Refused as refused:
            terminal = Terminal()
            terminal.findings(refused.findings)
            terminal.verdict(refused.findings)
            code = exit_code_for(refused.findings)
        except Exception as problem:
            code = _failed(as_own_error(problem))
        log.end()
        sys.stdout.flush()
        if lost := lost_output():
            Terminal().say(f"【提醒】结果没有全部写到标准输出：{lost}。")
        sys.exit(code if isinstance(code, int) else 0)


def _failed(problem: SjsFormsError) -> ExitCode:
    terminal = Terminal()
    terminal.say(f"【错误】{problem.message}", fg="red")
    if problem.remedy:
        terminal.say(f"        {problem.remedy}")
    windowless.tell(problem.message, problem.action if problem.remedy else "")
    return problem.exit_code


def _usage(problem: click.ClickException) -> int:
    """Report click's usage errors in Chinese."""
    errors = click.exceptions
    message = problem.format_message()
    details = ""
    if isinstance(problem, errors.NoArgsIsHelpError):
        message, details = "没有写明命令。", message
    elif isinstance(problem, errors.NoSuchOption):
        message = f"没有选项 {problem.option_name}。"
        if problem.possibilities:
            message += f"是否想写 {'、'.join(sorted(problem.possibilities))}？"
    elif isinstance(problem, errors.MissingParameter):
        name = problem.param.make_metavar(problem.ctx) if problem.param and problem.ctx else ""
        options = "/".join(problem.param.opts) if isinstance(problem.param, click.Option) else ""
        message = f"缺少 {options or name}。"
    elif isinstance(problem, errors.BadOptionUsage):
        message = f"选项 {problem.option_name} 后面缺少内容或写法不对。"
    elif isinstance(problem, errors.BadParameter):
        options = "/".join(problem.param.opts) if isinstance(problem.param, click.Option) else ""
        message = f"{f'选项 {options} ' if options else '参数'}有误：{problem.message}"
    elif isinstance(problem, errors.UsageError) and message.startswith("No such command"):
        message = f"没有这个命令：{message.split(chr(39))[1]}。"
    elif message.startswith("Got unexpected extra argument"):
        extra = message.partition("(")[2].rstrip(").")
        message = f"多余的内容：{extra}。文件夹名含空格时请加引号。"
    context = getattr(problem, "ctx", None)
    command = context.command_path if context else "sjs-forms"
    terminal = Terminal()
    terminal.say(f"【错误】{message}", fg="red")
    terminal.say(details or f"        用法见：{command} --help")
    windowless.tell(message, details)
    return ExitCode.USAGE
