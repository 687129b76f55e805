"""`batch`: builds many applications, here or on a cluster."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sjs_forms.base.errors import ExitCode
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
from sjs_forms.cli.interrupts import interruptible
from sjs_forms.cli.terminal import Terminal

if TYPE_CHECKING:
    from sjs_forms.batch.cluster import Cluster
    from sjs_forms.batch.task import Work


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
@click.option("--forms-only", "work", flag_value="forms", help="只生成各家的表格（Word 和 PDF）。")
@click.option("--fresh", is_flag=True, help="全部重新生成，没有变动的也不例外。")
@DRAFT
@PAPER
@DIVIDERS
@SPLIT
@SPLIT_COLOUR
@NO_CACHE
@click.pass_context
def batch(
    context: click.Context, /, sources: tuple[Path, ...], out: Path, no_cache: bool, **how: Any
) -> None:
    """批量生成：一次做许多份，再次运行只做有变动的。

    来源是装有许多申报文件夹的文件夹，或一行一家单位的 Excel 表（.xlsx、.xls、.et、.csv）、
    JSON 数组、JSON Lines 文件；可写几个来源，合成一批。
    """
    terminal = Terminal()
    with interruptible() as stopped:
        with terminal.progress():
            from sjs_forms.batch.batch_run import BatchOptions, executor_at
            from sjs_forms.batch.batch_run import batch as run
            from sjs_forms.batch.report import REPORT_CSV, REPORT_JSON
            from sjs_forms.cli.batch_terminal import ended, watching
            from sjs_forms.domain.installed_notices import load_programme
            from sjs_forms.jobs.options import Options

            cluster = _cluster(*(how.pop(name) for name in _CLUSTER_OPTIONS))
            executor, fresh = executor_at(cluster, how.pop("jobs")), how.pop("fresh")
            work: Work = how.pop("work") or "build"
            programme_id = how.pop("programme_id")
            if programme_id is not None:
                load_programme(programme_id)
            options = Options(cache=not no_cache, **how)
        with watching(terminal) as watch:
            chosen = BatchOptions(options, executor, fresh, programme_id, work)
            done = run(sources, out, chosen, watch, stopped)
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
