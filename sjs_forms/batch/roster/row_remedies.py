"""Rewords findings for a roster: row and column instead of application.json."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sjs_forms.base.findings import Finding
from sjs_forms.batch.roster.columns import FOLDER_LABEL, all_columns
from sjs_forms.domain.labels import label_of

_FOLDER = f"“{FOLDER_LABEL}”一栏所写的文件夹里"
_OTHERWISE = (
    ("用 sjs-forms stamped 放入（也可自己放进 ([^ ]+) 或写入[^）]*）", rf"放进 \1（在{_FOLDER}）"),
    ("([^ ]+)，或写入 application.json 的 attachments（[^）]*）", rf"\1（在{_FOLDER}）"),
    ("在 application.json 该附件中写明 (?:password|title)，或", ""),
    ("然后在 application.json 的 attachments 中把这一条改为新的文件。", ""),
    ("用 pages 只取需要的页，或", ""),
    ("；[^；]*用 pages 写明页码", ""),
    (r" application\.json 中?的 ", " "),
)
"""Remedies that a roster cannot offer: it lists no files, page ranges or passwords, and there is no
application.json for `stamped` to change.
"""
_PATH = re.compile(r" ?([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)*) ?")


def in_the_roster(found: Finding, row: int) -> Finding:
    """Return the finding for a roster in whose `row` (Excel's number) its subject is."""
    remedy = found.remedy
    for said, instead in _OTHERWISE:
        remedy = re.sub(said, instead, remedy)
    remedy = _PATH.sub(lambda path: _labels().get(path[1], path[0]), remedy)
    return replace(found, remedy=f"名册第 {row} 行：{remedy}")


@cache
def _labels() -> Mapping[str, str]:
    """Return the form's labels of answers by the paths in findings."""
    other = label_of(("platform", "other_qualification"))
    return {
        "other_qualification": f"“{other}”",
        **{
            column.where: f"“{label_of(column.place)}”"
            for column in all_columns()
            if column.kind != "folder"
        },
    }
