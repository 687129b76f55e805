"""Loads what every build needs. For a process whose copies then have it from the start."""

from contextlib import suppress

import sjs_forms.bind
import sjs_forms.pipeline
import sjs_forms.volume
import sjs_forms.word  # noqa: F401
from sjs_forms.errors import MachineLacks
from sjs_forms.typesetter import load_weasyprint

with suppress(MachineLacks):  # each build says so, with what to do
    load_weasyprint()
