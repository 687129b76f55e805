"""A roster saved as CSV is read as the workbook that it was saved from."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.roster import read_roster
from tests.rosters import REQUIRED, with_answers

ROWS = (
    {"申报单位": "甲公司", "总面积（平方米）": "3,200", "联系电话": "010-88880000"},
    {"申报单位": "乙，公司", "总面积（平方米）": "5000", "备注": "第二\n行"},
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_way_to_save_it_is_read_alike(tmp_path: Path, encoding: str, delimiter: str) -> None:
    workbook = with_answers(tmp_path / "名册.xlsx", *ROWS)
    lines = [
        delimiter.join(f'"{cell.value}"' if cell.value is not None else "" for cell in row)
        for row in load_workbook(workbook).worksheets[0].iter_rows()
    ]
    saved = tmp_path / "名册.csv"
    saved.write_bytes("\r\n".join(lines).encode(encoding))
    of_csv, of_workbook = read_roster(saved), read_roster(workbook)
    assert [row.document for row in of_csv] == [row.document for row in of_workbook]
    assert [row.name for row in of_csv] == ["甲公司", "乙，公司"]


@pytest.mark.parametrize("blank", [",", ""])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_commas_of_chinese_in_long_answers_separate_nothing(
    tmp_path: Path, rows: int, blank: str
) -> None:
    """With and without the empty cells at the end that a spreadsheet writes."""
    heads = list(REQUIRED)
    lines = ["2025年名册，请逐行填写，一行一家，不要合并单元格" + blank * len(heads)]
    lines.append(",".join([*heads, "平台建设内容"]))
    for number in range(rows):
        prose = "，".join(["建设内容"] * (40 + 17 * number))
        lines.append(",".join([*REQUIRED.values(), prose]))
    path = tmp_path / "名册.csv"
    path.write_text("\r\n".join(lines), encoding="utf-8")
    assert [row.name for row in read_roster(path)] == ["甲公司"] * rows


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 50, b"PK\x03\x04" + bytes(90)])
def test_what_is_no_text_is_refused_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(data)
    with pytest.raises(UsageFault) as caught:
        read_roster(path)
    assert "另存为" in caught.value.remedy
