"""Checks an application and returns all findings, in the order of the form.

`answers` checks each answer by itself, `characters` whether it can be printed, `notice_rules` the
rules of the notice, `materials` the files, `titles` their titles.
"""

from collections.abc import Sequence

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.checks.answers import check_answers, check_required
from sjs_forms.domain.checks.characters import check_characters
from sjs_forms.domain.checks.materials import check_materials
from sjs_forms.domain.checks.notice_rules import check_rules
from sjs_forms.domain.checks.titles import check_titles
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Source

__all__ = ["check_all", "check_application", "check_materials", "is_gap"]


def is_gap(finding: Finding) -> bool:
    """Return whether it is a gap in the materials: allowed in a draft, and irrelevant to
    the forms.
    """
    return finding.has(Trait.GAP)


def check_application(
    programme: Programme,
    application: Application,
    offered: Sequence[Offered],
    unread: UnreadPlaces = ALL_READ,
) -> tuple[Finding, ...]:
    """Return all findings about the answers; `check_materials` returns those about the files.

    `unread` answers are not reported as blank.
    """
    return (
        *check_required(programme.fields, application, unread),
        *check_answers(programme.fields, application, unread),
        *check_characters(programme.fields, application, offered),
        *check_rules(programme, application, offered, unread),
    )


def check_all(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    unread: UnreadPlaces = ALL_READ,
) -> tuple[Finding, ...]:
    """Return all findings about answers and files."""
    offered = [source.offered for source in sources]
    return (
        *check_application(programme, application, offered, unread),
        *check_materials(programme, sources, unread),
        *check_titles(sources, unread),
    )
