"""Removes optional content (layers) that a viewer does not print.

Groups and membership dictionaries are evaluated with the catalogue's default configuration as for
the events View and Print, in this order (PDF 32000-1, 8.11.4.4). Hidden content is removed from the
streams themselves, because binding loses the configuration.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, Pdf, Stream

from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import (
    Key,
    decoded,
    dictionary,
    entry,
    items,
    key_for,
    key_of,
    key_of_xobjects,
    keys_of,
    name_of,
    names_of,
    stream,
)

_PAINT = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*"}
_SHOW = {"Tj", "TJ", "'", '"'}
_DRAW = {"Do", "sh", "INLINE IMAGE"}
_DEEPEST = 100
"""Limit on the depth of a visibility expression."""


class Layers:
    """Determines which optional content of a document is off in print."""

    def __init__(self, pdf: Pdf) -> None:
        config = entry(entry(pdf.Root, "/OCProperties"), "/D")
        self._off: set[Key] = set()
        groups = _keys(entry(entry(pdf.Root, "/OCProperties"), "/OCGs"))
        if name_of(entry(config, "/BaseState")) == "/OFF":
            self._off |= groups
        self._off -= _keys(entry(config, "/ON"))
        self._off |= _keys(entry(config, "/OFF"))
        for group in _groups(pdf):
            if not _is_for_view(group):
                self._off -= _key(group)
        self._apply_usages(config, "/View")
        on_screen = frozenset(self._off)
        self._apply_usages(config, "/Print")
        self.prints_differently = on_screen != self._off
        """Whether what is printed is not what is seen on a screen."""
        self._any_reversed = bool(groups) and any(map(_is_reversed, _conditions(pdf)))

    def _apply_usages(self, config: Any, event: str) -> None:
        """Set groups to what their usage dictionaries recommend for an event."""
        for usage in items(entry(config, "/AS")):
            if name_of(entry(usage, "/Event")) != event:
                continue
            named = [name_of(one) for one in items(entry(usage, "/Category"))] or [event]
            for group in items(entry(usage, "/OCGs")):
                held = entry(group, "/Usage")
                states = {name_of(entry(entry(held, one), f"{one}State")) for one in named}
                for key in _key(group) if _is_for_view(group) else ():
                    if "/OFF" in states:
                        self._off.add(key)
                    elif "/ON" in states:
                        self._off.discard(key)

    @property
    def any_off(self) -> bool:
        """Return whether anything may have to be removed."""
        return bool(self._off) or self._any_reversed

    def hides(self, content: Any) -> bool:
        """Return whether content with this group or membership dictionary is off."""
        if dictionary(content) is None:
            return False
        if name_of(entry(content, "/Type")) != "/OCMD":
            return key_of(content) in self._off
        expression = items(entry(content, "/VE"))
        if expression:
            return not self._is_shown(content.get("/VE"), 0, {})
        member = entry(content, "/OCGs")
        groups = items(member) or ([member] if dictionary(member) is not None else [])
        states = [key_of(group) not in self._off for group in groups if group is not None]
        if not states:
            return False
        policy = name_of(entry(content, "/P")) or "/AnyOn"
        shown = {
            "/AllOn": all(states),
            "/AnyOff": not all(states),
            "/AllOff": not any(states),
        }.get(policy, any(states))
        return not shown

    def _is_shown(self, expression: Any, depth: int, known: dict[Key, bool]) -> bool:
        """Evaluate a visibility expression, each part once; true means shown.

        A part that contains itself, or is nested too deep, is not shown.
        """
        key = key_of(expression)
        if key is not None and key in known:
            return known[key]
        if key is not None:
            known[key] = False
        parts = items(expression)
        operator = name_of(parts[0]) if parts else ""
        values = [
            depth < _DEEPEST and self._is_shown(operand, depth + 1, known)
            if isinstance(operand, Array)
            else key_of(operand) not in self._off
            for operand in parts[1:]
        ]
        if operator == "/Not":
            found = not any(values[:1])
        else:
            found = any(values) if operator == "/Or" else all(values)
        if key is not None:
            known[key] = found
        return found


def make_unconditional(pdf: Pdf) -> None:
    """Make everything visible that is left, once hidden content is removed.

    Without the document's /OCProperties all groups are on. A membership that is shown where groups
    are off would vanish, and PDFium obeys a group's /Usage whatever the document says.
    """
    if entry(pdf.Root, "/OCProperties") is None:
        return
    for condition in list(_conditions(pdf)):
        for key in ("/Usage", "/Intent", "/OCGs", "/P", "/VE"):
            if key in condition:
                del condition[key]


def _conditions(pdf: Pdf) -> Iterator[Dictionary]:
    """Yield the groups and membership dictionaries of a document (8.11.2), also direct ones."""
    seen: set[Key] = set()
    for found in pdf.objects:
        if not isinstance(found, (Dictionary, Stream)):
            continue
        listed = [found, entry(found, "/OC")]
        for holder in (found, entry(found, "/Resources")):
            properties = entry(holder, "/Properties")
            key = key_of(holder) if properties is not None else None
            if properties is not None and (key is None or key not in seen):
                listed += [value for _, value in names_of(properties)]
            seen |= {key} if key is not None else set()
        for value in listed:
            held = dictionary(value)
            if held is not None and name_of(entry(held, "/Type")) in ("/OCG", "/OCMD"):
                yield held


def _is_reversed(condition: Dictionary) -> bool:
    """Return whether a membership may be hidden while all groups are on."""
    policy = name_of(entry(condition, "/P"))
    return policy in ("/AllOff", "/AnyOff") or entry(condition, "/VE") is not None


def _groups(pdf: Pdf) -> list[Any]:
    """Return the groups that a document lists."""
    return items(entry(entry(pdf.Root, "/OCProperties"), "/OCGs"))


def _key(group: Any) -> set[Key]:
    """Return a group's key in a set, or none if it is no group."""
    key = key_of(group) if dictionary(group) is not None else None
    return {key} if key is not None else set()


