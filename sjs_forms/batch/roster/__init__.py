"""The roster (名册): a workbook with one applicant a row, written to be filled in, and read."""

from sjs_forms.batch.roster.roster_reading import RosterRow, read_roster
from sjs_forms.batch.roster.roster_writing import write_roster
from sjs_forms.batch.roster.row_remedies import in_the_roster

__all__ = ["RosterRow", "in_the_roster", "read_roster", "write_roster"]
