"""Remedies in the words of the command line, which names what to type.

`check --json`, the manifest and the reports of a batch have these words too.
"""

from collections.abc import Mapping
from functools import cache

from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import (
    ANSWERS_FILE,
    Advice,
    AllowMoreTime,
    ChooseMaterial,
    ChooseNotice,
    ChooseStock,
    DecideScanPage,
    EditAnswers,
    FillAnswer,
    FindFile,
    InstallOffice,
    InstallTextLayout,
    MendAnswer,
    MendAnswersFile,
    MendNotice,
    NameFile,
    PlainAction,
    PutFile,
    Remedy,
    RenameAnswersFile,
    RenameKey,
    ReplaceFile,
    ReportFileFault,
    RunJob,
    ScanForm,
    SignAgain,
    SortFile,
    TurnScanPage,
    UseNewRoster,
    UseOtherwise,
    Written,
)
from sjs_forms.base.findings.wording import Wording, filled, worded

_AS_SCAN = "是盖章扫描件的，可用 sjs-forms stamped 放入。"
_REPLACING = "用 sjs-forms stamped 加 --replace"
_WRITTEN: Mapping[Written, str] = {
    "text": "写成英文双引号括起的文字",
    "number": "不带引号和单位，如 1200.5",
    "date": '写成 "2025-03-01" 的样子',
    "list": "写成方括号 [ ] 括起的列表",
    "object": "写成花括号 { } 括起的一组内容",
    "flag": "不带引号，写成 true（拉平）或 false",
    "blank": "改为 null",
}
_LAYOUT_LIBRARIES = {
    "win32": "请重新运行安装程序；用 pip 安装的，执行 "
    "py -m pip install --force-reinstall gstreamer-libs。"
}
_ELSEWHERE = (
    "Debian/Ubuntu：sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0；macOS：brew install pango。"
)
_OTHER_USES = {
    "roster": "一行一家单位的名册，请用：sjs-forms batch {file} -o 成册；"
    "只检查：sjs-forms batch {file} -o 成册 --check。",
    "word": "填好的表格，请用：sjs-forms import {file} -o 申报文件夹，读进申报里。",
    "paper": "盖了章的表格扫描件，请用：sjs-forms stamped 申报文件夹 {file}；"
    "其他材料请放进申报文件夹中各项材料的文件夹。",
}


def remedy_text(remedy: Remedy, answers_file: str = ANSWERS_FILE) -> str:
    """Return a remedy in the words of the command line; `answers_file` names the answers."""
    return worded(remedy, command_wording(answers_file))


@cache
def command_wording(answers_file: str = ANSWERS_FILE) -> Wording:
    """Return the words of the command line for each action; `answers_file` names the answers."""
    return {**_PLAIN, **_FIXED, **_of_answers(answers_file), **_of_files(answers_file)}


def _of_files(answers_file: str) -> Wording:
    named = answers_file.replace("{", "{{").replace("}", "}}")
    return {
        PlainAction.ENTER_PASSWORD: (
            f"请在 {answers_file} 该附件中写明 password，或去掉密码后另存一份再放进来。"
        ),
        PlainAction.LIST_FILE: f"如需装订，请写入 {answers_file} 的 attachments；不需要的请移走。",
        PlainAction.STRAIGHTEN_FILE: (
            f'要拉平的，在 {answers_file} 该附件中写明 "straighten": true，'
            "再看生成的这一页；原来的照片仍在在线申报材料里。"
        ),
        PutFile: (
            f"请把文件放进 {{folder}}，或写入 {named} 的 attachments（material 为 {{material}}）；"
            "先看样子可用 --draft。"
        ),
        ReplaceFile: lambda remedy: _replacement(remedy, answers_file),
        NameFile: lambda remedy: _name(remedy, answers_file),
    }


