"""Reads a roster from a file of any accepted kind: .xlsx, Excel 97's .xls and .et, and .csv."""

from sjs_forms.batch.roster.table_files.opening import read_table

__all__ = ["read_table"]
