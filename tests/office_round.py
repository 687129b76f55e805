"""One round of an office: 40 invented applicants, with the mistakes that clerks make.

25 are lines of a roster, 10 have a folder with application.json, 5 one with filled Word forms only.
`changed` and `changed_again` are what happens to such a round afterwards.
"""

import json
import shutil
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from sjs_forms.base.progress import quiet
from sjs_forms.domain.fields.uscc import is_code
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.pipeline import fill_folder
from tests.rosters import blank_roster, headers
from tests.samples import MINIMAL, REFUSED, Answers, minimal_answers, write_application

PAPERS = MINIMAL / "attachments"
LOCKED = REFUSED / "encrypted" / "attachments" / "2-场地租赁合同" / "租赁合同.pdf"
LEASE = "2-场地租赁合同"

_FIRST_ROW = 4
_NAMES = (
    "京西智算石景云图首钢园创八角数科古城芯联鲁谷光电苹果园链模式口研金顶智造老山生信"
    "永定河谷五里坨云广宁材料衙门口算西山量子八大处科晋元桥智景阳感知杨庄网安玉泉视觉"
    "田村语音法海寺数高井能源麻峪机器北辛安算西黄村软琅山仿真福寿岭研刘娘府信黑石头云"
    "双泉寺智天泰山数潭峪新材东下庄芯南里微电依翠园链玉泉西里重聚园图海特花园远洋山水"
    "新首智联"
)
"""Four characters of the name of each applicant."""
_PEOPLE = "赵明远钱思齐孙若兰李一凡周立本吴清和郑守诚王景行冯知微陈予安"


@dataclass(frozen=True, slots=True)
class Round:
    """The sources of a round: the roster beside its folders of papers, and two folders."""

    roster: Path
    folders: Path
    words: Path

    @property
    def sources(self) -> tuple[Path, ...]:
        return self.roster, self.folders, self.words


def code(number: int) -> str:
    """A valid code that nobody has, one for each number."""
    stem = f"91110107MA{number:04d}XXX"
    return next(stem + last for last in string.digits + "ABCDEFGHJKLMNPQRTUWXY"
                if is_code(stem + last))  # fmt: skip


def _called(number: int) -> str:
    return _NAMES[4 * number - 4 : 4 * number]


def name(number: int) -> str:
    return f"北京{_called(number)}科技有限公司"