_PLAIN: Wording = {
    PlainAction.ANSWER_BY_PAGE: (
        "请改正 --as：等号左边是扫描件的第几页，几个扫描件连续数下去，从 1 数起；每页只写一个。"
    ),
    PlainAction.BUILD_WHOLE: "请不用 --since 重新生成，整册重印。",
    PlainAction.CHOOSE_APPLICATION: (
        f"请给出申报文件夹或其中的 {ANSWERS_FILE}；新建一个可用：sjs-forms new 文件夹名。"
    ),
    PlainAction.CHOOSE_BUILD: "请给出 sjs-forms build -o 所写的那个文件夹。",
    PlainAction.CHOOSE_FREE_NAME: "请用 -o 换一个文件夹名。",
    PlainAction.CHOOSE_OTHER_OUTPUT: "也可以用 -o 换一个位置。",
    PlainAction.CHOOSE_PAGES: "只要其中几页的，请用 pages 写明页码。",
    PlainAction.CHOOSE_SHORTER_PATH: (
        "请用 -o 换一个路径短一些的位置，例如磁盘的根目录下的文件夹。"
    ),
    PlainAction.COPY_INSIDE: (
        "请把文件复制到申报文件夹的 attachments 下，路径从申报文件夹写起，不用盘符和“..”。"
    ),
    PlainAction.CORRECT_PAGES: "请改正 pages 的页码，如 1-3,7；要全部页的，删去 pages。",
    PlainAction.FILE_SCANS_AGAIN: (f"请把盖章扫描件{_REPLACING} 再放入一次。"),
    PlainAction.FEWER_AT_ONCE: "批量生成时，请减少同时处理的份数（-j 1）。",
    PlainAction.INSPECT_MACHINE: "请运行 sjs-forms doctor 查看缺什么，或重新安装 sjs-forms。",
    PlainAction.INSTALL_PHOTO_PARTS: "安装办法见 sjs-forms doctor。",
    PlainAction.INSTALL_READER: (
        "本机没有安装识别扫描件文字的组件；要装的话，安装办法见 sjs-forms doctor。"
    ),
    PlainAction.INSTALL_AGAIN: "请重新安装 sjs-forms。",
    PlainAction.LOOK_UP_KEYS: "请按 sjs-forms schema 核对。",
    PlainAction.MOVE_FOREIGN_FILES: "为免丢失，请用 -o 换一个新的文件夹，或先把这些文件移走。",
    PlainAction.MOVE_TEMPORARY: "也可以用环境变量 TMPDIR 把临时文件夹指到有空间的磁盘。",
    PlainAction.OMIT_NOTICE: "也可以不写 --programme，由各份自己写明。",
    PlainAction.REPLACE_SCAN: (
        "要换成新的，请加 --replace；旧的会移到申报文件夹的“已换下的扫描件”里，不会删除。"
    ),
    PlainAction.REPORT_FAULT: (
        "这是本软件的问题。请在原来的命令后面加 --verbose 再运行一次，"
        "把屏幕上的全部文字连同申报文件夹反馈给我们。"
    ),
    PlainAction.SPLIT_VOLUME: "请加 --split 分册装订，或用 --paper 换较薄的纸、减少附件。",
    PlainAction.TAKE_WORD_ANSWERS: "都以 Word 表格为准的，加 --force 再试；否则请先改成一致。",
    PlainAction.USE_ASCII_TEMPORARY: (
        "请把环境变量 TEMP（Linux、macOS 为 TMPDIR）设为路径只有英文字母和数字、"
        "可以写入的文件夹，例如 C:\\Temp，再试一次。"
    ),
}


def _of_answers(answers_file: str) -> Wording:
    def mended(remedy: MendAnswer) -> str:
        text = filled(remedy.words, _paths(remedy, answers_file))
        written = _WRITTEN.get(remedy.written)
        return f"{text.removesuffix('。')}，{written}。" if written else text

    def mended_file(remedy: MendAnswersFile) -> str:
        model = "空白的可用 sjs-forms new 生成。" if remedy.has_model else ""
        return filled(remedy.words, [answers_file]) + model

    def renamed(remedy: RenameAnswersFile) -> str:
        if remedy.as_text:
            return f"请用记事本把“{remedy.found}”里的内容另存为 {remedy.name}，编码选 UTF-8。"
        return (
            f"请把“{remedy.found}”改名为 {remedy.name}；看不到 .txt 一类后缀的，"
            "先在资源管理器的“查看”中勾选“文件扩展名”。"
        )

    return {
        MendAnswer: mended,
        FillAnswer: lambda remedy: f"请在 {answers_file} 的 {AnswerPlace(remedy.answer)} 处填写。",
        EditAnswers: lambda remedy: filled(remedy.words, [answers_file]),
        MendAnswersFile: mended_file,
        RenameKey: lambda remedy: _key(remedy, answers_file),
        RenameAnswersFile: renamed,
    }


