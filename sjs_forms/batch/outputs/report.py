"""The verdict on every application of a batch: report.csv and report.json.

Both are complete after each row, so that a killed run leaves a valid report. Rows are in order of
completion, and in that of the source once the batch has ended.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self

from sjs_forms.base.errors import OutputUnwritable, SjsFormsError
from sjs_forms.base.files.stable_bytes import csv_bytes, json_bytes
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.output import patient_moves
from sjs_forms.base.system_errors import machine_lacks, reason
from sjs_forms.batch.execution.task import Work

Status = Literal["built", "unchanged", "failed", "passed", "wanting", "filled"]

REPORT_CSV = "report.csv"
REPORT_JSON = "report.json"

WORDS: Mapping[Status, str] = {
    "built": "已生成",
    "unchanged": "未变动",
    "failed": "未生成",
    "passed": "可以生成",
    "wanting": "须先改正",
    "filled": "表格已生成",
}
"""The statuses in Chinese."""
_POSSIBLE: dict[Work, tuple[Status, ...]] = {
    "build": ("built", "unchanged", "failed"),
    "check": ("passed", "wanting"),
    "read": ("passed", "wanting"),
    "forms": ("filled", "failed"),
}
STOPPED: tuple[Status, ...] = ("failed", "wanting")
"""The statuses of an application in which something must be corrected first."""

_HEAD = (
    *("序号", "单位名称", "status", "结果", "面数", "用时（秒）", "文件夹", "必须改正", "提醒"),
    "编号",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A batch's verdict on one row. `pages` are sides of paper, `folder` is where they are.

    For a failed row, `folder` is what an earlier run left there, if anything. `findings` name the
    row of a roster; `own_findings` are the same findings with their places in the application.
    `filed` is the number under which it is filed.
    """

    number: int
    name: str
    status: Status
    findings: tuple[Finding, ...]
    pages: int | None
    seconds: float
    folder: str | None
    own_findings: tuple[Finding, ...] = ()
    filed: str = ""

    @property
    def is_stopped(self) -> bool:
        """Whether something must be corrected first."""
        return self.status in STOPPED

    @property
    def shown_number(self) -> str:
        """The number under which the office knows the application."""
        return self.filed or str(self.number)

    @property
    def word(self) -> str:
        """The status in Chinese."""
        return WORDS[self.status]

    def as_dict(self) -> dict[str, Any]:
        """Return the row as in report.json."""
        return {
            "number": self.number,
            **({"filed": self.filed} if self.filed else {}),
            "name": self.name,
            "status": self.status,
            "folder": self.folder,
            "pages": self.pages,
            "seconds": round(self.seconds, 2),
            "findings": [found.as_dict() for found in self.findings],
        }

    def as_cells(self) -> tuple[str, ...]:
        """Return the row as in report.csv."""
        errors = blocking(self.findings)
        doubts = [found for found in self.findings if found not in errors]
        return tuple(
            _plain(text)
            for text in (
                str(self.number),
                self.name,
                self.status,
                self.word,
                "" if self.pages is None else str(self.pages),
                f"{self.seconds:.2f}",
                self.folder or "",
                "\n".join(f"{found.message}{found.remedy}" for found in errors),
                "\n".join(found.message for found in doubts),
                self.filed,
            )
        )


def words_of(work: Work) -> tuple[tuple[Status, str], ...]:
    """Return the statuses with which a batch's work may end, and their Chinese names."""
    return tuple((status, WORDS[status]) for status in _POSSIBLE[work])


class Report:
    """The two files in a batch's folder, updated with every row."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._verdicts: list[Verdict] = []

    def __enter__(self) -> Self:
        """Start both files. Raises OutputUnwritable."""
        try:
            self._csv = (self._folder / REPORT_CSV).open("wb", buffering=0)
            self._json = (self._folder / REPORT_JSON).open("wb", buffering=0)
            self._csv.write(csv_bytes([_HEAD]))
            self._json.write(b"[\n]\n")
        except OSError as problem:
            raise _unwritable(self._folder, problem) from problem
        return self

    def __exit__(self, *_: object) -> None:
        """Sort the rows in the order of the source. Raises OutputUnwritable."""
        self._csv.close()
        self._json.close()
        in_order = sorted(self._verdicts, key=lambda verdict: verdict.number)
        cells = csv_bytes([_HEAD, *(verdict.as_cells() for verdict in in_order)])
        self._replace(REPORT_CSV, cells)
        self._replace(REPORT_JSON, json_bytes([verdict.as_dict() for verdict in in_order]))

    def add(self, verdict: Verdict) -> None:
        """Append a row. Raises OutputUnwritable."""
        try:
            self._csv.write(csv_bytes([verdict.as_cells()]).removeprefix(b"\xef\xbb\xbf"))
            _append(self._json, json_bytes(verdict.as_dict()), bool(self._verdicts))
        except OSError as problem:
            raise _unwritable(self._folder, problem) from problem
        self._verdicts.append(verdict)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All rows so far, in the order of the source."""
        return tuple(sorted(self._verdicts, key=lambda verdict: verdict.number))

    def _replace(self, name: str, data: bytes) -> None:
        try:
            patient_moves.write(self._folder / name, data)
        except OSError as problem:
            raise _unwritable(self._folder, problem) from problem


def _append(stream: BinaryIO, value: bytes, more: bool) -> None:
    """Append an element to a JSON array, in one write over its closing bracket."""
    stream.seek(-3 if more else -2, os.SEEK_END)
    stream.write((b",\n" if more else b"") + value.rstrip() + b"\n]\n")


def _plain(text: str) -> str:
    """Return text that a spreadsheet does not evaluate, even a name such as =1+1."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unwritable(folder: Path, problem: OSError) -> SjsFormsError:
    return machine_lacks(problem) or OutputUnwritable(
        f"无法写入“{folder}”里的 {REPORT_CSV} 或 {REPORT_JSON}：{reason(problem)}。",
        "请关闭正在打开它们的程序（如 Excel），检查磁盘空间和权限，再运行一次同样的命令。",
    )
