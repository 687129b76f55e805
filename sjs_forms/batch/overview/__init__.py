"""What an office needs around a batch: 总览.xlsx, 总览.html, and a letter to each applicant."""

from sjs_forms.batch.overview.overview_files import OVERVIEW_FILES, write_overview

__all__ = ["OVERVIEW_FILES", "write_overview"]
