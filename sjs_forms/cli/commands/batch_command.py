"""`batch`: builds many applications, here or on a cluster."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from sjs_forms.base.errors import ExitCode
from sjs_forms.base.processes.gc_pause import collect_rarely
from sjs_forms.cli.chinese_click import ChineseOption, ChineseRange
from sjs_forms.cli.command_options import (
    DIVIDERS,
    DRAFT,
    INSECURE,
    NO_CACHE,
    OUT,
    PAPER,
    PATH,
    PROGRAMME,
    SPLIT,
    SPLIT_COLOUR,
    TLS_CA,
    TLS_CERT,
    TLS_KEY,
)
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.interrupts import answerable, interruptible, job_progress
from sjs_forms.cli.terminal import Terminal

if TYPE_CHECKING:
    from sjs_forms.batch.execution.cluster import Cluster
    from sjs_forms.batch.execution.task import Work


@main.command()
@click.argument("sources", metavar="来源 …", nargs=-1, required=True, type=PATH)
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
@PROGRAMME
@click.option("--check", "work", flag_value="check", help="只检查，不生成；结果见总览、退补通知。")
@click.option(
    "--read", "reads", is_flag=True, help="与 --check 一起用，也读各家材料上写的，与表上比对。"
)
@click.option("--forms-only", "work", flag_value="forms", help="只生成各家的表格（Word 和 PDF）。")
@click.option(
    "--stamped",
    cls=ChineseOption,
    multiple=True,
    type=PATH,
    metavar="扫描件 …",
    help="收入一摞盖章扫描件（PDF、图片，可写几个）：按单位和表认出每一页，放到各家；不生成。",
)
@click.option(
    "--as",
    "decisions",
    cls=ChineseOption,
    multiple=True,
    metavar="页=编号:表:页[:转角]",
    help="与 --stamped 一起用，说明扫描件的某一页：--as 7=003:表的编号:2 是第 7 页"
    "为编号 003 那家这张表的第 2 页；不要的页写 --as 9=不用。可写多次。",
)
@click.option("--replace", is_flag=True, help="与 --stamped 一起用，换下已有的盖章扫描件。")
@click.option("--fresh", is_flag=True, help="全部重新生成，没有变动的也不例外。")
@DRAFT
@PAPER
@DIVIDERS
@SPLIT
@SPLIT_COLOUR
@click.option(
    "--since",
    cls=ChineseOption,
    metavar="原批量文件夹",
    type=PATH,
    help="与先前批量生成、已经印好的文件夹逐家比较：各家补印哪些张，见总览和印制单汇总。",
)
@NO_CACHE
@click.pass_context
def batch(
    context: click.Context, /, sources: tuple[Path, ...], out: Path, no_cache: bool, **how: Any
) -> None:
    """批量生成：一次做许多份，再次运行只做有变动的。

    来源是装有许多申报文件夹的文件夹（其中只有填好的 Word 表格也行），或一行一家单位的 Excel 表
    （.xlsx、.xls、.et、.csv）、JSON 数组、JSON Lines 文件；可写几个来源，合成一批。
    """
    pile = {name: how.pop(name) for name in ("stamped", "decisions", "replace")}
    if pile["stamped"]:
        if useless := _useless_for_piles(context):
            raise click.UsageError(
                f"--stamped 只收入扫描件，不检查也不生成，{'、'.join(useless)} 用不上。"
                "请去掉，单独收一次扫描件，再不带 --stamped 生成。"
            )
        context.exit(_file_pile(sources, out, not no_cache, pile, how["programme_id"]))
    if pile["decisions"] or pile["replace"]:
        raise click.UsageError("--as 和 --replace 只与 --stamped 一起用。")
    terminal = Terminal()
    collect_rarely()  # reading and writing about a thousand applicants makes no cycles
    with interruptible() as stopped:
        with terminal.progress():
            from sjs_forms.batch.batch_run import BatchOptions, executor_at
            from sjs_forms.batch.batch_run import batch as run
            from sjs_forms.batch.outputs.report import REPORT_CSV, REPORT_JSON
            from sjs_forms.cli.batch_terminal import ended, watching
            from sjs_forms.domain.installed_notices import load_programme
            from sjs_forms.jobs.options import Options

            cluster = _cluster(*(how.pop(name) for name in _CLUSTER_OPTIONS))
            executor, fresh = executor_at(cluster, how.pop("jobs")), how.pop("fresh")
            work = _work(how.pop("work"), how.pop("reads"))
            since = how.pop("since")
            _require_build(work, cluster, since)
            programme_id = how.pop("programme_id")
            if programme_id is not None:
                load_programme(programme_id)
            options = Options(cache=not no_cache, **how)
        with watching(terminal) as watch:
            chosen = BatchOptions(options, executor, fresh, programme_id, work, since)
            done = run(sources, out, chosen, watch, stopped)
    terminal.result(str(out / REPORT_CSV))
    terminal.result(str(out / REPORT_JSON))
    ended(terminal, done)
    if not done.complete:
        context.exit(ExitCode.INTERRUPTED)
    context.exit(ExitCode.BATCH if done.failed else ExitCode.DONE)


def _work(asked: "Work | None", reads: bool) -> "Work":
    """Return what is to be done with each application. Raises UsageError."""
    if not reads:
        return asked or "build"
    if asked != "check":
        raise click.UsageError("--read 只与 --check 一起用：batch … --check --read。")
    return "read"


_FOR_PILES = ("sources", "out", "programme_id", "stamped", "decisions", "replace", "no_cache")
"""Parameters that a pile of scans obeys."""


def _useless_for_piles(context: click.Context) -> list[str]:
    """Return the options on the command line that say nothing to a pile of scans."""
    return [
        max(option.opts, key=len)
        for option in context.command.params
        if option.name not in _FOR_PILES
        and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        and _is_chosen(option, context.params.get(option.name or ""))
    ]


def _is_chosen(option: click.Parameter, value: object) -> bool:
    """Return whether a value is this option's, of several that set the same parameter."""
    named = getattr(option, "flag_value", None)
    return not isinstance(named, str) or named == value


