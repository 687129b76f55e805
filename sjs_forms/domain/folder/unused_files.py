"""The findings on files in an application's folder that are not bound, with remedies."""

from collections.abc import Mapping

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.file_refusal import named
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, FilePlace
from sjs_forms.base.findings.remedies import PlainAction, SortFile
from sjs_forms.domain.folder.clutter import Nature
from sjs_forms.domain.folder.folder_entries import MAX_ENTRIES, FolderEntry
from sjs_forms.domain.folder.material_folders import (
    ATTACHMENTS_FOLDER,
    MaterialClaim,
    StrayFile,
    folder_name,
)
from sjs_forms.domain.programme import Material, Programme

LABEL = "附件"
SHOWN = 3
"""Files of a folder that a finding names."""
_BLOCKING = (
    *(Nature.NOT_DOWNLOADED, Nature.UNFINISHED, Nature.BUNDLE, Nature.UNREADABLE),
    *(Nature.SPECIAL, Nature.TOO_DEEP, Nature.CROWDED),
)


def finding_about(entry: FolderEntry, shown: str, *, is_wanted: bool = False) -> Finding | None:
    """Return the finding on an entry that is not a plain document, or None for one that is.

    If it is wanted for a material, the finding blocks.
    """
    if entry.nature is Nature.DOCUMENT:
        return None
    code, message, remedy = _of_nature(entry)
    say = error if is_wanted and entry.nature in _BLOCKING else warning
    return named(say(code, FilePlace(shown), LABEL, message, remedy), shown)


def _of_nature(entry: FolderEntry) -> tuple[str, str, str]:
    """Return code, message and remedy for an entry that is not a plain document."""
    code, *texts = _TOLD.get(entry.nature, _UNREADABLE)
    names = {
        "of": entry.verdict.of,
        "own": entry.path.name,
        "what": "文件夹" if entry.is_folder else "文件",
    }
    message, remedy = (text.format(**names) for text in texts)
    return code, message, remedy


_UNREADABLE = (
    "attachment-folder-unreadable",
    f"文件夹“{FILE}”无法打开，里面的文件都没有收入。",
    "请检查文件夹是否有权限打开，或把里面的文件复制到新的文件夹。",
)
_TOLD: Mapping[Nature, tuple[str, str, str]] = {
    Nature.NOT_DOWNLOADED: (
        "attachment-not-downloaded",
        f"“{FILE}”只是网盘的占位文件，“{{of}}”还在云端，没有下载到本机。",
        "请在网盘（如 iCloud、OneDrive）中把“{of}”下载到本机，下载完成后再试。",
    ),
    Nature.UNFINISHED: (
        "attachment-unfinished",
        f"“{FILE}”没有下载完，还不是完整的“{{of}}”。",
        "请等下载完成，或重新下载“{of}”并删去这个未完成的文件。",
    ),
    Nature.HIDDEN: (
        "attachment-hidden",
        f"{{what}}“{FILE}”的名字以点开头，是隐藏的，不会装订进去。",
        "需要装订的请去掉名字开头的点（改为“{of}”）；不需要的请删去或移走。",
    ),
    Nature.TEMPORARY: (
        "attachment-temporary",
        f"“{FILE}”是程序留下的临时文件或备份，不会装订进去。",
        "里面有需要的材料时，请用 Word、WPS 等打开它，另存为新的文件；不需要的请删去。",
    ),
    Nature.OPEN: (
        "attachment-open",
        "“{of}”可能正在 Word、WPS 或 Excel 中打开（旁边有“{own}”），收入的是它上次保存的内容。",
        "请保存并关闭它后再试；已经关闭的，请删去隐藏文件“{own}”，就不再提示。",
    ),
    Nature.BUNDLE: (
        "attachment-type",
        f"“{FILE}”是苹果软件的文稿（Pages、Numbers、Keynote 或 RTFD），不能装订。",
        "请在 Mac 上打开它，用“文件 → 导出为 → PDF”得到 PDF，放在这里替换它。",
    ),
    Nature.SPECIAL: (
        "attachment-special",
        f"“{FILE}”不是普通文件（是管道、套接字或设备），无法读取，也不会装订进去。",
        "请删去它，换成真正的文件。",
    ),
    Nature.TOO_DEEP: (
        "attachment-folder-deep",
        f"文件夹“{FILE}”里的文件夹一层套一层，太深的没有查看，其中的文件没有收入。",
        "请把里面需要的文件移到材料文件夹下，不要一层层套文件夹。",
    ),
    Nature.CROWDED: (
        "attachment-folder-crowded",
        f"文件夹“{FILE}”里的文件和文件夹超过 {MAX_ENTRIES:,} 个，没有查看，也没有收入。",
        "请只留下需要的文件，其余的移到申报文件夹之外。",
    ),
}
"""Code, message and remedy for each nature of an entry that is not a plain document."""


