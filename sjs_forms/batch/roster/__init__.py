"""The roster (名册): writes a workbook with one row per applicant, and reads it back."""

from sjs_forms.batch.roster.roster_reading import RosterRow, read_roster, read_roster_answers
from sjs_forms.batch.roster.roster_wording import in_the_roster
from sjs_forms.batch.roster.roster_writing import write_roster
from sjs_forms.batch.roster.row_transcript import transcript_of

__all__ = [
    "RosterRow",
    "in_the_roster",
    "read_roster",
    "read_roster_answers",
    "transcript_of",
    "write_roster",
]
