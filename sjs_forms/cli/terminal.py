"""Terminal output: results to stdout, messages to stderr, colour only on a terminal."""

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sjs_forms.base.errors import ExitCode, exit_code_for
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.printable_text import printable
from sjs_forms.base.progress import Progress, Stage, Step
from sjs_forms.base.stage_names import STAGE_NAMES

if TYPE_CHECKING:
    from sjs_forms.batch.builds_inspection import Inspection
    from sjs_forms.jobs.binding.volume_files import BoundVolume
    from sjs_forms.jobs.doctor import Requirement
    from sjs_forms.jobs.papers.paper_reading import PapersRead
    from sjs_forms.jobs.pipeline import BuildResult
    from sjs_forms.jobs.signed_scans.stamped_scans import StampedResult
    from sjs_forms.jobs.word_forms.form_import import ImportResult
    from sjs_forms.printing.reprint import Reprint
    from sjs_forms.volume.binding_plan import BindingPlan
    from sjs_forms.word_import.answer_differences import AnswerDifference


OUT_FOLDER = "成册"
"""The output folder that messages propose."""

_CLEAR = "\r\x1b[K"
"""Terminal sequence that clears the current line."""

_REFRESH = 0.1
"""Minimum seconds between two updates of a count."""

_APART = re.compile(r"[\s\"'$`\\&|;<>()*?\[\]{}!#~^%]|^-")


