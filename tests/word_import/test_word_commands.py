"""`import` and `diff` as a user meets them, and what `check` says of Word forms beside."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import docx
import pytest

from sjs_forms.base.errors import ExitCode, Fault, FormUnreadable, UsageFault
from sjs_forms.base.progress import Cancelled, Progress, Stage, Step
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake import machine_faults, office
from sjs_forms.jobs.word_forms import form_import
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.word_filling import fill_word
from sjs_forms.word_import.word_files import open_word
from tests.cli.test_commands import Ended, run
from tests.counting import HANGS, counted_calls
from tests.samples import (
    SAMPLE,
    Answers,
    Application,
    minimal_answers,
    put,
    sample_answers,
    without,
    write_application,
)

PROGRAMME = load_programme("sjs-platform-2025")
FORM, PLEDGE = (f"{form.stem}.docx" for form in PROGRAMME.forms)
needs_office = pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")


@cache
def word(form: str, answers: str) -> bytes:
    context = form_context(PROGRAMME, Application.model_validate_json(answers))
    return fill_word(PROGRAMME, form, context)


def fill(folder: Path, answers: Answers) -> tuple[Path, Path]:
    """Both forms as `fill` writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = json.dumps({**answers, "attachments": None})
    made = []
    for form, name in zip(PROGRAMME.forms, (FORM, PLEDGE), strict=True):
        (folder / name).write_bytes(word(form.id, plain))
        made.append(folder / name)
    return made[0], made[1]


@pytest.fixture
def forms(tmp_path: Path) -> tuple[Path, Path]:
    return fill(tmp_path / "表格", sample_answers())


def answers_of(folder: Path) -> Answers:
    read: Answers = json.loads((folder / "application.json").read_text(encoding="utf-8"))
    return read


def edited(path: Path, old: str, new: str) -> Path:
    """The Word file with some text of its runs changed, as by hand."""
    document = docx.Document(str(path))
    texts = [each for each in document.element.body.iter() if each.tag.endswith("}t")]
    changed = [each for each in texts if old in (each.text or "")]
    assert changed, old
    for each in changed:
        each.text = each.text.replace(old, new)
    document.save(str(path))
    return path


def codes(ended: Ended) -> list[str]:
    return sorted({found["code"] for found in json.loads(ended.out)["findings"]})


# import


