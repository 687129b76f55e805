"""The output folder of a batch: its lock, its state, and the numbers that it keeps."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sjs_forms.base.errors import OutputUnwritable
from sjs_forms.base.output.output_folder import unwritable
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.filing_numbers import filed, read_numbers, write_numbers

FORMS = "表格"
"""Folder in the output folder for the forms of all applications."""

STATE = ".batch"
"""Folder in the output folder for the ledger and the lock of a batch."""

LOCK = "lock"
"""File in the state's folder that a run locks."""

_NUMBERS = "numbers.json"
"""File in the state's folder with the numbers under which applications are filed."""


def ledger_file(out: Path) -> Path:
    """Return the path of the ledger in a batch's output folder."""
    return out / STATE / "ledger.jsonl"


@contextmanager
def alone_in(out: Path) -> Iterator[Path]:
    """Lock the folder of the batch's state against a second batch, and yield it.

    Raises OutputUnwritable.
    """
    from filelock import FileLock, Timeout

    state = out / STATE
    try:
        state.mkdir(parents=True, exist_ok=True)
        with FileLock(state / LOCK, timeout=0):
            yield state
    except Timeout as problem:
        raise OutputUnwritable(
            f"另一个批量生成正在写“{out}”。",
            "请等它结束（或中断它）再运行；要同时做另一批，请用 -o 换一个文件夹。",
        ) from problem
    except OSError as problem:
        raise unwritable(out, problem) from problem


def numbered(
    rows: Sequence[SourceRow], state: Path, earlier: Path | None = None
) -> tuple[SourceRow, ...]:
    """Return the rows with the numbers that they have in this batch, which are kept.

    An applicant who has none here keeps that of the `earlier` batch's folder. Raises OSError, and
    UsageFault if the file of the numbers is broken.
    """
    own = read_numbers(state / _NUMBERS)
    known = read_numbers(earlier / STATE / _NUMBERS) if earlier else {}
    others = {key: number for key, number in known.items() if number not in own.values()}
    made, numbers = filed(rows, others | own)
    write_numbers(state / _NUMBERS, numbers)
    return made
