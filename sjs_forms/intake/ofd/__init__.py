"""OFD documents (GB/T 33190-2016) as PDF: text, drawings, pictures, seals, several documents."""

from sjs_forms.intake.ofd.conversion import write_ofd_as_pdf

__all__ = ["write_ofd_as_pdf"]
