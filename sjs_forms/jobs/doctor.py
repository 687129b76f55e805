"""Finds what this machine lacks, and says how to get it."""

import importlib
import importlib.metadata
import logging
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.resources import fonts_folder
from sjs_forms.base.system_errors import reason
from sjs_forms.domain.installed_notices import (
    barren_folders,
    hidden_notices,
    installed_programmes,
    load_programme,
)
from sjs_forms.intake import UserCache
from sjs_forms.intake.cache import check_writable
from sjs_forms.intake.office import soffice
from sjs_forms.intake.process.confinement import means
from sjs_forms.intake.process.worker_process import worker_means
from sjs_forms.reading.process.reading_process import reading_means

_log = logging.getLogger(__name__)

FONT_FILES = (
    "FandolFang-Regular.otf",
    "NotoSerifSC-Regular.ttf",
    "NotoSerifSC-Bold.ttf",
    "NotoSansSC-Medium.ttf",
    "DejaVuSans-Symbols.ttf",
    "NotoSerifSC-Latin.ttf",
    "NotoSerifSC-Digits.ttf",
    "NotoSerifSC-Regular-Rare.ttf",
    "NotoSerifSC-Bold-Rare.ttf",
    "NotoSansSC-Medium-Rare.ttf",
    "coverage.txt",
    "rare.txt",
    "widths.txt",
    "substitutes/FandolKai-Regular.otf",
    *(
        f"substitutes/Liberation{family}-{style}.ttf"
        for family in ("Serif", "Sans", "Mono")
        for style in ("Regular", "Bold", "Italic", "BoldItalic")
    ),
)
_LIBRARIES = (
    "docxtpl",
    "docx",
    "jinja2",
    "openpyxl",
    "pypdf",
    "pikepdf",
    "pdfminer",
    "pypdfium2",
    "img2pdf",
    "PIL",
    "pi_heif",
    "pydantic",
    "stdnum",
    "phonenumbers",
    "email_validator",
)

_TEMPORARY = {"win32": "TEMP"}
"""The environment variable for the temporary folder, by platform; elsewhere TMPDIR."""

_PROBE = 4_000_000
"""Bytes written to test whether a disk has room."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement and whether it is met. Without a `blocking` one nothing can be built."""

    name: str
    ok: bool
    blocking: bool
    detail: str = ""
    remedy: str = ""


def examine(platform: str = sys.platform) -> tuple[Requirement, ...]:
    """Examine Python, libraries, layout engine, fonts, notices and optional programs.

    Remedies are those of `platform`.
    """
    return (
        _python(),
        _libraries(platform),
        _layout_engine(),
        _fonts(),
        _notices(),
        _office(platform),
        _office_confinement(platform),
        _reader_confinement(platform),
        _recognition(),
        _disk(
            "附件缓存", False, lambda: UserCache().folder, "没有也能用，只是每次都要重新读取附件。"
        ),
        _disk(
            "临时文件夹",
            True,
            lambda: Path(tempfile.gettempdir()),
            f"也可以用环境变量 {_TEMPORARY.get(platform, 'TMPDIR')} 把它指到有空间的磁盘。",
        ),
    )


def _python() -> Requirement:
    version = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info >= (3, 11)
    return Requirement("Python", is_new, True, version, "请安装 Python 3.11 或更新的版本。")


def _libraries(platform: str) -> Requirement:
    missing = [name for name in _LIBRARIES if not _imports(name)]
    return Requirement(
        "Python 库",
        not missing,
        True,
        "、".join(missing),
        "请重新运行安装程序；用 pip 安装的，执行 py -m pip install --force-reinstall sjs-forms。"
        if platform == "win32"
        else "请重新安装：python -m pip install --force-reinstall sjs-forms",
    )


def _fonts() -> Requirement:
    lacking = [name for name in FONT_FILES if not (fonts_folder() / name).is_file()]
    return Requirement("随附字体", not lacking, True, "、".join(lacking), "请重新安装 sjs-forms。")