def test_both_forms_become_the_application_that_they_were_filled_from(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    ended = run("import", *forms, "-o", tmp_path / "新")
    assert (ended.code, ended.out) == (0, f"{tmp_path / '新' / 'application.json'}\n")
    assert ended.err.startswith("读入 34 项")
    assert answers_of(tmp_path / "新") == without(sample_answers(), "attachments")


def test_the_order_of_the_files_does_not_matter_and_the_bytes_are_the_same(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    for name, files in (("甲", forms), ("乙", forms[::-1])):
        assert run("import", *files, "-o", tmp_path / name).code == 0
    first, second = ((tmp_path / n / "application.json").read_bytes() for n in ("甲", "乙"))
    assert first == second


def test_one_form_alone_fills_what_it_has_and_keeps_attachments_and_programme(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    full = sample_answers()
    blank = put(put(full, "contact", None), "applicant.uscc", None)
    folder = write_application(tmp_path / "某单位", blank)
    assert run("import", forms[0], "-o", folder).code == 0
    assert answers_of(folder) == put(full, "applicant.uscc", None)
    assert run("import", forms[1], "-o", folder / "application.json").code == 0
    assert answers_of(folder) == full


def test_what_is_the_same_leaves_the_file_as_it_was_written(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = write_application(tmp_path / "某单位", sample_answers())
    before = (folder / "application.json").read_bytes()
    ended = run("import", *forms, "-o", folder)
    assert ended.code == 0
    assert ended.out == ""
    assert "没有不同" in ended.err
    assert (folder / "application.json").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["application.json"]


def test_an_answer_that_is_there_is_never_written_over_unless_asked(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    ours = put(sample_answers(), "contact.name", "另一人")
    folder = write_application(tmp_path / "某单位", ours)
    before = (folder / "application.json").read_bytes()
    refused = run("import", *forms, "-o", folder)
    assert (refused.code, refused.out) == (3, "")
    assert "“联系人”在申报数据中为“另一人”，在 Word 表格上为“周禾”。" in refused.err
    assert (folder / "application.json").read_bytes() == before
    forced = run("import", *forms, "-o", folder, "--force", "--json")
    answer = json.loads(forced.out)
    assert (forced.code, answer["ok"], answer["written"], answer["answers"]) == (0, True, True, 1)
    assert codes(forced) == ["word-replaced"]
    assert answers_of(folder) == sample_answers()
    assert (folder / "application.json.bak").read_bytes() == before


def test_a_blank_in_word_never_removes_an_answer(tmp_path: Path) -> None:
    empty = fill(tmp_path / "表格", without(minimal_answers(), "contact.phone"))
    folder = write_application(tmp_path / "某单位", minimal_answers())
    ended = run("import", *empty, "-o", folder, "--force", "--json")
    assert (ended.code, codes(ended)) == (0, ["word-blank"])
    assert answers_of(folder) == minimal_answers()


def test_what_was_edited_in_word_comes_back_and_doubts_say_where(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    edited(forms[0], "2024年11月28日", "2024.12")
    edited(forms[0], "3200", "约3,300平方米")
    edited(forms[0], "010-88880000", "010-88889999")
    ended = run("import", *forms, "-o", tmp_path / "新", "--json")
    answer = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert answers_of(tmp_path / "新")["contact"]["phone"] == "010-88889999"
    assert answers_of(tmp_path / "新")["platform"]["total_area_sqm"] is None
    assert answers_of(tmp_path / "新")["platform"]["accredited_on"] is None
    found = {each["where"]: each for each in answer["findings"]}
    assert found["platform.accredited_on"]["code"] == "word-unplaced"
    assert "表格第 1 行第 4 格“资质认定时间”" in found["platform.accredited_on"]["message"]
    assert found["platform.total_area_sqm"]["code"] == "word-unplaced"
    assert {
        "file": FORM,
        "at": "表格第 1 行第 4 格",
        "label": "资质认定时间",
        "text": "2024.12",
    } in (answer["unplaced"])


def test_both_forms_in_one_file_after_the_notice_are_read(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    whole = docx.Document(str(forms[0]))
    first = whole.element.body[0]
    for text in ("关于申请建设产业服务平台支持资金的通知", "附4-2：承诺书"):
        paragraph = whole.add_paragraph(text)._p
        first.addprevious(paragraph)
    for element in list(docx.Document(str(forms[1])).element.body)[:-1]:
        whole.element.body[-1].addprevious(element)
    whole.save(str(tmp_path / "通知.docx"))
    ended = run("import", tmp_path / "通知.docx", "-o", tmp_path / "新", "--json")
    assert (ended.code, codes(ended)) == (0, ["word-unplaced"])
    assert answers_of(tmp_path / "新") == without(sample_answers(), "attachments")


def test_forms_that_disagree_are_told(tmp_path: Path) -> None:
    one, _ = fill(tmp_path / "甲", sample_answers())
    _, other = fill(tmp_path / "乙", put(sample_answers(), "applicant.name", "别的公司"))
    ended = run("import", other, one, "-o", tmp_path / "新", "--json")
    assert (ended.code, codes(ended)) == (0, ["word-forms-disagree"])
    name = sample_answers()["applicant"]["name"]
    assert answers_of(tmp_path / "新")["applicant"]["name"] == name


def test_of_several_notices_the_one_is_taken_whose_forms_they_are(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    opened = [(path, open_word(path, PROGRAMME.intake)) for path in forms]
    twin = PROGRAMME.model_copy(update={"id": "sjs-platform-2026"})
    strange = PROGRAMME.model_copy(update={"forms": ()})
    with pytest.raises(UsageFault, match="看不出"):
        form_import.likeliest_notice([PROGRAMME, twin], opened)
    assert form_import.likeliest_notice([strange, PROGRAMME], opened)[0] is PROGRAMME
    with pytest.raises(FormUnreadable):
        form_import.likeliest_notice([strange], opened)


# Misuse


def no_word(path: Path) -> Path:
    path.write_text("甲", encoding="utf-8")
    return path


def another_document(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("场地租赁合同")
    document.save(str(path))
    return path


def workbook(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    return path


def locked(path: Path) -> Path:
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name)
    return path


def cut_off(path: Path) -> Path:
    whole = word("commitment", json.dumps(minimal_answers()))
    path.write_bytes(whole[: len(whole) // 2])
    return path


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (lambda path: path, 2, "没有找到文件"),
        (lambda path: (path.mkdir(), path)[1], 2, "是文件夹"),
        (no_word, 4, "不是 Word 文档"),
        (another_document, 4, "不是“关于申请建设产业服务平台支持资金的通知”的表格"),
        (workbook, 4, "不是 Word 文档"),
        (locked, 4, "加了打开密码"),
        (cut_off, 4, "没有完整保存"),
        (lambda path: Path(shutil.copy(next(SAMPLE.rglob("*.jpg")), path)), 4, "不是"),
        (lambda path: next(SAMPLE.rglob("房屋租赁合同.pdf")), 4, "是 PDF"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["import", "diff"])
def test_a_file_that_is_no_form_is_refused_in_chinese(
    command: str, make: object, code: int, said: str, tmp_path: Path
) -> None:
    file = make(tmp_path / "表.docx")  # type: ignore[operator]
    if command == "import":
        ended = run("import", file, "-o", tmp_path / "新")
    else:
        ended = run("diff", write_application(tmp_path / "某单位", minimal_answers()), file)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "新").exists()


def test_the_same_form_twice_is_refused(forms: tuple[Path, Path], tmp_path: Path) -> None:
    again = Path(shutil.copy(forms[0], tmp_path / "申报书-改.docx"))
    ended = run("import", forms[0], again, "-o", tmp_path / "新")
    assert ended.code == 2
    assert f"“{FORM}”和“申报书-改.docx”都是附4-1 申报书。" in ended.err


@pytest.mark.parametrize(("existing", "code"), [(b"{", 3), (b'{"nobody": 1}', 3), (b"\xff", 3)])
def test_an_application_that_cannot_be_understood_is_left_alone(
    existing: bytes, code: int, forms: tuple[Path, Path], tmp_path: Path
) -> None:
    file = tmp_path / "application.json"
    file.write_bytes(existing)
    for force in ([], ["--force"]):
        assert run("import", *forms, "-o", tmp_path, *force).code == code
    assert file.read_bytes() == existing


def test_the_output_is_never_some_other_file(forms: tuple[Path, Path]) -> None:
    before = forms[1].read_bytes()
    assert run("import", forms[0], "-o", forms[1]).code == 2
    assert forms[1].read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "x.docx"], ["import", "-o", "x"], ["diff"], ["diff", "x"]],
)
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "缺少" in ended.err


def test_an_unknown_notice_is_answered_with_those_there_are(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    ended = run("import", *forms, "-o", tmp_path / "新", "--programme", "nobody")
    assert ended.code == 2
    assert "sjs-platform-2025" in ended.err


# Other programs' files


@needs_office
def test_an_old_word_file_is_read_by_way_of_libreoffice(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    made = office.convert([forms[0]], scratch, PROGRAMME.intake, "doc")[0]
    old = Path(shutil.move(made, tmp_path / "申报书.wps"))
    ended = run("import", old, "-o", tmp_path / "新")
    assert (ended.code, ended.err.count("【")) == (0, 0)
    expected = put(without(sample_answers(), "attachments"), "applicant.uscc", None)
    assert answers_of(tmp_path / "新") == expected


UNSEEN = {
    "王大力": ("<w:strike/>", "删除线"),
    "李小明": ("<w:vanish/>", "隐藏"),
    "赵甲乙": ('<w:color w:val="FFFFFF"/>', "白色"),
}
"""Words before an answer, their properties, and how the properties are told."""


@needs_office
@pytest.mark.parametrize("suffix", ["docx", "doc", "odt", "rtf"])
def test_words_struck_out_or_not_to_be_seen_join_no_answer(
    forms: tuple[Path, Path], tmp_path: Path, suffix: str
) -> None:
    name = sample_answers()["contact"]["name"]
    extra = "".join(
        f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"
        for words, (properties, _) in UNSEEN.items()
    )
    edited = Path(shutil.copy(forms[0], tmp_path / "改.docx"))
    with zipfile.ZipFile(forms[0]) as old, zipfile.ZipFile(edited, "w") as new:
        for member in old.namelist():
            data = old.read(member)
            if member == "word/document.xml":
                text = data.decode()
                at = max(text.rfind(tag, 0, text.index(name)) for tag in ("<w:r>", "<w:r "))
                data = (text[:at] + extra + text[at:]).encode()
            new.writestr(member, data)
    if suffix != "docx":
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        edited = office.convert([edited], scratch, PROGRAMME.intake, suffix)[0]
    ended = run("import", edited, "-o", tmp_path / "新")
    assert ended.code == 0
    assert answers_of(tmp_path / "新")["contact"]["name"] == name
    for words, (_, named) in UNSEEN.items():
        assert words in ended.err and named in ended.err


def test_without_libreoffice_an_old_word_file_ends_with_five(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "soffice", lambda: None)
    old = tmp_path / "申报书.doc"
    old.write_bytes(b"{\\rtf1 x}")
    ended = run("import", old, "-o", tmp_path / "新")
    assert ended.code == ExitCode.MACHINE
    assert "没有安装 LibreOffice" in ended.err and "另存为" in ended.err


# diff


def test_diff_names_each_answer_that_is_not_the_same(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    ours = put(sample_answers(), "platform.category.kind", "newly_relocated")
    ours = put(put(ours, "legal_representative.mobile", None), "platform.qualifications", [])
    folder = write_application(tmp_path / "某单位", ours)
    same = run("diff", write_application(tmp_path / "同", sample_answers()), *forms)
    assert (same.code, same.out, same.err) == (0, "", "没有不同。\n")
    ended = run("diff", folder, *forms, "--json")
    answer = json.loads(ended.out)
    assert (ended.code, answer["ok"]) == (3, False)
    assert answer["differences"] == [
        {
            "where": "platform.category",
            "label": "平台类别",
            "json": "新迁入，2024年11月28日",
            "word": "新认定，2024年11月28日",
        },
        {
            "where": "platform.qualifications",
            "label": "平台资质",
            "json": "",
            "word": "北京市重点实验室",
        },
        {
            "where": "legal_representative.mobile",
            "label": "企业法人手机",
            "json": "",
            "word": "13800000001",
        },
    ]
    said = run("diff", folder, *forms)
    assert said.out.startswith("平台类别\n  application.json：新迁入，2024年11月28日\n")
    assert said.err == "有 3 项不同。\n"


def test_diff_shows_what_it_could_not_understand(forms: tuple[Path, Path], tmp_path: Path) -> None:
    edited(forms[0], "2024年11月28日", "去年底")
    folder = write_application(tmp_path / "某单位", sample_answers())
    ended = run("diff", folder, forms[0])
    assert ended.code == 3
    assert (
        "资质认定时间\n  application.json：2024年11月28日\n  Word 表格       ：去年底\n"
        in ended.out
    )


# check


def stale(folder: Path) -> list[dict[str, str]]:
    found = json.loads(run("check", "--json", folder).out)["findings"]
    return [each for each in found if each["code"].startswith("word-")]


def test_check_warns_of_a_word_form_that_says_something_else(minimal: Path) -> None:
    fill(minimal, minimal_answers())
    assert stale(minimal) == []
    write_application(minimal, put(minimal_answers(), "contact.name", "另一人"))
    (found,) = stale(minimal)
    assert (found["code"], found["severity"], found["where"]) == ("word-differs", "warning", FORM)
    assert "“联系人”Word 上为“" in found["message"]
    assert "申报数据中为“另一人”" in found["message"]
    (minimal / FORM).rename(minimal / "改名.docx")
    assert [each["where"] for each in stale(minimal)] == ["改名.docx"]


def test_check_minds_words_written_beside_the_fields(minimal: Path) -> None:
    form, _ = fill(minimal, minimal_answers())
    edited(form, "单位负责人：（签章）", "单位负责人：（签章）某某")
    (found,) = stale(minimal)
    assert "另有 1 处文字" in found["message"]


def test_check_leaves_other_word_files_alone_and_tells_of_a_damaged_form(minimal: Path) -> None:
    another_document(minimal / "合同.docx")
    no_word(minimal / "笔记.docx")
    no_word(minimal / "~$附4-1.docx")
    assert stale(minimal) == []
    no_word(minimal / PLEDGE)
    assert [each["code"] for each in stale(minimal)] == ["word-unreadable"]


def test_check_of_word_forms_is_quick_and_needs_no_document_library(tmp_path: Path) -> None:
    folder = write_application(tmp_path / "某单位", put(sample_answers(), "attachments", []))
    fill(folder, sample_answers())
    program = (
        "import sys\n"
        "from sjs_forms.cli.commands import main\n"
        "try:\n    main(['check', sys.argv[1]])\n"
        "finally:\n    print('IMPORTED', *sys.modules, file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, check=False, timeout=HANGS
    )
    imported = set(ended.stderr.decode().rpartition("IMPORTED")[2].split())
    assert "lxml.etree" in imported
    assert imported & {"docx", "docxtpl", "weasyprint"} == set()
    with counted_calls() as work:
        assert stale(folder) == []
    assert work.calls < 2_000_000


def test_hostile_word_files_are_not_opened_further_than_they_must_be(minimal: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 50_000_000)
    (minimal / FORM).write_bytes(bomb.getvalue())
    (found,) = stale(minimal)
    assert found["code"] == "word-unreadable"
    assert "解压后过大" in found["message"]


# Cancelled


def cancelled_at(step: Step) -> tuple[Progress, list[Step]]:
    """The progress of a job that is cancelled once it reports a step, and all that it reports."""
    told: list[Step] = []

    def tell(each: Step) -> None:
        told.append(each)
        if each == step:
            progress.cancel()

    progress = Progress(tell)
    return progress, told


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_cancelled_import_opens_no_further_file_and_writes_nothing(
    forms: tuple[Path, Path], tmp_path: Path, done: int
) -> None:
    step = Step(Stage.OPENING, done, 2)
    progress, told = cancelled_at(step)
    with pytest.raises(Cancelled):
        form_import.import_forms(forms, tmp_path / "新", progress=progress)
    assert told[-1] == step
    assert not (tmp_path / "新").exists()


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_cancelled_diff_opens_no_further_file(
    forms: tuple[Path, Path], tmp_path: Path, done: int
) -> None:
    step = Step(Stage.OPENING, done, 2)
    progress, told = cancelled_at(step)
    with pytest.raises(Cancelled):
        form_import.diff_forms(write_application(tmp_path, minimal_answers()), forms, progress)
    assert told[-1] == step


def test_an_import_tells_its_stages_from_the_first_moment(
    forms: tuple[Path, Path], tmp_path: Path
) -> None:
    told: list[Step] = []
    form_import.import_forms(forms, tmp_path / "新", progress=Progress(told.append))
    stages = [(step.stage, step.done) for step in told]
    assert stages == [
        (Stage.READING, 0),
        (Stage.OPENING, 0),
        (Stage.OPENING, 1),
        (Stage.OPENING, 2),
        (Stage.PUBLISHING, 0),
        (Stage.DONE, 1),
    ]


def test_an_old_word_file_of_a_cancelled_import_is_not_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "soffice", lambda: tmp_path / "soffice")
    old = tmp_path / "表.rtf"
    old.write_bytes(b"{\\rtf1 \\ansi }")
    progress, _ = cancelled_at(Step(Stage.OPENING, 0, 1))
    with pytest.raises(Cancelled):
        form_import.import_forms([old], tmp_path / "新", progress=progress)


def test_a_fault_of_ours_is_not_blamed_on_an_old_word_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object) -> Path:
        raise machine_faults.fault("TypeError: x")

    monkeypatch.setattr(office, "soffice", lambda: tmp_path / "soffice")
    monkeypatch.setattr(office, "as_word", stumbles)
    old = tmp_path / "表.rtf"
    old.write_bytes(b"{\\rtf1 \\ansi }")
    with pytest.raises(Fault, match=r"表\.rtf") as told:
        open_word(old, load_programme().intake)
    assert "无法由 LibreOffice 转换" not in told.value.message
