"""The roster (名册): a workbook with one applicant a row, written to be filled in, and read."""

from sjs_forms.roster.reading import RosterRow, read_roster
from sjs_forms.roster.remedies import in_the_roster
from sjs_forms.roster.sheet import write_roster

__all__ = ["RosterRow", "in_the_roster", "read_roster", "write_roster"]
