"""在线申报.zip: what the portal asks for, one PDF a material, in the notice's numbering."""

from sjs_forms.portal.archive import Submission, write_portal
from sjs_forms.portal.beside import Zip, packing
from sjs_forms.portal.contents import LIST, PORTAL

__all__ = ["LIST", "PORTAL", "Submission", "Zip", "packing", "write_portal"]
