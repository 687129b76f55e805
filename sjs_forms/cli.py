"""The commands: parse, call, present. No rule lives here, and nothing heavy is imported early."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sjs_forms import __version__
from sjs_forms.clicking import ChineseGroup, ChineseOption
from sjs_forms.errors import ExitCode
from sjs_forms.terminal import Terminal

if TYPE_CHECKING:
    from sjs_forms.pipeline import Options

_APPLICATION = click.argument("application", metavar="申报文件夹", type=click.Path(path_type=Path))
_OUT = click.option(
    "-o",
    "--output",
    "out",
    cls=ChineseOption,
    required=True,
    metavar="文件夹",
    type=click.Path(path_type=Path),
    help="写到这个文件夹。",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
_DRAFT = click.option("--draft", is_flag=True, help="缺少的材料以“待补充”页代替，每页印“草稿”。")
_PAPER = click.option(
    "--paper",
    "stock",
    cls=ChineseOption,
    metavar="纸张",
    help="内页用纸，如 70g、80g，书脊随之；不写则用通知所定的。",
)
_NO_CACHE = click.option("--no-cache", is_flag=True, help="不使用、也不保留附件的处理结果。")


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="sjs-forms %(version)s", help="显示版本。")
def main() -> None:
    """石景山区建设产业服务平台支持资金：申报书、承诺书与装订版。

    \b
    第一次使用：
      sjs-forms new 我的申报           新建文件夹，填写其中的 application.json，
                                       把材料放进 attachments
      sjs-forms check 我的申报         检查
      sjs-forms build 我的申报 -o 成册  生成装订版
    """


@main.command()
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@click.option("--sample", is_flag=True, help="放入一份完整的虚构样例，可直接生成。")
def new(folder: Path, sample: bool) -> None:
    """新建一个申报文件夹。"""
    from sjs_forms.starter import make_folder, make_sample

    (make_sample if sample else make_folder)(folder)
    terminal = Terminal()
    if sample:
        terminal.say(f"已建好样例“{folder}”。接着：sjs-forms build {folder} -o 成册")
    else:
        terminal.say(f"已建好“{folder}”。请填写其中的 application.json，材料放进 attachments，")
        terminal.say(f"再检查：sjs-forms check {folder}")


@main.command()
@_APPLICATION
@_JSON
@_NO_CACHE
@click.pass_context
def check(context: click.Context, application: Path, as_json: bool, no_cache: bool) -> None:
    """检查申报内容和材料，一次列出所有问题。"""
    from sjs_forms.pipeline import check as run

    terminal = Terminal()
    with terminal.progress() as progress:
        findings = run(application, _options(no_cache=no_cache), progress)
    context.exit(terminal.report(findings, as_json))


@main.command()
@_APPLICATION
@_OUT
def fill(application: Path, out: Path) -> None:
    """生成附4-1 申报书和附4-2 承诺书（Word 和 PDF）。"""
    from sjs_forms.pipeline import fill as run

    terminal = Terminal()
    terminal.findings(run(application, out))
    terminal.say(f"申报书和承诺书已写到“{out}”。打印、签字、盖章后扫描，作为附件放回申报文件夹。")


@main.command()
@_APPLICATION
@_JSON
@_DRAFT
@_NO_CACHE
def plan(application: Path, as_json: bool, draft: bool, no_cache: bool) -> None:
    """预演：逐面列出装订版，不写任何文件。"""
    from sjs_forms.pipeline import plan as run
    from sjs_forms.views import manifest_parts, manifest_sides

    terminal = Terminal()
    with terminal.progress() as progress:
        made, findings = run(application, _options(draft, no_cache), progress)
    if as_json:
        terminal.result_json({"parts": manifest_parts(made), "sides": manifest_sides(made)})
    else:
        terminal.findings(findings)
        terminal.plan(made)


@main.command()
@_APPLICATION
@_OUT
@_DRAFT
@_PAPER
@_NO_CACHE
def build(application: Path, out: Path, draft: bool, stock: str | None, no_cache: bool) -> None:
    """生成可直接付印的装订版及全部文件。"""
    from sjs_forms.pipeline import build as run

    terminal = Terminal()
    with terminal.progress() as progress:
        built = run(application, out, _options(draft, no_cache, stock), progress)
    terminal.findings(built.findings)
    terminal.built(built)


@main.command()
@click.argument("folder", metavar="成册文件夹", type=click.Path(path_type=Path))
@_JSON
@click.pass_context
def verify(context: click.Context, folder: Path, as_json: bool) -> None:
    """核对生成好的文件夹：文件未被改动，页数、页码、彩页符合通知要求。"""
    from sjs_forms.verify import verify_folder

    terminal = Terminal()
    findings = verify_folder(folder)
    code = terminal.report(findings, as_json)
    if code == ExitCode.DONE and not as_json:
        terminal.say(f"“{folder}”完好，与清单一致。")
    context.exit(code)


@main.command()
def schema() -> None:
    """输出 application.json 的 JSON Schema，供编辑器提示。"""
    from sjs_forms.application import json_schema

    Terminal().result_json(json_schema())


@main.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """检查这台机器缺什么、怎样补齐。"""
    from sjs_forms.doctor import examine

    terminal = Terminal()
    symptoms = examine()
    terminal.symptoms(symptoms)
    if any(symptom.blocking and not symptom.ok for symptom in symptoms):
        context.exit(ExitCode.MACHINE)


def _options(draft: bool = False, no_cache: bool = False, stock: str | None = None) -> "Options":
    from sjs_forms.pipeline import Options

    return Options(draft=draft, cache=not no_cache, stock=stock)
