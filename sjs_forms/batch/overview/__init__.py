"""What an office needs around a batch: 总览.xlsx, 总览.html, and a letter to each applicant."""

from sjs_forms.batch.overview.overview_files import write_overview

__all__ = ["write_overview"]
