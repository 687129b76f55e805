"""What a finding says to whoever keeps a roster: row and column in place of application.json."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sjs_forms.base.findings import Finding
from sjs_forms.batch.roster.columns import FOLDER_LABEL, columns_of
from sjs_forms.domain.labels import where
from sjs_forms.domain.programme import installed_programmes, load_programme

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
"""What a roster does not offer: it lists no files, takes no pages of them and gives no passwords,
and no application.json is there that `stamped` could write into."""
_PATH = re.compile(r" ?([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)*) ?")


def in_the_roster(found: Finding, row: int) -> Finding:
    """The finding for a roster whose `row`, as Excel counts, has what it is about."""
    remedy = found.remedy
    for said, instead in _OTHERWISE:
        remedy = re.sub(said, instead, remedy)
    remedy = _PATH.sub(lambda path: _labels().get(path[1], path[0]), remedy)
    return replace(found, remedy=f"名册第 {row} 行：{remedy}")


@cache
def _labels() -> Mapping[str, str]:
    """The form's words for an answer, by the paths with which findings name it."""
    names: dict[str, str] = {}
    for programme_id in installed_programmes():
        fields = load_programme(programme_id).fields
        names |= {
            str(place[-1]): f"“{label}”" for place, label in fields.objects.items() if place[1:]
        }
        names |= {
            where(column.place): f"“{fields.label_of(column.place)}”"
            for column in columns_of(fields)
            if not column.is_folder
        }
    return names