def _require_build(work: "Work", cluster: "Cluster | None", since: Path | None) -> None:
    """Raise UsageFault if options are given that belong to builds only."""
    from sjs_forms.base.errors import UsageFault

    if work == "build":
        return
    if cluster is not None:
        raise UsageFault(
            "--check 和 --forms-only 只在本机做。", "请去掉 --scheduler 和 --tls-…，再运行一次。"
        )
    if since is not None:
        raise UsageFault(
            "--since 只在生成成册时用。", "请去掉 --since，或去掉 --check、--forms-only。"
        )


def _file_pile(
    given: tuple[Path, ...],
    out: Path,
    cache: bool,
    pile: Mapping[str, Any],
    programme_id: str | None,
) -> ExitCode:
    """File a pile of stamped scans; papers among what is `given` belong to it."""
    from sjs_forms.base.errors import UsageFault, exit_code_for

    terminal = Terminal()
    with job_progress(terminal) as progress:
        from sjs_forms.batch.stamped_pile.pile_run import file_pile
        from sjs_forms.cli.pile_terminal import pile_ended
        from sjs_forms.domain.folder.other_kinds import is_paper
        from sjs_forms.jobs.signed_scans.scan_recognition import ScanOptions

        sources = tuple(path for path in given if path.is_dir() or not is_paper(path))
        scans = (*pile["stamped"], *(path for path in given if path not in sources))
        if not sources:
            raise UsageFault(
                "没有写明这些扫描件是哪一批单位的。",
                "请写上来源：装有各申报文件夹的文件夹，或名册（.xlsx、.csv、.json、.jsonl）。",
            )
        options = ScanOptions(tuple(pile["decisions"]), pile["replace"], cache=cache)
        ask = answerable()(terminal.ask)
        done = file_pile(sources, out, scans, options, progress, ask, programme_id)
    pile_ended(terminal, done, out)
    return exit_code_for(done.all_findings)


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
    from sjs_forms.batch.execution.cluster import Certificates, Cluster

    if ca and cert and key:
        return Cluster(address, Certificates(ca, cert, key), insecure)
    if given:
        raise UsageFault(
            "TLS 需要三个文件：--tls-ca、--tls-cert、--tls-key。", "请把没有给的也写上。"
        )
    return Cluster(address, None, insecure)
