"""The commands: parse, call, present. They contain no rules and import large modules lazily."""

import os
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sjs_forms import __version__
from sjs_forms.base.errors import ExitCode, exit_code_for
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.cli.chinese_click import ChineseGroup, ChineseOption, ChineseRange
from sjs_forms.cli.command_options import (
    APPLICATION,
    DIVIDERS,
    DRAFT,
    INSECURE,
    JSON,
    NO_CACHE,
    OUT,
    PAPER,
    PATH,
    PROGRAMME,
    SINCE,
    SPLIT,
    SPLIT_COLOUR,
    TLS_CA,
    TLS_CERT,
    TLS_KEY,
    WORD_FILES,
)
from sjs_forms.cli.interrupts import answerable, interruptible, job_progress
from sjs_forms.cli.terminal import OUT_FOLDER, Terminal, command

if TYPE_CHECKING:
    from sjs_forms.batch.cluster import Cluster
    from sjs_forms.domain.programme import DividerColour
    from sjs_forms.jobs.options import Options


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
    """石景山区建设产业服务平台支持资金：申报书、承诺书与装订版。

    \b
    第一次使用：
      sjs-forms web                    在浏览器里填写、放材料、生成；或者：
      sjs-forms new 我的申报           新建文件夹，填写其中的 application.json，
                                       把材料放进 attachments
      sjs-forms check 我的申报         检查
      sjs-forms build 我的申报 -o 成册  生成装订版
    """
    from sjs_forms.base.output.temporary_folders import sweep

    if notices is not None:
        _add_notices(notices)
    sweep()


def _add_notices(folder: Path) -> None:
    """Have this process and those that it starts find the notices of a folder."""
    from sjs_forms.domain.programme import NOTICES_VARIABLE

    further = os.environ.get(NOTICES_VARIABLE)
    every = [str(folder.absolute()), *([further] if further else [])]
    os.environ[NOTICES_VARIABLE] = os.pathsep.join(every)


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
        make_sample(folder)
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
@APPLICATION
@JSON
@NO_CACHE
@click.pass_context
@collection_paused()
def check(context: click.Context, application: Path, as_json: bool, no_cache: bool) -> None:
    """检查申报内容和材料，一次列出所有问题。"""
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.jobs.pipeline import check as run

        _recover(terminal, application)
        findings = run(application, _options(no_cache=no_cache), progress)
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

        _recover(terminal, application, out)
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
    "wishes",
    cls=ChineseOption,
    multiple=True,
    metavar="页=表:页[:转角]",
    help="说明扫描件的某一页是什么，如 --as 3=附4-1:2，照原样放；要转的写明顺时针转多少度，"
    "如 --as 3=附4-1:2:180；不要的页写 --as 4=不用。可写多次。",
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
        from sjs_forms.jobs.stamped_scans import ScanOptions, take_stamped, taken_data

        _recover(terminal, application)
        ask = None if as_json else answerable()(terminal.ask)
        options = ScanOptions(replaces=replace, cache=not no_cache, **how)
        taken = take_stamped(application, scans, options, progress, ask)
    if as_json:
        terminal.result_json(taken_data(taken))
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
        from sjs_forms.jobs.pipeline import plan as run
        from sjs_forms.volume.plan_views import manifest_parts, manifest_sides

        _recover(terminal, application)
        made, findings = run(application, _options(draft, no_cache, dividers), progress)
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
        from sjs_forms.typesetting.typesetting_process import for_one_job

        with for_one_job() as typesetter:  # it starts while the rest of this program is loaded
            from sjs_forms.jobs.options import Options
            from sjs_forms.jobs.pipeline import build as run

            _recover(terminal, application, out)
            options = Options(cache=not no_cache, **how)
            built = run(application, out, options, progress, lambda: nullcontext(typesetter))
    terminal.findings(built.findings)
    terminal.built(built)


