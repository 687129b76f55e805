"""Opens a roster with the reader for its kind of file."""

from collections.abc import Callable
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.progress import never_cancelled
from sjs_forms.base.system_errors import reason
from sjs_forms.batch.roster.table_files.csv_tables import SUFFIX, read_csv
from sjs_forms.batch.roster.table_files.old_workbooks import is_old_workbook, read_old_workbook
from sjs_forms.batch.roster.table_files.sheets import Sheet
from sjs_forms.batch.roster.table_files.workbooks import read_workbook


def read_table(path: Path, is_cancelled: Callable[[], bool] = never_cancelled) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, or the one table of a CSV file.

    Raises UsageFault if the file cannot be read, or exceeds a limit, and Cancelled.
    """
    try:
        if path.suffix.lower() == SUFFIX:
            return (read_csv(path),)
        if is_old_workbook(path):
            return read_old_workbook(path, is_cancelled)
        return read_workbook(path, is_cancelled)
    except OSError as problem:
        raise UsageFault(
            f"无法读取“{FILE}”：{reason(problem)}。",
            "请检查文件是否存在、是否有权限打开，并先在 Excel 或 WPS 中关闭它。",
            path,
        ) from problem
