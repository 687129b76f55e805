"""The routes people use today, as commands: LibreOffice, Chromium, Typst, and qpdf to merge.

Each is given the best case: its inputs lie ready (filled forms, filled HTML, images already turned
into PDF), its profile and font cache are warm, the fonts are ours, and what it leaves undone
(dividers, numbers, bookmarks, checks) costs it nothing.
"""

import importlib.util
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.applications import another
from benchmarks.measuring import Command
from benchmarks.pages import Subject, filled_html, page_data, plan_of
from sjs_forms.base.resources import fonts_folder

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = {"soffice": "LibreOffice", "qpdf": "qpdf", "chromium": "Chromium", "typst": "Typst"}

_ALIASES = {
    "仿宋_GB2312": "FandolFang",
    "黑体": "Noto Sans SC",
    "方正小标宋简体": "Noto Serif SC",
    "宋体": "Noto Serif SC",
}
_TYPST_FONTS = (
    "DejaVuSans-Symbols.ttf",
    "FandolFang-Regular.otf",
    "NotoSansSC-Medium.ttf",
    "NotoSerifSC-Bold.ttf",
    "NotoSerifSC-Regular.ttf",
)
_CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--no-pdf-header-footer",
)


def program(name: str) -> str | None:
    """Where a program of MISSING is, or None. Typst is a Python package."""
    if name == "typst":
        return sys.executable if importlib.util.find_spec("typst") else None
    names = CHROMIUMS if name == "chromium" else (name,)
    return next((found for one in names if (found := shutil.which(one))), None)


def lacking(*names: str) -> str:
    """The programs that are not installed, for people; empty where all are."""
    return ", ".join(MISSING[name] for name in names if program(name) is None)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scratch folder in which all inputs of the other routes lie ready."""

    folder: Path
    merged: tuple[str, ...]
    """What qpdf is told of the attachments: files, and the password of one that has one."""

    def made(self, name: str) -> Path:
        """Where a route puts a PDF that it makes."""
        return self.folder / "made" / f"{name}.pdf"

    @property
    def data(self) -> Path:
        """What Typst fills the pages from."""
        return self.folder / "data.json"

    @property
    def typst_fonts(self) -> Path:
        """The fonts for Typst: those of the pages, each family once."""
        return self.folder / "fonts"


def prepare(subject: Subject, folder: Path) -> Prepared:
    """Make all inputs of the other routes from an application."""
    from sjs_forms.typesetting.word_filling import fill_word

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "made").mkdir(parents=True)
    programme = subject.programme
    data = page_data(subject, subject.application, plan_of(subject))
    for form in programme.forms:
        (folder / f"{form.id}.docx").write_bytes(fill_word(programme, form.id, data["form"]))
    for name, html in filled_html(subject, data).items():
        base = f'<head>\n<base href="{programme.folder.as_uri()}/">'
        (folder / f"{name}.html").write_text(html.replace("<head>", base, 1), encoding="utf-8")
    prepared = Prepared(folder, tuple(_merged(subject, folder)))
    prepared.data.write_text(as_json(data), encoding="utf-8")
    prepared.typst_fonts.mkdir()
    for name in _TYPST_FONTS:
        shutil.copyfile(fonts_folder() / name, prepared.typst_fonts / name)
    (folder / "fonts.conf").write_text(_fontconfig(folder), encoding="utf-8")
    return prepared


def as_json(data: dict[str, Any]) -> str:
    """Page data for Typst."""
    return json.dumps(data, ensure_ascii=False, default=asdict)


def others_data(subject: Subject, count: int) -> list[str]:
    """Page data of `count` other applicants."""
    plan = plan_of(subject)
    others = (another(subject.application, number) for number in range(count))
    return [as_json(page_data(subject, who, plan)) for who in others]


def word_to_pdf(prepared: Prepared) -> Command:
    """LibreOffice: both filled Word forms to PDF, in one process."""
    forms = sorted(str(path) for path in prepared.folder.glob("*.docx"))
    profile = (prepared.folder / "profile").as_uri()
    quiet = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck")
    target = ("--convert-to", "pdf", "--outdir", str(prepared.folder / "made"))
    words = (program("soffice") or "", f"-env:UserInstallation={profile}", *quiet, *target, *forms)
    fonts = {"FONTCONFIG_FILE": str(prepared.folder / "fonts.conf"), "SAL_USE_VCLPLUGIN": "svp"}
    return Command(words, fonts)


def html_to_pdf(prepared: Prepared) -> tuple[Command, ...]:
    """Chromium: our filled HTML printed to PDF, a process for each file, as it is done."""
    profile = f"--user-data-dir={prepared.folder / 'chromium'}"
    return tuple(
        Command(
            (
                program("chromium") or "",
                *_CHROMIUM_FLAGS,
                profile,
                f"--print-to-pdf={prepared.made(path.stem)}",
                path.as_uri(),
            )
        )
        for path in sorted(prepared.folder.glob("*.html"))
    )


def typst_process(prepared: Prepared) -> Command:
    """Typst: the same pages, in a process of their own."""
    given = (prepared.data, prepared.typst_fonts, prepared.folder / "made")
    return Command((sys.executable, "-m", "benchmarks.typeset", *map(str, given)))


def merge(prepared: Prepared, before: Sequence[str], after: Sequence[str]) -> Command:
    """Qpdf: PDFs made by name, the attachments, PDFs made by name, one after the other."""
    first = (str(prepared.made(name)) for name in before)
    last = (str(prepared.made(name)) for name in after)
    return merge_files((*first, *prepared.merged, *last), prepared.made("merged"))


def merge_files(files: Sequence[str], target: Path) -> Command:
    """Qpdf: files one after the other into `target`. Warnings of qpdf's are no failure."""
    words = (program("qpdf") or "", "--empty", "--pages", *files, "--", str(target))
    return Command(words, accepts=(0, 3))


def _merged(subject: Subject, folder: Path) -> list[str]:
    """The attachments for qpdf, images turned into PDF beforehand."""
    import img2pdf
    from PIL import Image

    told = []
    for number, source in enumerate(subject.sources):
        offered = source.offered
        if offered.path is None:
            continue
        path = offered.path
        if path.suffix.lower() != ".pdf":
            path = folder / f"image-{number}.pdf"
            with Image.open(offered.path) as picture:
                plain = picture.mode in ("1", "L", "RGB", "P")
                (picture if plain else picture.convert("RGB")).save(folder / "image.png")
            path.write_bytes(img2pdf.convert(str(folder / "image.png"), nodate=True))
        told.append(str(path))
        if offered.password:
            told.append(f"--password={offered.password}")
    return told


def _fontconfig(folder: Path) -> str:
    aliases = "".join(_alias(asked, ours) for asked, ours in _ALIASES.items())
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"<dir>{fonts_folder()}</dir>\n<cachedir>{folder / 'fontcache'}</cachedir>\n"
        f"{aliases}</fontconfig>\n"
    )


def _alias(asked: str, ours: str) -> str:
    return (
        f'<match target="pattern"><test name="family"><string>{asked}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{ours}</string></edit>'
        "</match>\n"
    )