def _paths(remedy: MendAnswer, answers_file: str) -> list[str]:
    paths = [str(AnswerPlace(steps)) for steps in remedy.answers]
    holder = f"{answers_file} {remedy.link} " if remedy.link else ""
    return [holder + path for path in paths[:1]] + paths[1:]


def _guess(near: str) -> str:
    return f"是否想写 {near}？" if near else ""


def _key(remedy: RenameKey, answers_file: str) -> str:
    known = "" if remedy.near else f"这里可以写：{'、'.join(remedy.known)}。"
    path = AnswerPlace(remedy.key)
    return f"{_guess(remedy.near)}{known}请改正 {answers_file} 中的 {path}，或删去这一项。"


def _replacement(remedy: ReplaceFile, answers_file: str) -> str:
    also = f"然后在 {answers_file} 的 attachments 中把这一条改为新的文件。"
    return remedy.words + also if remedy.is_renamed and remedy.is_listed else remedy.words


def _name(remedy: NameFile, answers_file: str) -> str:
    listed = f"在 {answers_file} 该附件中写明 title，或" if remedy.is_listed else ""
    return f"建议用“{remedy.title}”为题：请{listed}把文件改名，如“{remedy.name}”。"


def _notice(remedy: ChooseNotice) -> str:
    known = "、".join(remedy.known)
    if remedy.is_unknown:
        return (
            f"写错了的，programme 请改为：{known}（只有一个时可以不写）；"
            "没有写错的，请用 --notices 指明这份通知所在的文件夹。"
        )
    return f"请在 {ANSWERS_FILE} 的 programme 中、或用 --programme 写明其一：{known}。"


def _notice_mistake(remedy: MendNotice) -> str:
    if remedy.template_of:
        return (
            f"这是通知“{remedy.template_of}”的模板有误："
            "请编写通知的人用 sjs-forms notice check 检查并改正。"
        )
    return remedy.words or "请对照“编写说明.md”改正（sjs-forms notice new 所建的文件夹里有）。"


_FIXED: Wording = {
    ScanForm: (
        "打印、签字盖章后扫描，用 sjs-forms stamped 放入"
        "（也可自己放进 {folder} 或写入 attachments），再生成一次。"
    ),
    SignAgain: f"{{when}}请用新表重新签字、盖章、扫描，{_REPLACING} 放入。",
    Advice: "{words}",
    FindFile: "{words}",
    SortFile: lambda remedy: remedy.words + (_AS_SCAN if remedy.may_be_scan else ""),
    InstallOffice: "请安装 LibreOffice，或{words}",
    InstallTextLayout: lambda remedy: _LAYOUT_LIBRARIES.get(remedy.platform, _ELSEWHERE),
    AllowMoreTime: (
        "机器很慢、确要更久的，可用环境变量 {variable} 写明秒数（不写为 {seconds:g}）。"
    ),
    ChooseNotice: _notice,
    ChooseMaterial: lambda remedy: f"{_guess(remedy.near)}可用的有：{'、'.join(remedy.known)}。",
    ChooseStock: lambda remedy: (
        f"--paper 请改为：{'、'.join(f'{stock}（{title}）' for stock, title in remedy.known)}。"
    ),
    MendNotice: _notice_mistake,
    UseNewRoster: lambda remedy: (
        f"表头应有：{'、'.join(remedy.labels)}。"
        "可用 sjs-forms new --excel 文件名.xlsx 得到一张空表。"
    ),
    ReportFileFault: (
        "这是本软件的问题，请把上面这句话和“{what}”连同这个文件反馈给我们；"
        "急用时，可在阅读器中“打印为 PDF”后用打印所得的文件替换。"
    ),
    UseOtherwise: lambda remedy: _OTHER_USES[remedy.use].format(file=remedy.file),
    DecideScanPage: lambda remedy: filled(
        remedy.words, [f"--as {option}" for option in remedy.options]
    ),
    TurnScanPage: (
        "请打开放好的扫描件看一眼；转得不对的，用 --as 写明转角（0 为不转）再放一次，"
        "如 --as {option}。"
    ),
    RunJob: lambda remedy: filled(remedy.words, [f"sjs-forms {job}" for job in remedy.jobs]),
}
