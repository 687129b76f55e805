"""Prepares presentations (.pptx): stored dates, and a note on what is not printed."""

from typing import Any

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.office.treatment_notes import TreatmentNotes
from sjs_forms.intake.wordml import OFF, attribute, first, named
from sjs_forms.intake.wordml.fields import remove

_SLIDES = ("sld", "sldLayout", "sldMaster")


def treat_slides(package: OfficePackage, noted: TreatmentNotes) -> None:
    """Treat a .pptx."""
    for name, root in package.roots(*_SLIDES):
        fields = [each for each in named(root, "fld") if attribute(each, "type") != "slidenum"]
        for each in fields:
            _freeze(each)
        if fields:
            package.touch(name)
    for number, root in enumerate(_in_order(package), start=1):
        if attribute(root, "show") in OFF:
            noted.hide(f"隐藏的幻灯片（第 {number} 张）")
    for _, root in package.roots("notes"):
        if _says_something(root):
            noted.comment("演讲者备注")
    for _, root in package.roots("cmLst"):
        if next(named(root, "cm"), None) is not None:
            noted.comment("批注")


def _in_order(package: OfficePackage) -> list[Any]:
    """Return the slides in order."""
    slides = []
    for part, show in package.roots("presentation"):
        for entry in named(show, "sldId"):
            identifier = next((str(v) for k, v in entry.attrib.items() if k.endswith("}id")), "")
            slides.append(package.tree(package.target(part, identifier)))
    return [slide for slide in slides if slide is not None]


def _freeze(field: Any) -> None:
    """Turn a field (`a:fld`) into a run (`a:r`) of its stored text."""
    field.tag = field.tag.replace("}fld", "}r")
    field.attrib.clear()
    properties = first(field, "pPr")
    if properties is not None:
        remove(properties)


def _says_something(notes: Any) -> bool:
    for shape in named(notes, "sp"):
        place = next(named(shape, "ph"), None)
        if place is not None and attribute(place, "type") == "body":
            return any((text.text or "").strip() for text in named(shape, "t"))
    return False
