"""The text of a Word form's controls: content controls, and legacy form fields."""

from typing import Any

from sjs_forms.intake.wordml import OFF, attribute, first, is_on, local
from sjs_forms.word_import.word_blocks import TICKED, UNTICKED


def control(sdt: Any) -> str | None:
    """Return the text of a content control, or None if it is simply its content."""
    settings = first(sdt, "sdtPr")
    if settings is None:
        return None
    box = first(settings, "checkbox")
    if box is not None:
        checked = first(box, "checked")
        on = checked is not None and attribute(checked, "val") not in OFF
        return TICKED if on else UNTICKED
    return "" if is_on(settings, "showingPlcHdr") else None


def form_control(character: Any) -> str:
    """Return the text of a legacy form field: a tick box, or the choice from a list."""
    box = next(character.iter("{*}checkBox"), None)
    if box is not None:
        states = {local(child): attribute(child, "val") for child in box}
        state = states.get("checked", states.get("default", "0"))
        return UNTICKED if state in OFF else TICKED
    choices = next(character.iter("{*}ddList"), None)
    if choices is not None:
        entries = [attribute(entry, "val") for entry in choices.iterchildren("{*}listEntry")]
        result = next((attribute(child, "val") for child in choices.iter("{*}result")), "0")
        chosen = int(result) if result.isascii() and result.isdigit() and len(result) < 4 else 0
        return entries[chosen] if chosen < len(entries) else ""
    return ""