@main.command()
@click.argument("source", metavar="来源", type=PATH)
@OUT
@click.option(
    "-j",
    "--jobs",
    cls=ChineseOption,
    type=ChineseRange(1, 256),
    metavar="份数",
    help="同时做几份；不写则与处理器核数相同。",
)
@click.option(
    "--scheduler",
    cls=ChineseOption,
    metavar="地址",
    help="交给 Dask 集群去做，如 tls://192.168.1.5:8786。",
)
@TLS_CA
@TLS_CERT
@TLS_KEY
@INSECURE
@click.option("--fresh", is_flag=True, help="全部重新生成，没有变动的也不例外。")
@DRAFT
@PAPER
@DIVIDERS
@SPLIT
@SPLIT_COLOUR
@NO_CACHE
@click.pass_context
def batch(context: click.Context, /, source: Path, out: Path, no_cache: bool, **how: Any) -> None:
    """批量生成：一次做许多份，再次运行只做有变动的。

    来源是装有许多申报文件夹的文件夹，或一行一家单位的 Excel 表（.xlsx）、
    JSON 数组、JSON Lines 文件。
    """
    terminal = Terminal()
    with interruptible() as stopped:
        with terminal.progress():
            from sjs_forms.batch.batch_run import BatchOptions, executor_at
            from sjs_forms.batch.batch_run import batch as run
            from sjs_forms.batch.report import REPORT_CSV, REPORT_JSON
            from sjs_forms.cli.batch_terminal import ended, watching
            from sjs_forms.jobs.options import Options

            cluster = _cluster(*(how.pop(name) for name in _CLUSTER_OPTIONS))
            executor, fresh = executor_at(cluster, how.pop("jobs")), how.pop("fresh")
            options = Options(cache=not no_cache, **how)
        with watching(terminal) as watch:
            done = run(source, out, BatchOptions(options, executor, fresh), watch, stopped)
    terminal.result(str(out / REPORT_CSV))
    terminal.result(str(out / REPORT_JSON))
    ended(terminal, done)
    if not done.complete:
        context.exit(ExitCode.INTERRUPTED)
    context.exit(ExitCode.BATCH if done.failed else ExitCode.DONE)


_CLUSTER_OPTIONS = ("scheduler", "tls_ca", "tls_cert", "tls_key", "insecure")


def _cluster(
    address: str | None, ca: Path | None, cert: Path | None, key: Path | None, insecure: bool
) -> "Cluster | None":
    """Return the cluster from the options of `batch`. Raises UsageFault if they are
    inconsistent.
    """
    from sjs_forms.base.errors import UsageFault

    given = [path for path in (ca, cert, key) if path]
    if address is None:
        if given or insecure:
            raise UsageFault(
                "--tls-ca、--tls-cert、--tls-key 和 --insecure 只与 --scheduler 一起用。",
                "在本机批量生成时，请去掉它们。",
            )
        return None
    from sjs_forms.batch.cluster import Certificates, Cluster

    if ca and cert and key:
        return Cluster(address, Certificates(ca, cert, key), insecure)
    if given:
        raise UsageFault(
            "TLS 需要三个文件：--tls-ca、--tls-cert、--tls-key。", "请把没有给的也写上。"
        )
    return Cluster(address, None, insecure)


@main.command()
@click.argument("folder", metavar="成册文件夹", type=PATH)
@JSON
@click.pass_context
def verify(context: click.Context, folder: Path, as_json: bool) -> None:
    """核对生成好的文件夹：文件未被改动，页数、页码、彩页符合通知要求。

    给出批量生成的文件夹，则逐家核对。
    """
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.batch.builds_inspection import inspect

        _recover(terminal, folder)
        inspection = inspect(folder, progress)
    context.exit(terminal.inspected(inspection, folder, as_json))


@main.command()
@click.argument("folder", metavar="成册文件夹", type=PATH)
@click.option(
    "-o",
    "--output",
    "out",
    cls=ChineseOption,
    metavar="文件",
    type=PATH,
    help="样张写到这个 PDF；不写则放在成册文件夹旁边。",
)
@click.option(
    "--pictures",
    cls=ChineseOption,
    metavar="文件夹",
    type=PATH,
    help="另把各面存成 PNG 图片，放进这个文件夹。",
)
@click.option("--sides", metavar="面", help="只要这几面的图片，如 1-5 或 1,3,7-9。")
@click.option(
    "--dpi",
    type=ChineseRange(20, 600),
    default=100,
    metavar="数字",
    help="图片的精细程度，20 至 600，不写为 100。",
)
@collection_paused()
def proof(
    folder: Path, out: Path | None, pictures: Path | None, sides: str | None, dpi: int
) -> None:
    """把成册做成样张：像书翻开在桌上那样逐页对开，付印前核对用。"""
    from sjs_forms.base.errors import UsageFault
    from sjs_forms.volume.built_folder import volumes_of

    if sides and not pictures:
        raise UsageFault("--sides 只与 --pictures 一起用。", "请同时写 --pictures 文件夹。")
    volumes = volumes_of(folder)
    if out and len(volumes) > 1:
        names = "、".join(volume.name for volume in volumes)
        raise UsageFault(f"“{folder}”里有几册（{names}）。", "用 -o 时请给出其中一册的文件夹。")
    for volume in volumes:
        _proof(volume, out)
        if pictures:
            place = pictures if volume == folder else pictures / volume.name
            _pictures(volume, place, sides, dpi)


