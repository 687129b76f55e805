"""Builds a plan's sections from opened attachments and generated forms."""

from collections.abc import Iterable, Mapping, Sequence

from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.domain.sources import Gap, Source
from sjs_forms.volume.binding_plan import PLACEHOLDERS, Document, Page, Section

FORM_PDF = "form:"
SOURCE_PDF = "source:"


def sections(
    programme: Programme,
    sources: Sequence[Source],
    form_pages: Mapping[str, int],
    gaps: Sequence[Gap] = (),
) -> tuple[Section, ...]:
    """Return the notice's materials in order, each with its documents.

    A generated form takes the place of a missing stamped scan; `form_pages` gives its page count.
    Materials without documents are left out.
    """
    made = []
    for number, material in enumerate(programme.materials, start=1):
        documents = [
            _document(index, source)
            for index, source in enumerate(sources)
            if source.offered.material == material and source.facts is not None
        ]
        if material.form and not any(source.offered.material == material for source in sources):
            documents.append(_form(programme, material.form, form_pages[material.form]))
        documents += [
            _placeholder(index, gap) for index, gap in enumerate(gaps) if gap.material == material
        ]
        if documents:
            made.append(Section(material, number, tuple(documents)))
    return tuple(made)


def clean_pdfs(sources: Sequence[Source]) -> Iterable[tuple[str, SourceFacts]]:
    """Yield the key and facts of every source that the assembler needs."""
    for index, source in enumerate(sources):
        if source.facts is not None:
            yield f"{SOURCE_PDF}{index}", source.facts


def _document(index: int, source: Source) -> Document:
    assert source.facts is not None
    pages = tuple(
        Page(
            page,
            facts.width,
            facts.height,
            source.offered.rotate,
            facts.coloured,
            facts.ink,
            source.facts.origin_of(page) + 1,
            source.facts.part_of(page),
            facts.seal,
        )
        for page in source.pages
        for facts in (source.facts.pages[page],)
    )
    return Document(
        source.offered.title,
        "attachment",
        f"{SOURCE_PDF}{index}",
        pages,
        source.offered.file,
        source.facts.bookmarks,
    )


def _form(programme: Programme, form_id: str, pages: int) -> Document:
    form = programme.form(form_id)
    return Document(
        f"{form.title}（{form.number}）",
        "form",
        f"{FORM_PDF}{form_id}",
        tuple(Page(page, A4_WIDTH, A4_HEIGHT) for page in range(pages)),
    )


def _placeholder(index: int, gap: Gap) -> Document:
    return Document(gap.title, "placeholder", PLACEHOLDERS, (Page(index, A4_WIDTH, A4_HEIGHT),))
