"""在线申报.zip: what the portal asks for, one PDF per material, in the notice's numbering."""

from sjs_forms.portal.packing_process import PackedZip, packing
from sjs_forms.portal.zip_file_names import LIST, PORTAL
from sjs_forms.portal.zip_writing import Submission, write_portal

__all__ = ["LIST", "PORTAL", "PackedZip", "Submission", "packing", "write_portal"]