class Terminal:
    """Prints messages, with colour if stderr is a terminal and NO_COLOR is not set."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(errors="backslashreplace")
        self._shows_progress = False
        self.colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str, **style: Any) -> None:
        """Print a message to stderr."""
        line = printable(text)
        styled = click.style(line, **style) if self.colour else line
        click.echo(f"{_CLEAR}{styled}" if self._shows_progress else styled, err=True, color=True)

    def result(self, text: str) -> None:
        """Print a line of the result to stdout."""
        click.echo(printable(text))

    def result_json(self, value: Any) -> None:
        """Print a result as JSON to stdout."""
        plain = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        self.result(json.dumps(value, ensure_ascii=not plain, indent=1))

    def findings(self, findings: Sequence[Finding]) -> None:
        """Print all findings, errors first."""
        for severity, mark, colour in (("error", "错误", "red"), ("warning", "提醒", "yellow")):
            for found in findings:
                if found.severity == severity:
                    self.say(f"【{mark}】{found.message}", fg=colour)
                    self.say(f"        {found.remedy}")

    def verdict(self, findings: Sequence[Finding]) -> None:
        """Print the number of errors and warnings in one line."""
        errors = len(blocking(findings))
        warnings = len(findings) - errors
        if errors:
            self.say(f"共 {errors} 处必须改正，{warnings} 处提醒。", bold=True)
        elif warnings:
            self.say(f"没有必须改正的问题，有 {warnings} 处提醒。", bold=True)
        else:
            self.say("没有发现问题。", bold=True)

    def report(self, findings: Sequence[Finding], as_json: bool) -> ExitCode:
        """Print findings as text, or as the contract's JSON. Returns the exit code."""
        code = exit_code_for(tuple(findings))
        if as_json:
            listed = [found.as_dict() for found in findings]
            self.result_json({"ok": code == ExitCode.DONE, "findings": listed})
        else:
            self.findings(findings)
            self.verdict(findings)
        return code

    def inspected(self, inspection: "Inspection", folder: Path, as_json: bool) -> ExitCode:
        """Print a verification's findings, one line per build of a batch. Returns the exit code."""
        findings = inspection.findings
        code = exit_code_for(findings)
        if as_json:
            data: dict[str, Any] = {
                "ok": code == ExitCode.DONE,
                "findings": [found.as_dict() for found in findings],
            }
            if inspection.of_batch:
                data["builds"] = [
                    {"folder": build.name, "ok": build.intact, "draft": build.draft}
                    for build in inspection.builds
                ]
            self.result_json(data)
            return code
        self.findings(findings)
        if inspection.of_batch:
            for build in inspection.builds:
                state = "完好" if build.intact else "有误"
                self.result(f"{state}{'（草稿）' if build.draft else ''}\t{build.name}")
        self.verdict(findings)
        self.say(_intact(inspection, folder), bold=True)
        return code

    def imported(self, imported: "ImportResult", as_json: bool) -> ExitCode:
        """Print the result of an import. Returns the exit code."""
        code = exit_code_for(imported.findings)
        if as_json:
            listed = [found.as_dict() for found in imported.findings]
            unplaced = [left.as_dict() for left in imported.unplaced]
            self.result_json(
                {
                    "ok": code == ExitCode.DONE,
                    "file": str(imported.file),
                    "written": imported.written,
                    "answers": imported.answers,
                    "findings": listed,
                    "unplaced": unplaced,
                }
            )
            return code
        self.findings(imported.findings)
        if imported.written:
            self.result(str(imported.file))
            self.say(f"读入 {imported.answers} 项，已写到“{imported.file}”。", bold=True)
            if imported.backup:
                self.say(f"原来的文件另存为“{imported.backup.name}”。")
        elif code == ExitCode.DONE:
            self.say(f"与“{imported.file}”没有不同，文件未动。", bold=True)
        else:
            self.say("两边不一致，没有写入任何文件。", bold=True)
        return code

    def differences(
        self, unlike: "Sequence[AnswerDifference]", findings: Sequence[Finding], as_json: bool
    ) -> ExitCode:
        """Print where application.json and Word forms differ. Returns the exit code."""
        if as_json:
            self.result_json(
                {
                    "ok": not unlike,
                    "differences": [each.as_dict() for each in unlike],
                    "findings": [found.as_dict() for found in findings],
                }
            )
        else:
            for each in unlike:
                self.result(each.label)
                self.result(f"  application.json：{_inline(each.ours)}")
                self.result(f"  Word 表格       ：{_inline(each.theirs)}")
            self.findings(findings)
            self.say(f"有 {len(unlike)} 项不同。" if unlike else "没有不同。", bold=True)
        return ExitCode.FINDINGS if unlike else ExitCode.DONE

    def plan(self, plan: "BindingPlan") -> None:
        """Print the volume as a table, one line per side."""
        from sjs_forms.volume.plan_views import side_title

        self.result("面\t张\t正反\t页码\t内容")
        for side in plan.sides:
            face = "正面" if side.face == "recto" else "背面"
            self.result(
                f"{side.side}\t{side.sheet}\t{face}\t{side.label or ''}\t{side_title(plan, side)}"
            )
        self.say(f"共 {len(plan.sides)} 面，{len(plan.sides) // 2} 张 A4 纸，双面打印。")

    def read(self, found: "PapersRead") -> None:
        """Print what papers say beside the answers, as a table, and the findings."""
        self.result("表上写的\t\t材料上读到的\t\t在哪里")
        for line in found.lines:
            mark = {"same": "", "differs": "【不同】", "unread": "（未读出）"}[line.outcome]
            said = f"{line.what}\t{line.read}{mark}\t{line.place}"
            self.result(f"{line.label}\t{line.expected}\t{said}")
        self.findings(found.findings)
        if found.unread:
            names = "、".join(paper.name for paper in found.unread)
            self.say(f"未读出的页，没有作判断：{names}。")
        if found.unread and not found.means.scans:
            self.say("本机没有安装识别扫描件文字的组件；安装办法见：sjs-forms doctor")
        self.verdict(found.findings)

    def built(self, built: "BuildResult") -> None:
        """Print the files written and the paper they need."""
        for path in sorted(built.folder.rglob("*")):
            if path.is_file():
                self.result(str(path))
        for volume in built.volumes:
            self._volume(volume)

    def _volume(self, volume: "BoundVolume") -> None:
        plan, job = volume.plan, volume.job
        colours = "、".join(f"第 {sheet.sheet} 张" for sheet in job.coloured)
        self.say(
            f"装订版{plan.edition.ordinal}共 {len(plan.sides)} 面，"
            f"每册 {plan.sheets} 张 A4 纸，双面（长边翻转）。"
        )
        stock = "（用彩纸，黑色打印）" if plan.divider_colour == "paper" else ""
        self.say(f"彩页{stock}：{colours}。")
        self.say(
            f"书脊 {job.spine.width_mm:.1f} 毫米（{job.stock.title}）；{job.spine.note}。"
            f"共印 {job.copies} 册，见 印制单.pdf。"
        )
        if volume.reprint is not None:
            self._reprint(volume.reprint)

    def _reprint(self, reprint: "Reprint") -> None:
        """Print how many sheets are unchanged, moved, reprinted, new or obsolete."""
        from sjs_forms.printing.reprint import REPRINT_LIST, REPRINT_PDF, reasons, summary

        self.say("与原册相比（张号除“抽出”外都按新册）：")
        for what, count, sheets in summary(reprint):
            self.say(f"  {what}\t{count} 张\t{sheets}".rstrip())
        for line in reasons(reprint):
            self.say(line)
        if reprint.to_print:
            self.say(f"要印的各张在“{REPRINT_PDF}”，逐张清单在“{REPRINT_LIST}”。")
        else:
            self.say(f"没有要补印的；逐张清单在“{REPRINT_LIST}”。")

    def requirements(self, requirements: "Sequence[Requirement]") -> None:
        """Print doctor's results, one line each."""
        for requirement in requirements:
            mark = "正常" if requirement.ok else "缺少" if requirement.blocking else "可选"
            self.result(
                f"[{mark}] {requirement.name}"
                + (f"：{requirement.detail}" if requirement.detail else "")
            )
            if not requirement.ok:
                self.result(f"        {requirement.remedy}")

    def taken(self, taken: "StampedResult", application: Path) -> None:
        """Print what each scanned page is, where the scans were put, and the next step."""
        from sjs_forms.stamped.verdict_findings import described

        for page in taken.verdict.pages:
            self.say(described(page, taken.names))
        self.findings(taken.findings)
        for path in taken.written:
            self.result(str(path))
        if taken.written:
            self.say("盖章扫描件已放好。接着检查并生成：", bold=True)
            self.say(command("build", application, "-o", OUT_FOLDER), bold=True)
        else:
            self.say("什么也没有写。", bold=True)

    def ask(self, question: str) -> str | None:
        """Return the user's answer, or None without a terminal or an answer."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        click.echo(_CLEAR, nl=False, err=True)
        answer = click.prompt(
            printable(question), default="", show_default=False, prompt_suffix=" ", err=True
        )
        return str(answer).strip() or None

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Yield a progress that updates one line on a terminal and shows nothing elsewhere."""
        if not sys.stderr.isatty():
            yield Progress()
            return
        self._shows_progress = True
        try:
            progress = Progress(_Line().show)
            progress(Stage.STARTING)
            yield progress
        finally:
            self._shows_progress = False
            click.echo(_CLEAR, nl=False, err=True)


