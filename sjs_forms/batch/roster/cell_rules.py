"""The rule of each column, in Chinese for the clerk and as data validation for Excel.

Excel's validation applies only to typed input, not to pasted or imported data, so nothing relies on
it.
"""

from collections.abc import Mapping

from sjs_forms.batch.roster.columns import Column
from sjs_forms.domain.expressions.syntax import Call, Path
from sjs_forms.domain.fields.choices import NO, YES
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.fields.kind import CellRule, OtherCell
from sjs_forms.domain.notice.notice_fields import NoticeFields


def how_to_fill(column: Column) -> str:
    """Return what to enter in a column, as a sentence."""
    if column.tick:
        return column.answer.tick_hint or f"有这一项的选“{YES}”，没有的选“{NO}”或留空。"
    return column.answer.hint or column.kind.ask_in_cell()


def rule_of(fields: NoticeFields, column: Column, cells: Mapping[Place, str]) -> CellRule:
    """Return Excel's validation rule for a column.

    `cells` maps places to the cell of each column in the first row of the rule.
    """
    if column.tick:
        return CellRule("list", f'"{YES},{NO}"', None, "请从下拉列表中选择。")
    return column.kind.cell_rule(cells[column.place], _compared_cell(fields, column, cells))


def _compared_cell(
    fields: NoticeFields, column: Column, cells: Mapping[Place, str]
) -> OtherCell | None:
    """Return the cell with which a rule compares a column, and words for the clerk."""
    for rule in fields.rules:
        condition = rule.condition
        if not (rule.cell_words and rule.place == column.place and isinstance(condition, Call)):
            continue
        other = condition.arguments[-1]
        cell = cells.get(other.steps) if isinstance(other, Path) else None
        if cell:
            return OtherCell(cell, rule.cell_words)
    return None
