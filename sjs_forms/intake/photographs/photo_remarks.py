"""Remarks on photographs that were to be straightened and are bound as they are."""

from collections.abc import Sequence

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.remedies import PlainAction, Remedy, several
from sjs_forms.intake.file_remarks import ranges_of


def _remark(code: str, message: str, remedy: Remedy | str) -> Finding:
    return warning(code, WHOLE, "", message, remedy)


def unsure(numbers: Sequence[int]) -> Finding:
    """On these pages (from 1) not every side of the paper is certain."""
    return _remark(
        "straighten-unsure",
        f"“{FILE}”{ranges_of(numbers)}看不清纸的四边，没有拉平，照原样装订。",
        "请把纸放在颜色比它深的平面上，四边都拍进去再拍一张；或改用扫描件；或不选拉平。",
    )


def no_photograph(numbers: Sequence[int]) -> Finding:
    """These pages (from 1) are not one picture each."""
    return _remark(
        "straighten-no-photo",
        f"“{FILE}”{ranges_of(numbers)}不是照片，没有拉平，照原样装订。",
        "只有照片（整页是一张图、没有文字）才能拉平；这份材料可不选拉平。",
    )


def too_many(numbers: Sequence[int], most: int) -> Finding:
    """These pages (from 1) are photographs beyond the number of a file that is straightened."""
    return _remark(
        "straighten-too-many",
        f"“{FILE}”一个文件最多拉平 {most} 页照片，{ranges_of(numbers)}照原样装订。",
        "请把照片分成几个文件。",
    )


def not_installed() -> Finding:
    """OpenCV is missing on this machine."""
    return _remark(
        "straighten-missing",
        f"“{FILE}”要拉平照片，但本机没有安装所需的组件，照原样装订。",
        several(PlainAction.INSTALL_PHOTO_PARTS, "装好后请重新生成，或不选拉平。"),
    )
