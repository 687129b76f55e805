"""What a person sees: results to stdout, messages to stderr, colour only on a terminal."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from sjs_forms.errors import ExitCode, Fault, Refused, SjsFormsError, exit_code_for
from sjs_forms.findings import Finding, blocking

if TYPE_CHECKING:
    from sjs_forms.doctor import Symptom
    from sjs_forms.pipeline import Built
    from sjs_forms.plan import BindingPlan

DEBUG = "SJS_FORMS_DEBUG"
"""Set this variable to have the traceback of a fault of ours shown."""

_KINDS = {
    "cover": "封面",
    "contents": "目录",
    "divider": "彩页",
    "form": "表格",
    "attachment": "附件",
    "placeholder": "待补充",
    "blank": "空白",
}


class Terminal:
    """Prints; colour where stderr is a terminal and NO_COLOR is not set."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(errors="backslashreplace")
        self._colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str, **style: Any) -> None:
        """One message to stderr."""
        line = printable(text)
        click.echo(click.style(line, **style) if self._colour else line, err=True, color=True)

    def result(self, text: str) -> None:
        """One line of the result to stdout."""
        click.echo(printable(text))

    def result_json(self, value: Any) -> None:
        """A result for machines."""
        text = json.dumps(value, ensure_ascii=False, indent=1)
        click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))

    def findings(self, findings: Sequence[Finding]) -> None:
        """All findings, errors first."""
        for severity, mark, colour in (("error", "错误", "red"), ("warning", "提醒", "yellow")):
            for found in findings:
                if found.severity == severity:
                    self.say(f"【{mark}】{found.message}", fg=colour)
                    self.say(f"        {found.remedy}")

    def verdict(self, findings: Sequence[Finding]) -> None:
        """How many of each, in one line."""
        errors = len(blocking(findings))
        warnings = len(findings) - errors
        if errors:
            self.say(f"共 {errors} 处必须改正，{warnings} 处提醒。", bold=True)
        elif warnings:
            self.say(f"没有必须改正的问题，有 {warnings} 处提醒。", bold=True)
        else:
            self.say("没有发现问题。", bold=True)

    def plan(self, plan: "BindingPlan") -> None:
        """The volume as a table, one line a side."""
        self.result("面\t张\t正反\t页码\t内容")
        for side in plan.sides:
            face = "正面" if side.face == "recto" else "背面"
            what = plan.part(side.part).title if side.part else ""
            page = f"（原第 {side.source_page} 页）" if side.source_page else ""
            self.result(
                f"{side.side}\t{side.sheet}\t{face}\t{side.label or ''}\t"
                f"{_KINDS[side.kind]} {what}{page}".rstrip()
            )
        self.say(f"共 {len(plan.sides)} 面，{len(plan.sides) // 2} 张 A4 纸，双面打印。")

    def built(self, built: "Built") -> None:
        """The files and what paper they take."""
        for path in sorted(built.folder.iterdir()):
            self.result(str(path))
        sheets = len(built.plan.sides) // 2
        colours = "、".join(
            f"第 {built.plan.sides[part.first_side - 1].sheet} 张" for part in built.plan.dividers
        )
        self.say(f"装订版共 {len(built.plan.sides)} 面，每册 {sheets} 张 A4 纸，双面（长边翻转）。")
        self.say(f"彩页：{colours}。")

    def symptoms(self, symptoms: "Sequence[Symptom]") -> None:
        """What doctor found, one line each."""
        for symptom in symptoms:
            mark = "正常" if symptom.ok else "缺少" if symptom.blocking else "可选"
            self.result(f"[{mark}] {symptom.name}" + (f"：{symptom.detail}" if symptom.detail else ""))
            if not symptom.ok:
                self.result(f"        {symptom.remedy}")

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """A callback that keeps one line up to date on a terminal, and says nothing elsewhere."""
        if not sys.stderr.isatty():
            yield lambda stage, done, total: None
            return

        def show(stage: str, done: int, total: int) -> None:
            count = f" {done}/{total}" if total > 1 else ""
            click.echo(f"\r\x1b[K{stage}{count} …", nl=False, err=True)

        try:
            yield show
        finally:
            click.echo("\r\x1b[K", nl=False, err=True)


def printable(text: str) -> str:
    """Text with control characters made visible, so that data cannot steer the terminal."""
    return "".join(
        c if c in "\n\t" or not _steers(c) else f"\\u{ord(c):04x}" for c in text
    )


def _steers(character: str) -> bool:
    point = ord(character)
    return point < 32 or 127 <= point < 160 or 0xD800 <= point < 0xE000 or (
        0x202A <= point <= 0x202E or 0x2066 <= point <= 0x2069
    )


def chinese_group() -> type[click.Group]:
    """A click group that answers every error in Chinese with the contract's exit code."""
    return _ChineseGroup


class _ChineseGroup(click.Group):
    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = ExitCode.DONE
        except (click.Abort, KeyboardInterrupt):
            Terminal().say("已中断，没有写出任何文件。")
            code = 130
        except click.exceptions.Exit as leaving:
            code = leaving.exit_code
        except click.ClickException as problem:
            code = _usage(problem)
        except Refused as refused:
            terminal = Terminal()
            terminal.findings(refused.findings)
            terminal.verdict(refused.findings)
            code = exit_code_for(refused.findings)
        except SjsFormsError as problem:
            code = _failed(problem)
        except Exception as problem:
            if os.environ.get(DEBUG):
                raise
            code = _failed(Fault(f"内部错误：{type(problem).__name__}: {problem}"))
        sys.exit(code if isinstance(code, int) else 0)


def _failed(problem: SjsFormsError) -> ExitCode:
    terminal = Terminal()
    terminal.say(f"【错误】{problem.message}", fg="red")
    if problem.remedy:
        terminal.say(f"        {problem.remedy}")
    return problem.exit_code


def _usage(problem: click.ClickException) -> int:
    """click's own complaints in Chinese."""
    errors = click.exceptions
    message = problem.format_message()
    if isinstance(problem, errors.NoSuchOption):
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
        message = f"参数有误：{message}"
    elif isinstance(problem, errors.UsageError) and message.startswith("No such command"):
        message = f"没有这个命令：{message.removeprefix('No such command').strip(' .')}。"
    elif message.startswith("Got unexpected extra argument"):
        message = f"多余的内容：{message.partition('(')[2].rstrip(').')}。文件夹名含空格时请加引号。"
    context = getattr(problem, "ctx", None)
    command = context.command_path if context else "sjs-forms"
    terminal = Terminal()
    terminal.say(f"【错误】{message}", fg="red")
    terminal.say(f"        用法见：{command} --help")
    return ExitCode.USAGE
