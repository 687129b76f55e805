"""What a finding says to whoever keeps a roster: row and column in place of application.json."""

import re
from dataclasses import replace

from sjs_forms.findings import Finding
from sjs_forms.roster.columns import FOLDER_LABEL
from sjs_forms.roster.reading import cell_label

_STAMPED = re.compile("用 sjs-forms stamped 放入（也可自己放进 ([^ ]+) 或写入 attachments）")
_LISTED = re.compile("([^ ]+)，或写入 application.json 的 attachments（[^）]*）")
_PASSWORD = re.compile("在 application.json 该附件中写明 password，或")


def in_the_roster(found: Finding, row: int) -> Finding:
    """The finding for a roster whose `row`, as Excel counts, has what it is about.

    A row has its attachments in folders only: it lists no files, gives no passwords, and there is
    no application.json for `stamped` to write into.
    """
    folder = f"名册{cell_label(row, FOLDER_LABEL)}一栏所写的文件夹里"
    remedy = _STAMPED.sub(rf"放进 \1（在{folder}）", found.remedy)
    remedy = _LISTED.sub(rf"\1（在{folder}）", remedy)
    remedy = _PASSWORD.sub("", remedy)
    place = re.compile(rf" ?application\.json 中?的 {re.escape(found.where)}(?: 处)?")
    return replace(found, remedy=place.sub(f"名册{cell_label(row, found.label)}一栏", remedy))