def _office(platform: str) -> Requirement:
    office = soffice()
    return Requirement(
        "LibreOffice（转换 Word、Excel、WPS 附件，核对 Word 与 PDF 是否一致用）",
        office is not None,
        False,
        str(office or ""),
        "没有也能用：请把 Office 附件（.doc、.wps 等）另存为 PDF；"
        "测试时不核对表格的 Word 与 PDF。"
        + (
            "要装的话，从 libreoffice.org 下载 Windows 版，双击安装。"
            if platform == "win32"
            else "Debian/Ubuntu：sudo apt-get install libreoffice；其他系统见 libreoffice.org。"
        ),
    )


def _office_confinement(platform: str) -> Requirement:
    shut_in = means()
    return Requirement(
        "LibreOffice 的隔离（打开材料时看不到本机其他文件，也不能联网）",
        shut_in is not None,
        False,
        shut_in or "",
        "没有也能用：新格式的 Office 文档先去掉指向文件之外的链接再转换，旧格式的请另存为 PDF。"
        + ("" if platform == "win32" else "Debian/Ubuntu：sudo apt-get install bubblewrap。"),
    )


def _recognition() -> Requirement:
    means = reading_means()
    lacking = [
        what
        for what, is_there in (
            ("扫描件上的文字不读", means.scans),
            ("发票二维码不读", means.codes),
            ("照片不拉平", means.photographs),
        )
        if not is_there
    ]
    return Requirement(
        "识别扫描件文字和发票二维码（check --read 用），拉平照片",
        not lacking,
        False,
        "",
        f"没有也能用：{'、'.join(lacking)}；PDF 里本来就有的文字都读。"
        "要装的话：pip install 'sjs-forms[read]'（约 400 MB）。",
    )


def _reader_confinement(platform: str) -> Requirement:
    held_by = worker_means()
    return Requirement(
        "读附件进程的隔离（打开 PDF、图片时看不到本机其他文件，也不能联网）",
        bool(held_by),
        False,
        "、".join(held_by),
        "没有也能用：读附件的进程仍由 Python 拦住读写别处和联网，但管不到程序库中的机器码。"
        + (
            "来历不明的附件请先用杀毒软件查一遍。"
            if platform == "win32"
            else "请用 5.13 或更新、启用了 Landlock 的 Linux 内核，或安装 bubblewrap。"
        ),
    )


def _disk(name: str, blocking: bool, place: Callable[[], Path], advice: str) -> Requirement:
    """Test whether files of some size can be written in one of our folders."""
    remedy = f"请检查磁盘空间和权限。{advice}"
    try:
        folder = place()
        check_writable(folder, _PROBE)
    except (OSError, RuntimeError) as problem:  # RuntimeError: a user without a home
        detail = reason(problem) if isinstance(problem, OSError) else str(problem)
        return Requirement(name, False, blocking, detail, remedy)
    return Requirement(name, True, blocking, str(folder))


def _imports(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        _log.info("%s does not load", name, exc_info=True)
        return False
    return True


def _layout_engine() -> Requirement:
    from sjs_forms.typesetting.html_pages import trial_run

    name = "WeasyPrint 与 Pango（排版）"
    try:
        trial_run()
    except SjsFormsError as problem:
        _log.info("%s does not work", name, exc_info=problem)
        return Requirement(name, False, True, problem.message, problem.remedy)
    return Requirement(name, True, True, importlib.metadata.version("weasyprint"))


def _notices() -> Requirement:
    """Check every notice and list all mistakes; blocks only if none can be used."""
    titles, problems, remedy = list[str](), list[str](), ""
    for found in installed_programmes():
        try:
            titles.append(load_programme(found).title)
        except SjsFormsError as problem:
            problems.append(problem.message)
            remedy = remedy or problem.remedy
    for hidden, used in hidden_notices():
        problems.append(f"“{hidden}”与“{used}”同名，没有用到。")
        remedy = remedy or "请给其中一个换一个 id（文件夹名），再试一次。"
    for barren in barren_folders():
        problems.append(f"SJS_FORMS_NOTICES 或 --notices 里的{barren}")
        remedy = remedy or "请改正文件夹的路径，或不写它。"
    detail = "".join(problems) or "、".join(titles)
    ok = bool(titles) and not problems
    return Requirement("申报通知", ok, not titles, detail, remedy or "请重新安装 sjs-forms。")
