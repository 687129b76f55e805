"""Reads several sources as one batch. A roster's row and a folder of one applicant are one."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.progress import never_cancelled
from sjs_forms.batch.sources.applicant_identity import identity_of
from sjs_forms.batch.sources.batch_source import SourceRow, read_rows
from sjs_forms.domain.answers.answer_values import answers_given, value_at
from sjs_forms.domain.folder.application_folder import ApplicationFolder

_SHOWN = 5
"""Labels that a message names."""


def read_sources(
    sources: Sequence[Path],
    out: Path,
    is_cancelled: Callable[[], bool] = never_cancelled,
    programme_id: str | None = None,
) -> tuple[SourceRow, ...]:
    """Return the applications of all sources in their order, numbered anew.

    If one row of a roster and one application of another source are of the same applicant, by code
    or, where a code is missing, by name, the application is that of the other source, and the
    roster gives its number. What the roster says otherwise is told, because it is not used. If
    there are more of him on either side, none can be told to be the other, and all are kept. Raises
    as `read_rows`.
    """
    rows = [row for source in sources for row in read_rows(source, out, is_cancelled, programme_id)]
    if len(sources) == 1:
        return tuple(rows)
    lines = _lines_of(rows)
    used = set(lines.values())
    made = [
        _joined(row, rows[lines[at]]) if at in lines else row
        for at, row in enumerate(rows)
        if at not in used
    ]
    return tuple(replace(row, number=number) for number, row in enumerate(made, 1))


def _lines_of(rows: Sequence[SourceRow]) -> dict[int, int]:
    """Return the index of the line of a roster by that of the application of the same applicant."""
    who = [identity_of(row) for row in rows]
    found = _pairs(rows, [one.code for one in who])
    used = set(found.values())
    for other, line in _pairs(rows, [one.name for one in who]).items():
        if other not in found and line not in used and who[line].may_be(who[other]):
            found[other] = line
    return found


def _pairs(rows: Sequence[SourceRow], keys: Sequence[str]) -> dict[int, int]:
    """Return the index of the line by that of the application, where each alone has a key."""
    lines, others = (
        _alone({at: keys[at] for at, row in enumerate(rows) if (row.line is None) is is_other})
        for is_other in (False, True)
    )
    return {others[key]: line for key, line in lines.items() if key in others}


def _alone(keys: Mapping[int, str]) -> dict[str, int]:
    """Return the index of each key that no other index has. An empty key is none."""
    count = Counter(keys.values())
    return {key: at for at, key in keys.items() if key and count[key] == 1}


def _joined(row: SourceRow, line: SourceRow) -> SourceRow:
    """Return an application with the number of its applicant's line in a roster."""
    unused = _unused(line, row)
    doubts = (*row.doubts, unused) if unused else row.doubts
    return replace(row, given=row.given or line.given, doubts=doubts)


def _unused(line: SourceRow, row: SourceRow) -> Finding | None:
    """Return a warning about what a line of the roster has and the application has not."""
    labels = _otherwise(line.application, row.application)
    said = []
    if labels:
        more = f" 等 {len(labels)} 项" if len(labels) > _SHOWN else ""
        said.append(f"填得不同的没有采用：{'、'.join(labels[:_SHOWN])}{more}")
    if line.application.offered:
        said.append(f"所写附件文件夹里的 {len(line.application.offered)} 件材料没有用")
    if not said:
        return None
    return warning(
        "batch-row-unused",
        WHOLE,
        "名册",
        f"名册第 {line.line} 行也是这一家，采用的是他自己文件夹里的内容；名册上{'；'.join(said)}。",
        "请核对以哪边为准：以名册为准的，请把他的文件夹移走；否则可以不管。",
    )


def _otherwise(line: ApplicationFolder, row: ApplicationFolder) -> list[str]:
    """Return the labels of the answers of a line that differ from the application's."""
    if line.programme is None or line.application is None or row.application is None:
        return []
    fields = line.programme.fields
    given = answers_given(fields, line.application)
    return [
        fields.label_of(asked.place)
        for asked, value in given
        if value != value_at(row.application, asked.place)
    ]
