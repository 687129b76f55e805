"""Loads what every build needs. For a process whose copies then have it from the start."""

import sjs_forms.bind
import sjs_forms.pipeline
import sjs_forms.volume
import sjs_forms.word  # noqa: F401
