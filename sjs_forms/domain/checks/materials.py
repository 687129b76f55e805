"""Compares the files with the notice's list of materials."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.file_refusal import named
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace, MaterialPlace
from sjs_forms.base.findings.remedies import (
    PlainAction,
    PutFile,
    ReplaceFile,
    ScanForm,
    several,
)
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.folder.material_folders import material_folder
from sjs_forms.domain.programme import Material, Programme
from sjs_forms.domain.seal_rules import pages_to_seal, unsealed
from sjs_forms.domain.source_facts import PageFacts
from sjs_forms.domain.sources import Source


def check_materials(
    programme: Programme, sources: Sequence[Source], unread: UnreadPlaces = ALL_READ
) -> Iterator[Finding]:
    """Yield missing materials, unstamped forms, duplicate files, and a volume that is too thick."""
    is_list_unread = ("attachments",) in unread.places
    may_be_there = is_list_unread or _may_be_there(programme, sources, unread)
    for material in programme.materials:
        own = [source for source in sources if source.offered.material == material]
        if not own and not (is_list_unread if material.form else may_be_there):
            yield _absence(programme, material)
        if material.stamped:
            yield from _looks_stamped(material, own)
            yield from _unsealed(programme, material, own)
    known = [each for each in sources if not unread.of_file(each.offered.place, "pages")]
    yield from _twice(known)
    yield from _too_many_pages(programme, known)
    yield from _remarks(sources)


def _may_be_there(programme: Programme, sources: Sequence[Source], unread: UnreadPlaces) -> bool:
    """Return whether all missing materials may be among listed files of unknown material."""
    offered = {source.offered.place for source in sources}
    unknown = {
        AnswerPlace(place[:2])
        for place in unread.places
        if place[0] == "attachments" and place[2:] in ((), ("material",))
    }
    there = {source.offered.material.id for source in sources}
    missing = sum(not each.form and each.id not in there for each in programme.materials)
    return missing <= sum(place not in offered for place in unknown)


def _absence(programme: Programme, material: Material) -> Finding:
    number = programme.number_of(material)
    folder = material_folder(programme, material)
    if material.form:
        return warning(
            "scan-awaited",
            MaterialPlace(material.id),
            material.title,
            f"第{number}项材料“{material.title}”还没有盖章扫描件，先以生成的表格代替。",
            ScanForm(folder),
        )
    return error(
        "material-missing",
        MaterialPlace(material.id),
        material.title,
        f"缺少第{number}项材料：{material.title}。",
        PutFile(folder, material.id),
    )


def _looks_stamped(material: Material, own: Sequence[Source]) -> Iterator[Finding]:
    """Report a file in which no page is a scan or has a seal: not what the notice asks for."""
    for source in own:
        if source.facts is None:
            continue
        pages = _pages(source)
        if not any(page.scanned or page.sealed or page.seal == "red" for page in pages):
            seal = "，未见红色公章" if any(page.seal for page in pages) else ""
            yield warning(
                "scan-doubtful",
                source.offered.place,
                material.title,
                f"“{FILE}”看起来不是加盖公章的扫描件（没有扫描页，也没有电子签章{seal}）。",
                ReplaceFile("请确认已盖章；应放入打印盖章后的扫描件。"),
                source.offered.file,
            )


def _unsealed(programme: Programme, material: Material, own: Sequence[Source]) -> Iterator[Finding]:
    """Yield each scanned page on which the notice requires the seal and none was found."""
    there = [source for source in own if source.facts is not None]
    documents = [_pages(source) for source in there]
    wanted = (
        place
        for rule in programme.seals
        if rule.material == material.id
        for place in pages_to_seal(rule, documents)
    )
    for at, index in dict.fromkeys(wanted):
        offered, page = there[at].offered, there[at].pages[index] + 1
        if not any(found.scanned or found.sealed for found in documents[at]):
            continue  # not a scan: see `_looks_stamped`
        finding = unsealed(
            documents[at][index].seal,
            f"“{FILE}”第 {page} 页",
            replace(offered.place, page=page)
            if isinstance(offered.place, FilePlace)
            else offered.place,
            material.title,
        )
        if finding is not None:
            yield named(finding, offered.file)


def _pages(source: Source) -> tuple[PageFacts, ...]:
    """Return the selected pages of a usable attachment."""
    assert source.facts is not None
    return tuple(source.facts.pages[index] for index in source.pages)


def _twice(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield identical files, unless each entry selects pages."""
    by_content: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if source.facts is not None:
            by_content[source.facts.sha256].append(source)
    for same in by_content.values():
        first, *others = same
        for other in others:
            if set(first.pages).isdisjoint(other.pages) or (
                first.offered.pages and other.offered.pages
            ):
                continue
            yield error(
                "duplicate-attachment",
                other.offered.place,
                other.offered.material.title,
                f"“{FILE}”与“{FILE}”是同一个文件，会装订两次。",
                several("请删去一处。", PlainAction.CHOOSE_PAGES),
                other.offered.file,
                first.offered.file,
            )


def _too_many_pages(programme: Programme, sources: Sequence[Source]) -> Iterator[Finding]:
    pages, limit = sum(len(source.pages) for source in sources), programme.intake.max_volume_sides
    if pages > limit:
        yield error(
            "volume-too-thick",
            WHOLE,
            "附件",
            f"附件共 {pages} 页，超过 {limit} 页的上限。",
            several("请减少附件。", PlainAction.CHOOSE_PAGES),
        )


def _remarks(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield intake's remarks as warnings."""
    for source in sources:
        if source.facts is not None:
            for remark in source.facts.remarks:
                yield remark.at(source.offered.place, source.offered.material.title)