def not_listed(shown: str) -> Finding:
    """Return the finding on a document under attachments/ that is not in the list."""
    return warning(
        "attachment-unlisted",
        FilePlace(shown),
        LABEL,
        f"文件“{FILE}”没有列入申报材料，不会装订进去。",
        PlainAction.LIST_FILE,
        shown,
    )


def not_sorted(stray: StrayFile, shown: str, programme: Programme) -> Finding:
    """Return the finding on an entry without a material, explained by its name."""
    claim = stray.claim
    if other := finding_about(stray.entry, shown):
        return other
    is_file = stray.entry.path.name == claim.name
    example = claim.likely or _of_number(programme, claim.number) or programme.materials[1]
    guess = (
        f"它像是第{programme.number_of(claim.likely)}项“{claim.likely.short}”："
        if claim.likely
        else ""
    )
    if is_file:
        advice = f"需要装订的请放进对应的材料文件夹，如“{folder_name(programme, example)}”"
    else:
        advice = (
            f"需要装订的请把文件夹“{claim.name}”改成以材料序号开头的名字，"
            f"如“{folder_name(programme, example)}”"
        )
    return warning(
        "attachment-unlisted",
        FilePlace(shown),
        LABEL,
        f"文件“{FILE}”没有归入任何一项材料，不会装订进去：{_why(claim, programme, is_file)}。",
        SortFile(f"{guess}{advice}；不需要的请移走。"),
        shown,
    )


def _why(claim: MaterialClaim, programme: Programme, is_file: bool) -> str:
    what = "文件名" if is_file else f"文件夹“{claim.name}”"
    if claim.number is None:
        return f"{what}没有以一个材料序号开头"
    if not 1 <= claim.number <= len(programme.materials):
        return f"{what}中的序号是 {claim.number}，而材料只有 {len(programme.materials)} 项"
    return f"{what}开头的 {claim.number} 是不是材料序号，看不出来"


def _of_number(programme: Programme, number: int | None) -> Material | None:
    if number is None or not 1 <= number <= len(programme.materials):
        return None
    return programme.materials[number - 1]


def doubtful_folder(claim: MaterialClaim, programme: Programme, shown: str) -> Finding:
    """Return the finding on a folder whose words contradict its number, which was used."""
    assert claim.material is not None and claim.likely is not None
    return warning(
        "material-doubtful",
        FilePlace(shown),
        LABEL,
        f"文件夹“{FILE}”按序号收入第{claim.number}项“{claim.material.short}”，"
        f"名字却像第{programme.number_of(claim.likely)}项“{claim.likely.short}”。",
        f"是第{programme.number_of(claim.likely)}项的，请改名为"
        f"“{folder_name(programme, claim.likely)}”；确是第{claim.number}项的，"
        f"请改名为“{folder_name(programme, claim.material)}”。",
        shown,
    )


def outside_attachments(shown: str, programme: Programme) -> Finding:
    """Return the finding on a document beside application.json, where it is not used."""
    example = f"{ATTACHMENTS_FOLDER}/{folder_name(programme, programme.materials[1])}"
    return warning(
        "attachment-unlisted",
        FilePlace(shown),
        LABEL,
        f"文件“{FILE}”不在任何一项材料的文件夹里，不会装订进去。",
        SortFile(
            f"需要装订的请移到对应的材料文件夹，如 {example}；不需要的请移到申报文件夹之外。",
            may_be_scan=True,
        ),
        shown,
    )


def folder_outside(shown: str, names: list[str], is_missing: bool) -> Finding:
    """Return the finding on a folder with documents beside attachments/.

    `names` are those of its documents, one more than are shown if there are more. `is_missing`
    means that there is no attachments/ at all.
    """
    said = "、".join(f"“{name}”" for name in names[:SHOWN]) + (" 等" if names[SHOWN:] else "")
    advice = (
        f"如果这就是附件文件夹，请改名为 {ATTACHMENTS_FOLDER}；否则请把需要装订的"
        if is_missing
        else "请把需要装订的"
    )
    return warning(
        "attachment-unlisted",
        FilePlace(shown),
        LABEL,
        f"文件夹“{FILE}”不是任何一项材料的文件夹，里面的{said}不会装订进去。",
        SortFile(
            f"{advice}移到 {ATTACHMENTS_FOLDER} 下的材料文件夹；不需要的请移到申报文件夹之外。"
        ),
        shown,
    )


def many_outside(count: int) -> Finding:
    """Return the finding on further documents beside application.json."""
    return warning(
        "attachment-unlisted",
        WHOLE,
        LABEL,
        f"没有归入材料的还有另外 {count} 个文件或文件夹，也不会装订进去。",
        "请为这份申报单独建一个文件夹，只放申报数据和材料。",
    )
