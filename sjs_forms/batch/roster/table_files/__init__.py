"""The kinds of file that a roster may be: .xlsx, Excel 97's .xls and .et, and .csv."""

from sjs_forms.batch.roster.table_files.opening import read_table

__all__ = ["read_table"]
