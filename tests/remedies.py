"""Remedies of every kind, for tests of how each face words them."""

from sjs_forms.base.findings.remedies import (
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
    several,
)

LEASE = "attachments/2-场地租赁合同"
SPOKEN: tuple[tuple[Remedy, str], ...] = (
    (Advice("请核对日期。"), "请核对日期。"),
    (
        FillAnswer(("founders", 0, "uscc")),
        "请在 application.json 的 founders[0].uscc 处填写。",
    ),
    (
        MendAnswer("请核对{}与{}是否写反。", (("term", "start"), ("term", "end"))),
        "请核对 term.start 与 term.end 是否写反。",
    ),
    (
        MendAnswer("请修改{}。", (("remarks",),), "中的", "text"),
        "请修改 application.json 中的 remarks，写成英文双引号括起的文字。",
    ),
    (
        MendAnswer("确实不要的，请清空{}。", (("remarks",),), "中的", "blank"),
        "确实不要的，请清空 application.json 中的 remarks，改为 null。",
    ),
    (MendAnswer("请只保留一个。", (("remarks",),)), "请只保留一个。"),
    (EditAnswers("改错了的，请在{}中改回。"), "改错了的，请在 application.json 中改回。"),
    (
        MendAnswersFile("请对照一份空白的{}，改正写法。", has_model=True),
        "请对照一份空白的 application.json，改正写法。空白的可用 sjs-forms new 生成。",
    ),
    (
        RenameAnswersFile("application.json.txt", "application.json"),
        "请把“application.json.txt”改名为 application.json；看不到 .txt 一类后缀的，"
        "先在资源管理器的“查看”中勾选“文件扩展名”。",
    ),
    (
        RenameAnswersFile("application.rtf", "application.json", as_text=True),
        "请用记事本把“application.rtf”里的内容另存为 application.json，编码选 UTF-8。",
    ),
    (
        RenameKey(("contact", "mail"), "email", ("name", "email")),
        "是否想写 email？请改正 application.json 中的 contact.mail，或删去这一项。",
    ),
    (
        RenameKey(("contact", "x"), "", ("name", "email")),
        "这里可以写：name、email。请改正 application.json 中的 contact.x，或删去这一项。",
    ),
    (ChooseMaterial("lease", ("lease", "evidence")), "是否想写 lease？可用的有：lease、evidence。"),
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
    (
        SignAgain("确要改的，"),
        "确要改的，请用新表重新签字、盖章、扫描，用 sjs-forms stamped 加 --replace 放入。",
    ),
    (FindFile("请检查文件名。"), "请检查文件名。"),
    (SortFile(f"请放进 {LEASE}。"), f"请放进 {LEASE}。"),
    (
        SortFile("请移走。", may_be_scan=True),
        "请移走。是盖章扫描件的，可用 sjs-forms stamped 放入。",
    ),
    (ReplaceFile("请重新扫描。", is_listed=True), "请重新扫描。"),
    (ReplaceFile("请另存为 PDF。", is_renamed=True), "请另存为 PDF。"),
    (
        ReplaceFile("请另存为 PDF。", is_renamed=True, is_listed=True),
        "请另存为 PDF。然后在 application.json 的 attachments 中把这一条改为新的文件。",
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
    (InstallOffice("另存为 PDF 再放进来。"), "请安装 LibreOffice，或另存为 PDF 再放进来。"),
    (
        InstallTextLayout("win32"),
        "请重新运行安装程序；用 pip 安装的，执行 "
        "py -m pip install --force-reinstall gstreamer-libs。",
    ),
    (
        AllowMoreTime("SJS_FORMS_SECONDS", 600.0),
        "机器很慢、确要更久的，可用环境变量 SJS_FORMS_SECONDS 写明秒数（不写为 600）。",
    ),
    (
        ChooseNotice(("a", "b")),
        "请在 application.json 的 programme 中、或用 --programme 写明其一：a、b。",
    ),
    (
        ChooseNotice(("a",), is_unknown=True),
        "写错了的，programme 请改为：a（只有一个时可以不写）；"
        "没有写错的，请用 --notices 指明这份通知所在的文件夹。",
    ),
    (
        ChooseStock((("70g", "70 克"), ("80g", "80 克"))),
        "--paper 请改为：70g（70 克）、80g（80 克）。",
    ),
    (
        UseNewRoster(("申报单位",)),
        "表头应有：申报单位。可用 sjs-forms new --excel 文件名.xlsx 得到一张空表。",
    ),
    (MendNotice(), "请对照“编写说明.md”改正（sjs-forms notice new 所建的文件夹里有）。"),
    (MendNotice("请另存为 UTF-8 编码。"), "请另存为 UTF-8 编码。"),
    (
        MendNotice(template_of="x"),
        "这是通知“x”的模板有误：请编写通知的人用 sjs-forms notice check 检查并改正。",
    ),
    (
        ReportFileFault("内部错误：KeyError"),
        "这是本软件的问题，请把上面这句话和“内部错误：KeyError”连同这个文件反馈给我们；"
        "急用时，可在阅读器中“打印为 PDF”后用打印所得的文件替换。",
    ),
    (
        UseOtherwise("word", "a.docx"),
        "填好的表格，请用：sjs-forms import a.docx -o 申报文件夹，读进申报里。",
    ),
    (
        DecideScanPage("其余的加{}、{}中的相应一项。", ("2=不用", "4=不用")),
        "其余的加 --as 2=不用、--as 4=不用 中的相应一项。",
    ),
    (
        TurnScanPage("3=附4-1:2:0"),
        "请打开放好的扫描件看一眼；转得不对的，用 --as 写明转角（0 为不转）再放一次，"
        "如 --as 3=附4-1:2:0。",
    ),
    (
        RunJob("请重新生成（{}），不要改动。", ("build",)),
        "请重新生成（sjs-forms build），不要改动。",
    ),
    (
        PlainAction.ENTER_PASSWORD,
        "请在 application.json 该附件中写明 password，或去掉密码后另存一份再放进来。",
    ),
    (
        PlainAction.LIST_FILE,
        "如需装订，请写入 application.json 的 attachments；不需要的请移走。",
    ),
    (PlainAction.SPLIT_VOLUME, "请加 --split 分册装订，或用 --paper 换较薄的纸、减少附件。"),
    (
        several("请减少附件。", PlainAction.CHOOSE_PAGES),
        "请减少附件。只要其中几页的，请用 pages 写明页码。",
    ),
)
"""Remedies of every class, with the words of the command line."""

EVERY = (*(remedy for remedy, _ in SPOKEN), *PlainAction)
"""Remedies of every class and every plain action."""
