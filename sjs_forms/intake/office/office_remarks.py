"""The remarks on Office documents that are accepted. Each function returns one remark."""

from collections.abc import Mapping

from sjs_forms.base.findings.file_refusal import FILE
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.remedies import ReplaceFile
from sjs_forms.intake.file_remarks import remark


def parts_broken(missing: Mapping[str, int]) -> Finding:
    """An Office document of which parts beside the text are broken; their number by kind."""
    listed = "、".join(f"{kind}（{n} 处）" if n > 1 else kind for kind, n in missing.items())
    return remark(
        "attachment-parts-broken",
        f"“{FILE}”有一部分已损坏，读不出来，没有收入：{listed}。其余内容照常收入。",
        ReplaceFile(
            "请用 Word、Excel 或 WPS 打开核对，缺的补上后另存，或向出具方重新索取，再替换。"
        ),
    )


def pictures_damaged(count: int) -> Finding:
    """An Office document with pictures of which a part is missing in the file itself."""
    return remark(
        "attachment-pages-incomplete",
        f"“{FILE}”里有 {count} 幅图片的数据残缺，印出来会缺一块，或根本印不出。",
        ReplaceFile(
            "请打开核对这些图片；不完整的，请在 Word、Excel 或 WPS 中换上完整的图片，另存后替换。"
        ),
    )


def tracked_changes() -> Finding:
    """An Office document with tracked changes that were not accepted or rejected."""
    return remark(
        "attachment-tracked-changes",
        f"“{FILE}”含有修订痕迹（尚未接受的修改），已按接受全部修订后的样子收入。",
        ReplaceFile("请核对这份材料；最好在 Word 或 WPS 中逐处接受或拒绝修订，保存后替换。"),
    )


def links_cut() -> Finding:
    """An Office document that would load pictures or text from elsewhere."""
    return remark(
        "attachment-links",
        f"“{FILE}”引用了文件之外的图片或内容（链接），没有读取，也没有印出。",
        "请在 Word 或 WPS 中把链接的内容改为嵌入，或另存为 PDF 后替换；不需要的可以不管。",
    )


def comments_left_out(kinds: list[str]) -> Finding:
    """An Office document with comments or speaker's notes; `kinds` in Chinese."""
    what = "、".join(kinds)
    return remark(
        "attachment-comments",
        f"“{FILE}”带有{what}，没有印出。",
        f"{what}不是材料内容的，无需修改；需要印出的，请写进正文，或另存为带{what}的 PDF 后替换。",
    )


def hidden_left_out(kinds: list[str]) -> Finding:
    """An Office document with hidden content; `kinds` in Chinese."""
    head = "、".join(kinds[:8]) + (f"等 {len(kinds)} 处" if len(kinds) > 8 else "")
    return remark(
        "attachment-hidden-text",
        f"“{FILE}”中有{head}，没有印出。",
        "本来就不需要的，无需修改；属于材料内容的，请取消隐藏（或打印区），保存后替换。",
    )


def clock_left_out() -> Finding:
    """An Office document that asks for the current date and stores none."""
    return remark(
        "attachment-clock",
        f"“{FILE}”中有打印时才产生的日期、时间或文件位置，文件里没有存下，已留空。",
        "需要印出日期的，请在原软件中改成固定的文字，或另存为 PDF 后替换。",
    )


def page_formula() -> Finding:
    """A Word document that computes page numbers by a formula."""
    return remark(
        "attachment-page-formula",
        f"“{FILE}”的页码是用公式算出的，各页印的都是文件里存下的那一个数。",
        ReplaceFile("请用 Word 或 WPS 打开，另存为 PDF 后替换。"),
    )


def equation_fields() -> Finding:
    """A Word document with EQ fields, which only Word draws."""
    return remark(
        "attachment-equation-field",
        f"“{FILE}”中有用 EQ 域写成的公式或带圈字符，转换后印不出来。",
        ReplaceFile("请用 Word 或 WPS 打开，另存为 PDF 后替换。"),
    )


def results_unsure() -> Finding:
    """An Office document whose stored results could not be read."""
    return remark(
        "attachment-results-unsure",
        f"“{FILE}”的内部结构特殊，自动更新的日期、编号、计算结果等印出来可能与原来显示的不同。",
        ReplaceFile(
            "请在装订版中核对这份材料；最好用 Word、Excel 或 WPS 打开，另存为 PDF 后替换。"
        ),
    )


def small_sheets(scales: dict[str, float]) -> Finding:
    """Spreadsheets that fit a page only at a small scale; scales by sheet name."""
    sheets = "、".join(f"“{name}”缩到 {scale:.0%}" for name, scale in [*scales.items()][:8])
    return remark(
        "attachment-small-sheet",
        f"“{FILE}”的工作表很宽，要缩小才放得进一页的宽度（{sheets}），印出来可能看不清。",
        ReplaceFile("请隐藏或拆分不需要的列，或在表格软件中设好打印区域和分页，保存后替换。"),
    )


def narrow_cells(cells: dict[str, list[str]]) -> Finding:
    """Spreadsheets with numbers or dates in cells too narrow for them; cells by sheet name."""
    listed = "；".join(
        f"“{name}”的 {'、'.join(own[:8])}" + (f"等 {len(own)} 格" if len(own) > 8 else "")
        for name, own in [*cells.items()][:8]
    )
    return remark(
        "attachment-narrow-cells",
        f"“{FILE}”的工作表有的列太窄，放不下其中的数字或日期（{listed}），印出来是“###”。",
        ReplaceFile("请在表格软件中把这些列加宽，保存后替换。"),
    )
