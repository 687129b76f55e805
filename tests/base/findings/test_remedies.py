"""A remedy is an action with its arguments; the command line words it, and a record keeps it."""

import json
from typing import get_args

import pytest

from sjs_forms.base.findings.finding import error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.findings.remedies import (
    Advice,
    ChoosePages,
    DecideScanPage,
    EnterPassword,
    InstallOffice,
    ListFile,
    MendAnswer,
    MendAnswersFile,
    NameFile,
    PutFile,
    Remedy,
    ReplaceFile,
    RunJob,
    ScanForm,
    SplitVolume,
    StraightenFile,
    remedy_text,
)

LEASE = "attachments/2-场地租赁合同"
SPOKEN: list[tuple[Remedy, str]] = [
    (Advice("请核对日期。"), "请核对日期。"),
    (
        MendAnswer("请在{}处填写。", (("founders", 0, "uscc"),), link="的"),
        "请在 application.json 的 founders[0].uscc 处填写。",
    ),
    (
        MendAnswer("请核对{}与{}是否写反。", (("term", "start"), ("term", "end"))),
        "请核对 term.start 与 term.end 是否写反。",
    ),
    (MendAnswer("请只保留一个。", (("remarks",),)), "请只保留一个。"),
    (
        MendAnswersFile("请用 sjs-forms new 生成一份空白的{}，对照修改。"),
        "请用 sjs-forms new 生成一份空白的 application.json，对照修改。",
    ),
    (
        PutFile(LEASE, "lease"),
        f"请把文件放进 {LEASE}，或写入 application.json 的 attachments（material 为 lease）；"
        "先看样子可用 --draft。",
    ),
    (
        ScanForm("attachments/1-申报书"),
        "打印、签字盖章后扫描，用 sjs-forms stamped 放入"
        "（也可自己放进 attachments/1-申报书 或写入 attachments），再生成一次。",
    ),
    (ReplaceFile("请重新扫描。", is_listed=True), "请重新扫描。"),
    (ReplaceFile("请另存为 PDF。", is_renamed=True), "请另存为 PDF。"),
    (
        ReplaceFile("请另存为 PDF。", is_renamed=True, is_listed=True),
        "请另存为 PDF。然后在 application.json 的 attachments 中把这一条改为新的文件。",
    ),
    (
        EnterPassword(),
        "请在 application.json 该附件中写明 password，或去掉密码后另存一份再放进来。",
    ),
    (
        NameFile("合同", "01合同.pdf", is_listed=True),
        "建议用“合同”为题：请在 application.json 该附件中写明 title，"
        "或把文件改名，如“01合同.pdf”。",
    ),
    (
        NameFile("合同", "01合同.pdf", is_listed=False),
        "建议用“合同”为题：请把文件改名，如“01合同.pdf”。",
    ),
    (
        ChoosePages(("请", "用 pages 只取需要的页，或", "减少附件。")),
        "请用 pages 只取需要的页，或减少附件。",
    ),
    (
        StraightenFile(),
        '要拉平的，在 application.json 该附件中写明 "straighten": true，'
        "再看生成的这一页；原来的照片仍在在线申报材料里。",
    ),
    (ListFile(), "如需装订，请写入 application.json 的 attachments；不需要的请移走。"),
    (InstallOffice("另存为 PDF 再放进来。"), "请安装 LibreOffice，或另存为 PDF 再放进来。"),
    (SplitVolume(), "请加 --split 分册装订，或用 --paper 换较薄的纸、减少附件。"),
    (
        DecideScanPage("其余的加{}、{}中的相应一项。", ("2=不用", "4=不用")),
        "其余的加 --as 2=不用、--as 4=不用 中的相应一项。",
    ),
    (
        RunJob("请重新生成（{}），不要改动。", ("build",)),
        "请重新生成（sjs-forms build），不要改动。",
    ),
]


@pytest.mark.parametrize(("remedy", "words"), SPOKEN)
def test_the_command_line_names_commands_and_application_json(remedy: Remedy, words: str) -> None:
    assert error("json-syntax", WHOLE, "", "", remedy).as_dict()["remedy"] == words


def test_every_kind_of_remedy_is_worded() -> None:
    assert {type(remedy) for remedy, _ in SPOKEN} == set(get_args(Remedy))


@pytest.mark.parametrize(("remedy", "words"), SPOKEN)
def test_a_remedy_comes_back_from_a_record_with_its_arguments(remedy: Remedy, words: str) -> None:
    found = error("json-syntax", WHOLE, "", "", remedy)
    record = json.loads(json.dumps(record_of(found)))
    assert finding_of(record).action == remedy
    assert record["remedy"] == words


def test_answers_that_stand_in_another_file_are_named_so() -> None:
    place = "“名单.jsonl”第 2 行"
    remedy = MendAnswer("请修改{}。", (("applicant", "name"),), link="中的")
    assert remedy_text(remedy, place) == f"请修改 {place} 中的 applicant.name。"
    assert place in remedy_text(ListFile(), place) and "application.json" not in remedy_text(
        ListFile(), place
    )


def test_a_brace_in_a_name_is_no_slot() -> None:
    assert remedy_text(PutFile("attachments/2-{}", "lease")).startswith(
        "请把文件放进 attachments/2-{}，"
    )
