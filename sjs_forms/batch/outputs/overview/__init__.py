"""The files of a batch for the office: 总览.xlsx, 总览.html, letters, and the print queue."""

from sjs_forms.batch.outputs.overview.overview_files import OVERVIEW_FILES, write_overview

__all__ = ["OVERVIEW_FILES", "write_overview"]