def _is_for_view(group: Any) -> bool:
    """Return whether a group is meant to be hidden and shown at all (8.11.2.3)."""
    intent = entry(group, "/Intent")
    named = [name_of(one) for one in items(intent) or [intent]]
    return not any(named) or bool({"/View", "/All"} & {*named})


def _keys(groups: Any) -> set[Key]:
    found = {key_of(group) for group in items(groups)}
    return {key for key in found if key is not None}


class Remover:
    """Removes hidden content from content streams, each form XObject once."""

    def __init__(self, pdf: Pdf, layers: Layers, bound: int) -> None:
        self._pdf = pdf
        self._layers = layers
        self._bound = bound
        self._done: set[Key] = set()
        self._names: dict[Key, frozenset[str]] = {}

    def clean(self, content: Stream) -> None:
        """Remove hidden content from a form XObject and all forms that it draws."""
        waiting = [content]
        while waiting:
            form = waiting.pop()
            key = key_of(form)
            if key is None or key in self._done:
                continue
            self._done.add(key)
            resources = form.get("/Resources")
            waiting += self._forms_of(resources)
            if hidden := self._hidden(entry(resources, "/Properties")):
                self._rewrite(form, hidden.__contains__)

    def _forms_of(self, resources: Any) -> list[Stream]:
        """Return the new forms among XObjects. One that is off is emptied instead."""
        forms: list[Stream] = []
        key = key_of_xobjects(resources)
        if key is not None and key in self._done:
            return forms
        if key is not None:
            self._done.add(key)
        for _, thing in names_of(entry(resources, "/XObject")):
            if stream(thing) is None:
                continue
            if self._layers.hides(thing.get("/OC")):
                _blank(thing)
            elif name_of(thing.get("/Subtype")) == "/Form":
                forms.append(thing)
        return forms

    def _hidden(self, properties: Any) -> frozenset[str]:
        """Return the names of properties (14.6.2) that are layers which are off."""
        key = key_of(properties) if dictionary(properties) is not None else None
        if key is not None and key in self._names:
            return self._names[key]
        given = names_of(properties)
        hidden = frozenset(name for name, value in given if self._layers.hides(value))
        if key is not None:
            self._names[key] = hidden
        return hidden

    def _rewrite(self, content: Stream, is_hidden: Callable[[str], bool]) -> None:
        scratch = Stream(self._pdf, decoded(content, self._bound))
        try:
            kept = _without(pikepdf.parse_content_stream(scratch), is_hidden)
        except pikepdf.PdfError as problem:
            raise Damaged(f"content cannot be parsed: {problem}") from problem
        content.write(pikepdf.unparse_content_stream(kept))


def _blank(drawn: Stream) -> None:
    """Empty an XObject."""
    for key in keys_of(drawn):
        if key != "/Length":
            del drawn[key_for(key)]
    drawn.Type = Name.XObject
    drawn.Subtype = Name.Form
    drawn.BBox = Array([0, 0, 1, 1])
    drawn.Resources = Dictionary()
    drawn.write(b"")


def _without(instructions: list[Any], is_hidden: Callable[[str], bool]) -> list[Any]:
    """Return the instructions without what paints while a hidden layer is open.

    Graphics state and text position are still updated.
    """
    kept: list[Any] = []
    open_marks: list[bool] = []
    mode, saved = 0, list[int]()
    for step in instructions:
        operator = str(step.operator)
        if operator in ("BDC", "BMC"):
            operands = list(step.operands)
            layer = operator == "BDC" and len(operands) == 2 and name_of(operands[0]) == "/OC"
            open_marks.append(layer and is_hidden(name_of(operands[1])))
        elif operator == "EMC" and open_marks:
            open_marks.pop()
        elif operator == "q":
            saved.append(mode)
        elif operator == "Q" and saved:
            mode = saved.pop()
        elif operator == "Tr" and step.operands:
            mode = int(step.operands[0])
        if not any(open_marks):
            kept.append(step)
        elif operator in _PAINT:
            kept.append(ContentStreamInstruction([], Operator("n")))
        elif operator in _SHOW:
            kept.append(ContentStreamInstruction([3], Operator("Tr")))
            kept.append(step)
            kept.append(ContentStreamInstruction([mode], Operator("Tr")))
        elif operator not in _DRAW:
            kept.append(step)
    return kept
