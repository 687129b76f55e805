"""The files of a batch for the office: 总览.xlsx, 总览.html, letters, and the print queue."""

from sjs_forms.batch.overview.overview_files import write_overview

__all__ = ["write_overview"]
