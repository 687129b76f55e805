"""Implements `new --excel`: writes the roster as a new file."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.output.output_folder import put_new_file
from sjs_forms.domain.installed_notices import load_programme


def make_roster(target: Path, programme_id: str | None = None) -> None:
    """Write the workbook in which many applicants are entered, one a row.

    Raises UsageFault if `target` is not an .xlsx name, OutputUnwritable if it exists.
    """
    from sjs_forms.batch.roster import write_roster

    if target.suffix.lower() != ".xlsx":
        better = "名册.xlsx" if target.name.startswith(".") else f"{target.stem or '名册'}.xlsx"
        raise UsageFault(f"“{target}”不是 .xlsx 文件名。", f"请写成 {better} 的样子。")
    put_new_file(write_roster(load_programme(programme_id)), target)
