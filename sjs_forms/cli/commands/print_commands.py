"""Commands on a finished folder, before it goes to the print shop: `verify` and `proof`."""

from pathlib import Path

import click

from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.cli.chinese_click import ChineseOption, ChineseRange
from sjs_forms.cli.command_options import JSON, PATH
from sjs_forms.cli.commands.earlier_outputs import recover_outputs, say_kept
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.interrupts import job_progress
from sjs_forms.cli.terminal import Terminal


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

        recover_outputs(terminal, folder)
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
        recover_outputs(terminal, target)
        made = write_proof(volume, target, progress)
    say_kept(terminal, made.kept)
    terminal.result(str(made.path))
    size = f"{made.bytes / 1e6:.1f} MB"
    if made.bytes > LIMIT:
        terminal.say(f"样张共 {made.spreads} 页，已压到最小仍有 {size}，可能不便邮寄。")
    else:
        terminal.say(f"样张共 {made.spreads} 页，{size}，其中图片精度至少每英寸 {made.dpi} 点。")


def _pictures(volume: Path, place: Path, sides: str | None, dpi: int) -> None:
    from sjs_forms.printing.proof import write_pictures

    terminal = Terminal()
    recover_outputs(terminal, place)
    count, kept = write_pictures(volume, place, sides, dpi)
    say_kept(terminal, kept)
    terminal.result(str(place))
    terminal.say(f"已存 {count} 面的图片，每英寸 {dpi} 点。")
