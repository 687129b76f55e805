"""Values for the page 导入: the rows of a roster, and the proposed answers. Pure."""

from dataclasses import dataclass
from typing import Any

from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.application import Application
from sjs_forms.domain.places import where
from sjs_forms.web.wording.page_wording import message_on_page, remedy_on_page
from sjs_forms.web.workspace.importing import Importing


@dataclass(frozen=True, slots=True)
class RosterChoice:
    """A row of a roster; `is_likely` means that it names the applicant of the application."""

    number: int
    name: str
    is_likely: bool


def roster_view(importing: Importing, application: Application | None) -> list[RosterChoice]:
    """Return the rows to choose from; none once one is chosen."""
    if importing.proposal is not None:
        return []
    ours = role_of(application.questions, application, "applicant") if application else None
    return [
        RosterChoice(row.number, row.name or "（没有写名称）", bool(ours) and row.name == ours)
        for row in importing.rows
    ]


def proposal_view(importing: Importing) -> dict[str, Any] | None:
    """Return the answers that differ in Word forms or a roster's row; None if nothing was read."""
    if importing.proposal is None:
        return None
    proposal = importing.proposal.proposal
    choosable = {where(each.place) for each in proposal.choices}
    return {
        "id": importing.proposal_id,
        "rows": [
            {
                "path": where(each.place),
                "label": each.label,
                "ours": each.ours,
                "theirs": each.theirs,
                "is_choice": where(each.place) in choosable,
            }
            for each in proposal.unlike
        ],
        "findings": [
            (message_on_page(found), remedy_on_page(found.action) or "请在“填写”页核对这一项。")
            for found in proposal.transcript.findings
        ],
        "may_change_row": len(importing.rows) > 1,
        "unplaced": [(each.label, each.text) for each in proposal.transcript.unplaced],
    }  # fmt: skip
