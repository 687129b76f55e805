"""Arguments and options shared by several commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sjs_forms.cli.chinese_click import ChineseChoice, ChineseOption

PATH = click.Path(readable=False, path_type=Path)
"""A path that click does not check: the function that reads it reports errors in Chinese."""

APPLICATION = click.argument("application", metavar="申报文件夹", type=PATH)
OUT = click.option(
    "-o",
    "--output",
    "out",
    cls=ChineseOption,
    required=True,
    metavar="文件夹",
    type=PATH,
    help="写到这个文件夹。",
)
PROGRAMME = click.option(
    "--programme",
    "programme_id",
    cls=ChineseOption,
    metavar="通知",
    help="装有几个申报通知时写明哪一个。",
)
JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
DRAFT = click.option("--draft", is_flag=True, help="缺少的材料以“待补充”页代替，每页印“草稿”。")
PAPER = click.option(
    "--paper",
    "stock",
    cls=ChineseOption,
    metavar="纸张",
    help="内页用纸，如 70g、80g，书脊随之；不写则用通知所定的。",
)
DIVIDERS = click.option(
    "--dividers",
    type=ChineseChoice(["ink", "paper"]),
    default="ink",
    metavar="ink|paper",
    help="彩页的颜色：ink 彩色打印（默认）；paper 白底黑字，印在彩纸上。",
)
SPLIT_COLOUR = click.option(
    "--split-colour",
    is_flag=True,
    help="另写彩页.pdf、内页.pdf 和合册表.csv，供彩色与黑白分开印的印厂使用。",
)
SINCE = click.option(
    "--since",
    cls=ChineseOption,
    metavar="原成册文件夹",
    type=PATH,
    help="与先前印好的一册比较：哪些张留用，哪些重印，哪些是新的。",
)
SPLIT = click.option(
    "--split", is_flag=True, help="太厚装不成一册时，在各件材料之间分成第一册、第二册……"
)
WORD_FILES = click.argument(
    "files",
    metavar="Word文件...",
    nargs=-1,
    required=True,
    type=PATH,
)
NO_CACHE = click.option("--no-cache", is_flag=True, help="不使用、也不保留附件的处理结果。")


_Command = TypeVar("_Command", bound=Callable[..., Any])


def _pem(name: str, what: str) -> Callable[[_Command], _Command]:
    return click.option(
        name,
        cls=ChineseOption,
        metavar="文件",
        type=PATH,
        help=f"连接集群用的{what}（PEM 文件），三个一起给。",
    )


TLS_CA = _pem("--tls-ca", "签发机构证书")
TLS_CERT = _pem("--tls-cert", "本机证书")
TLS_KEY = _pem("--tls-key", "本机私钥")
INSECURE = click.option("--insecure", is_flag=True, help="集群没有加密也用；只在整个网络都可信时。")
