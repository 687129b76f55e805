"""Findings as a page shows them: in its words, with links to their places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait, entry_of
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import FillAnswer
from sjs_forms.domain.places import place_of, written_at
from sjs_forms.domain.programme import Programme
from sjs_forms.web.wording.page_wording import message_on_page, remedy_on_page

Part = Literal["form", "materials", "stamped", "whole"]

_ATTACHMENTS = "attachments"
_OF_MATERIAL = "material:"
_ELSE: dict[Part, str] = {
    "form": "请在“填写”页改正这一项。",
    "materials": "请在“材料”页处理，或换一个文件。",
    "stamped": "请在“盖章件”页处理。",
    "whole": "请按上面所说处理后再试。",
}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding on a page. `href` links to its place; `material` is the material it is about.

    `is_todo` means that something is still missing, rather than wrong; `only_asks` that the remedy
    says only to fill in the answer.
    """

    code: str
    severity: str
    where: str
    label: str
    message: str
    remedy: str
    part: Part
    href: str
    material: str
    is_todo: bool
    only_asks: bool = False

    @property
    def blocks(self) -> bool:
        """Whether it blocks a build."""
        return self.severity == "error"

    @property
    def says_more(self) -> bool:
        """Whether the remedy says more than to fill in an answer or to add a file."""
        return not (self.only_asks or (self.part == "materials" and self.is_todo))

    def has(self, trait: Trait) -> bool:
        """Return whether its code has any of these traits."""
        return bool(entry_of(self.code).traits & trait)


def shown(
    findings: Iterable[Finding], programme: Programme | None, written: Any = None
) -> tuple[ShownFinding, ...]:
    """Return the findings in their order. `programme` gives the names of materials.

    `written` is the JSON of the application: a blank there counts as still missing, not as wrong.
    """
    return tuple(_shown(found, programme, written) for found in findings)


def of_record(told: Mapping[str, str]) -> ShownFinding:
    """Return a finding from the log of a job, which is in the words of a page already."""
    code, where, label = told["code"], told["where"], told["label"]
    part = _part_of(where)
    message, remedy = told["message"], told["remedy"] or _ELSE[part]
    href = _href(part, where, "")
    return ShownFinding(
        code, told["severity"], where, label, message, remedy, part, href, "", is_todo=False
    )


def element_id(prefix: str, where: str) -> str:
    """Return the id of the HTML element for a place, unique for each place."""
    return f"{prefix}-{sha256(where.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _shown(found: Finding, programme: Programme | None, written: Any) -> ShownFinding:
    code, where = found.code, found.where
    part: Part = "materials" if isinstance(found.place, FilePlace) else _part_of(where)
    material = _material_of(found, programme) if part == "materials" else ""
    if found.has(Trait.AWAITS_SCAN):
        part = "stamped"
    is_todo = found.has(Trait.LACKING) or (part == "form" and _is_blank(where, written))
    return ShownFinding(
        code,
        found.severity,
        where,
        found.label,
        message_on_page(found),
        remedy_on_page(found.action) or _ELSE[part],
        part,
        _href(part, where, material),
        material,
        is_todo,
        isinstance(found.action, FillAnswer),
    )


def _href(part: Part, where: str, material: str) -> str:
    """Return the link to a finding's place."""
    if part == "form":
        return f"/form#{element_id('q', where)}"
    if part == "materials":
        at = element_id("m", material) if material else element_id("file", where.partition("#")[0])
        return f"/materials#{at}"
    return "/stamped" if part == "stamped" else "/"


def _part_of(where: str) -> Part:
    if not where:
        return "whole"
    if where.startswith((_ATTACHMENTS, _OF_MATERIAL)):
        return "materials"
    return "form"


def _is_blank(where: str, written: Any) -> bool:
    """Return whether nothing is written at a place; False if `written` is unknown."""
    if written is None:
        return False
    try:
        return written_at(written, place_of(where)) in (None, "", [])
    except ValueError:
        return False


def _material_of(found: Finding, programme: Programme | None) -> str:
    """Return the id of the material that a finding is about, if it is not about a file."""
    where = found.where
    if where.startswith(_OF_MATERIAL):
        return where.removeprefix(_OF_MATERIAL)
    if where != _ATTACHMENTS or programme is None:
        return ""
    titles = {each.title: each.id for each in programme.materials}
    return titles.get(found.label, "")


def of_part(findings: Sequence[ShownFinding], part: Part) -> tuple[ShownFinding, ...]:
    """Return the findings that belong to a part."""
    return tuple(each for each in findings if each.part == part)