def answers(number: int) -> Answers:
    """The answers of an applicant, nothing of them another's."""
    made = minimal_answers()
    person = _PEOPLE[number % 10 * 3 :][:3] + "一二三四五"[number // 10]
    street = f"北京市石景山区样例{number}号院{number % 7 + 1}号楼"
    made["applicant"] = {"name": name(number), "uscc": code(number)}
    made["contact"] = {"name": person, "phone": f"010-6880{number:04d}",
                       "email": f"u{number}@example.com"}  # fmt: skip
    made["platform"] |= {"name": f"{_called(number)}开放实验室", "address": street}
    made["founders"] = [{"name": name(number), "uscc": code(number), "address": street}]
    return made


def row(number: int) -> dict[str, object]:
    """The same as cells of the roster by header, as a clerk types them."""
    said = answers(number)
    platform, founder = said["platform"], said["founders"][0]
    return {
        "* 申报单位": said["applicant"]["name"],
        "申报单位统一社会信用代码": said["applicant"]["uscc"],
        "起止年限（起）": "2025.1.1" if number % 2 else datetime(2025, 1, 1),  # noqa: DTZ001
        "起止年限（止）": "2027年12月31日",
        "* 联系人": said["contact"]["name"],
        "* 联系电话": said["contact"]["phone"],
        "* 邮箱": said["contact"]["email"],
        "* 实验室/创新平台/研究机构等名称": platform["name"],
        "* 实验室/创新平台/研究机构等地址": platform["address"],
        "平台类别": "新认定",
        "平台类别（建设时间/迁入时间）": "2024-11-28",
        "总面积（平方米）": 3000 + number,
        "其中，研发及办公面积（平方米）": "2,400㎡" if number % 3 else 2400,
        "平台资质：北京市重点实验室": "√",
        "平台建设内容": f"建设{platform['name']}，面向区内企业开放。",
        "* 设立主体1名称": founder["name"],
        "设立主体1统一社会信用代码": founder["uscc"],
        "设立主体1注册地址": founder["address"],
        "企业法人": said["contact"]["name"],
        "企业法人手机": f"1380000{number:04d}",
        "企业联系人": said["contact"]["name"],
        "企业联系人座机": f"010-6880{number:04d}",
        "附件文件夹": f"材料/{number:02d}{_called(number)}",
    }


MISTAKES: dict[int, dict[str, object]] = {
    25: {"* 申报单位": name(20), "申报单位统一社会信用代码": code(20)},
    2: {"申报单位统一社会信用代码": "91110107MA0002XXX0"},
    4: {"其中，研发及办公面积（平方米）": "0.3万㎡"},
    5: {"平台类别": "新认定、新迁入"},
    6: {"总面积（平方米）": " 3 200 ", "* 联系电话": " 010－6880 0006 "},
    7: {"平台类别（建设时间/迁入时间）": "2023-05-06"},
    8: {"附件密码": "sample2025"},
    10: {"* 邮箱": "u10@example"},
    11: {"其中，研发及办公面积（平方米）": 9999},
    14: {"申报单位统一社会信用代码": None, "平台资质其他类别（名称）": "待定"},
    15: {"* 设立主体1名称": None, "设立主体1统一社会信用代码": None, "设立主体1注册地址": None},
    16: {"* 邮箱": "u16@example.com；v16@example.com"},
    17: {"企业联系人座机": "暂无", "企业联系人手机": 13800000017},
    24: {"附件密码": "1234"},
}
"""What clerks type otherwise, by applicant."""


def made_round(place: Path) -> Round:
    """Write the round into an empty folder."""
    made = Round(place / "名册" / "申报名册.xlsx", place / "电子件", place / "只有Word表")
    write_roster_of(made, list(range(1, 26)))
    for number in range(1, 26):
        _papers(_of_row(made, number))
    _mistakes_in_papers(made)
    for number in range(26, 36):
        folder = write_application(made.folders / name(number), answers(number))
        _papers(folder / "attachments")
    _mistakes_in_folders(made)
    for number in range(36, 41):
        _word_folder(made, number)
    return made


def write_roster_of(
    made: Round, numbers: Sequence[int], **others: dict[int, dict[str, object]]
) -> None:
    """Write the roster with these applicants; an empty line in the middle, a total at the end.

    `corrected` has the cells by applicant that replace the first ones.
    """
    import io

    corrected = others.get("corrected", {})
    book = load_workbook(io.BytesIO(blank_roster()))
    sheet: Any = book.worksheets[0]
    columns = [*headers(), "附件密码", "备注"]
    for at, label in enumerate(columns, 1):
        sheet.cell(_FIRST_ROW - 1, at).value = label
    at = _FIRST_ROW
    for place, number in enumerate(numbers):
        cells = row(number) | MISTAKES.get(number, {}) | corrected.get(number, {})
        cells["备注"] = "催过一次" if number % 5 == 0 else None
        for column, label in enumerate(columns, 1):
            sheet.cell(at, column).value = cells.get(label)
        if number == 12:
            sheet.row_dimensions[at].hidden = True
        if number == 18:  # a word on two lines, over the cell to the right
            address = columns.index("* 实验室/创新平台/研究机构等地址") + 1
            sheet.merge_cells(
                start_row=at, end_row=at, start_column=address, end_column=address + 1
            )
        at += 2 if place == 12 else 1
    sheet.cell(at, 1).value = "合计"
    area = columns.index("总面积（平方米）") + 1
    sheet.cell(at, area).value = 75_325
    made.roster.parent.mkdir(parents=True, exist_ok=True)
    book.save(made.roster)


def _of_row(made: Round, number: int) -> Path:
    return made.roster.parent / "材料" / f"{number:02d}{_called(number)}"


def _papers(folder: Path) -> None:
    shutil.copytree(PAPERS, folder, dirs_exist_ok=True)


def _mistakes_in_papers(made: Round) -> None:
    shutil.rmtree(_of_row(made, 3) / LEASE)
    for number in (8, 24):
        shutil.copyfile(LOCKED, _of_row(made, number) / LEASE / "租赁合同.pdf")
    damaged = _of_row(made, 9) / "4-营业执照" / "营业执照.pdf"
    damaged.write_bytes(damaged.read_bytes()[:300] + b"\0" * 4000)
    (_of_row(made, 13) / "5-财务材料" / "说明.txt").write_text("见附件", encoding="utf-8")
    shutil.rmtree(_of_row(made, 19))
    (_of_row(made, 20) / "3-证明材料" / "Thumbs.db").write_bytes(b"x")
    shutil.copytree(_of_row(made, 21) / "4-营业执照", _of_row(made, 21) / "执照")


def _mistakes_in_folders(made: Round) -> None:
    _answer(made, 27, "term", {"start": "2024-01-01", "end": "2028-12-31"})
    _answer(made, 29, "applicant", {"name": name(1), "uscc": code(1)})  # in the roster too
    text = (made.folders / name(30) / "application.json").read_text(encoding="utf-8")
    (made.folders / name(30) / "application.json").write_text(
        text.replace('"contact"', '"contakt"'), encoding="utf-8"
    )
    shutil.rmtree(made.folders / name(31) / "attachments" / "3-证明材料")


def _answer(made: Round, number: int, key: str, value: object) -> None:
    folder = made.folders / name(number)
    said = json.loads((folder / "application.json").read_text(encoding="utf-8"))
    write_application(folder, said | {key: value})


def _word_folder(made: Round, number: int) -> None:
    folder = made.words / name(number)
    work = made.words.parent / ".表格" / str(number)
    fill_folder(
        read_folder(write_application(work / "申报", answers(number))), work / "表格", quiet
    )
    folder.mkdir(parents=True)
    forms = sorted((work / "表格").glob("*.docx"))
    for form in forms[: 1 if number == 38 else 2]:
        shutil.copyfile(form, folder / form.name)
    if number != 39:
        _papers(folder / "attachments")


def changed(made: Round) -> None:
    """What staff do next: lines in another order and new ones, a lease delivered, codes corrected,
    one withdrawn, one renamed.
    """
    order = [41, 3, 1, *(n for n in range(4, 26) if n != 22), 2]
    corrected: dict[int, dict[str, object]] = {
        2: {"申报单位统一社会信用代码": code(2)},
        4: {"其中，研发及办公面积（平方米）": 3000},
        23: {"* 申报单位": "北京高井绿色能源科技有限公司"},
        41: {},
    }
    write_roster_of(made, order, corrected=corrected)
    shutil.copytree(PAPERS / LEASE, _of_row(made, 3) / LEASE)
    shutil.rmtree(_of_row(made, 22))
    _papers(_of_row(made, 41))
