"""What each kind of paper says, as facts: one module a kind. Pure.

Rules rest on the words of such papers (labels, clauses), never on where a layout has them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sjs_forms.domain.reading_rules import PaperKind
from sjs_forms.reading.facts import Fact
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.rules.accreditation import accreditation_facts
from sjs_forms.reading.rules.audit import audit_facts
from sjs_forms.reading.rules.bank import bank_facts
from sjs_forms.reading.rules.invoice import invoice_facts
from sjs_forms.reading.rules.lease import lease_facts
from sjs_forms.reading.rules.licence import licence_facts

_RULES: Mapping[PaperKind, Callable[[Sequence[PageText]], Iterator[Fact]]] = {
    "licence": licence_facts,
    "lease": lease_facts,
    "invoice": invoice_facts,
    "bank": bank_facts,
    "audit": audit_facts,
    "accreditation": accreditation_facts,
}


def facts_of(kind: PaperKind, pages: Sequence[PageText]) -> tuple[Fact, ...]:
    """Return what a document of this kind says, in the order of its pages."""
    rule = _RULES.get(kind)
    return tuple(rule(pages)) if rule else ()


__all__ = ["facts_of"]