def _proof(volume: Path, out: Path | None) -> None:
    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.printing.proof import LIMIT, default_target, write_proof

        target = out or default_target(volume)
        _recover(terminal, target)
        made = write_proof(volume, target, progress)
    _say_kept(terminal, made.kept)
    terminal.result(str(made.path))
    size = f"{made.bytes / 1e6:.1f} MB"
    if made.bytes > LIMIT:
        terminal.say(f"样张共 {made.spreads} 页，已压到最小仍有 {size}，可能不便邮寄。")
    else:
        terminal.say(f"样张共 {made.spreads} 页，{size}，其中图片精度至少每英寸 {made.dpi} 点。")


def _pictures(volume: Path, place: Path, sides: str | None, dpi: int) -> None:
    from sjs_forms.printing.proof import write_pictures

    terminal = Terminal()
    _recover(terminal, place)
    count, kept = write_pictures(volume, place, sides, dpi)
    _say_kept(terminal, kept)
    terminal.result(str(place))
    terminal.say(f"已存 {count} 面的图片，每英寸 {dpi} 点。")


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
    """把填好的 Word 申报书、承诺书读回 application.json。"""
    from sjs_forms.jobs.word_answers import import_forms

    terminal = Terminal()
    _recover(terminal, out)
    imported = import_forms(files, out, programme_id, force=force)
    context.exit(terminal.imported(imported, as_json))


@main.command()
@APPLICATION
@WORD_FILES
@JSON
@click.pass_context
def diff(context: click.Context, application: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """逐项对照 application.json 与 Word 表格，有不同时返回 3。"""
    from sjs_forms.jobs.word_answers import diff_forms

    terminal = Terminal()
    _recover(terminal, application)
    unlike, findings = diff_forms(application, files)
    context.exit(terminal.differences(unlike, findings, as_json))


@main.command()
@PROGRAMME
def schema(programme_id: str | None) -> None:
    """输出 application.json 的 JSON Schema，供编辑器提示。"""
    from sjs_forms.domain.answers.answer_schema import json_schema
    from sjs_forms.domain.programme import load_programme

    Terminal().result_json(json_schema(load_programme(programme_id).fields))


@main.group()
def notice() -> None:
    """查看、检查申报通知的文件夹，供编写通知的人使用。"""


@notice.command("list")
def list_notices() -> None:
    """列出装有的申报通知。"""
    from sjs_forms.jobs.notices import installed_notices

    terminal = Terminal()
    for entry in installed_notices():
        terminal.result(f"{entry.id}\t{entry.title or entry.problem}\t{entry.folder}")


@notice.command("check")
@click.argument("folder", metavar="通知文件夹", type=PATH)
@click.pass_context
def check_folder(context: click.Context, folder: Path) -> None:
    """检查一个通知文件夹：两个 .toml 文件、表格模板和页面。"""
    from sjs_forms.jobs.notices import check_notice

    terminal = Terminal()
    problems = check_notice(folder)
    for problem in problems:
        terminal.say(f"【错误】{problem}", fg="red")
    if problems:
        context.exit(ExitCode.FINDINGS)
    terminal.say("没有发现问题。", bold=True)


@main.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """检查这台机器缺什么、怎样补齐。"""
    from sjs_forms.jobs.doctor import examine

    terminal = Terminal()
    symptoms = examine()
    terminal.symptoms(symptoms)
    if any(symptom.blocking and not symptom.ok for symptom in symptoms):
        context.exit(ExitCode.MACHINE)


def _recover(terminal: Terminal, *targets: Path) -> None:
    """Repair what an earlier run left when it was killed while writing one of these; report it."""
    from sjs_forms.base.output.output_folder import recover

    for target in targets:
        for told in recover(target):
            terminal.say(told)


def _say_kept(terminal: Terminal, names: Iterable[str]) -> None:
    for name in names:
        terminal.say(f"原有的同名文件不是本软件生成的，已改名保留为“{name}”。")


def _options(
    draft: bool = False, no_cache: bool = False, dividers: "DividerColour" = "ink"
) -> "Options":
    from sjs_forms.jobs.options import Options

    return Options(draft=draft, cache=not no_cache, dividers=dividers)
