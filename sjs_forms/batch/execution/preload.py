"""Imports the modules that every build needs, into the fork server, so that its forks have them."""

from contextlib import suppress

import sjs_forms.jobs.binding.volume_files
import sjs_forms.jobs.pipeline
import sjs_forms.typesetting.word_filling  # noqa: F401
from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.base.processes.child_logs import log_nothing
from sjs_forms.typesetting.weasyprint_loader import load_weasyprint

log_nothing()
load_openpyxl()
with suppress(MachineLacks):  # each build reports it with a remedy
    load_weasyprint()