def _intact(inspection: "Inspection", folder: Path) -> str:
    """Summarise a verification in one sentence."""
    builds = inspection.builds
    drafts = sum(build.draft for build in builds)
    broken = [build.name for build in builds if not build.intact]
    if not inspection.of_batch:
        if broken:
            return f"“{folder}”与清单不符，不要付印。"
        warned = "；但这是草稿，不能付印" if drafts else ""
        return f"“{folder}”完好，与清单一致{warned}。"
    parts = [f"“{folder}”共 {len(builds)} 份：完好 {len(builds) - len(broken)} 份"]
    if broken:
        parts.append(f"有误 {len(broken)} 份（{'、'.join(broken)}）")
    if drafts:
        parts.append(f"其中草稿 {drafts} 份，不能付印")
    if absent := len(inspection.absent):
        parts.append(f"另有 {absent} 家没有生成")
    return "，".join(parts) + "。"


def command(*words: str | Path) -> str:
    """Return a command as the user types it, quoted for the shell.

    It includes `--notices` if the user gave that, because the notice is not found without it.
    """
    every = (*(_notices_named() if "--notices" not in words else ()), *words)
    return " ".join(["sjs-forms", *(_typed(str(word)) for word in every)])


def _notices_named() -> tuple[str | Path, ...]:
    context = click.get_current_context(silent=True)
    named = context.find_root().params.get("notices") if context else None
    return ("--notices", named) if named else ()


def _typed(word: str) -> str:
    if word and not _APART.search(word):
        return word
    return subprocess.list2cmdline([word]) if os.name == "nt" else shlex.quote(word)


class _Line:
    """The progress line on a terminal. Thread-safe."""

    def __init__(self) -> None:
        self._shown: Step | None = None
        self._at = 0.0
        self._lock = threading.Lock()

    def show(self, step: Step) -> None:
        """Show a step. Counts within a stage are updated at most every `_REFRESH` seconds."""
        with self._lock:
            now, last = time.monotonic(), self._shown
            is_new = last is None or last.stage != step.stage or step.done == step.total
            if not is_new and now - self._at < _REFRESH:
                return
            self._shown, self._at = step, now
            count = f" {step.done}/{step.total}" if step.total > 1 else ""
            click.echo(f"{_CLEAR}{STAGE_NAMES[step.stage]}{count} …", nl=False, err=True)


def _inline(text: str) -> str:
    """Return an answer as one line."""
    return " / ".join(text.split("\n")) or "（空白）"
