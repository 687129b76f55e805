"""Notes taken during a document's treatment, and the remarks that result."""

from collections import Counter
from dataclasses import dataclass, field

from sjs_forms.base.findings.finding import Finding
from sjs_forms.intake.office import office_remarks


@dataclass(slots=True)
class TreatmentNotes:
    """The differences between the print and what the author last saw, collected during treatment.

    `tracked`: changes were accepted. `clock`: the current time was asked for and is omitted.
    `counted`: pages are counted by a formula. `drawn`: only Word can draw a field. `unsure`: the
    document could not be treated. `hidden` and `comments` are kinds in Chinese, each once, in
    order. `small` are sheets that fit only at a small scale, with that scale; `narrow` are sheets
    with cells that are too narrow for their numbers, with the cells. `opaque`: a part could not
    be examined. `missing` counts the broken parts that were left out, by kind in Chinese.
    `damaged` counts the pictures of which a part is missing.
    `through` is the suffix of a format that the document must be converted to first.
    """

    tracked: bool = False
    clock: bool = False
    counted: bool = False
    drawn: bool = False
    linked: bool = False
    opaque: bool = False
    unsure: bool = False
    comments: dict[str, None] = field(default_factory=dict)
    hidden: dict[str, None] = field(default_factory=dict)
    small: dict[str, float] = field(default_factory=dict)
    narrow: dict[str, list[str]] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)
    damaged: int = 0
    through: str = ""

    def comment(self, what: str) -> None:
        """Record comments, or notes, of a kind."""
        self.comments[what] = None

    def hide(self, what: str) -> None:
        """Record that something is hidden."""
        self.hidden[what] = None

    def remarks(self) -> list[Finding]:
        """Return everything as remarks."""
        made = []
        if self.missing:
            made.append(office_remarks.parts_broken(self.missing))
        if self.damaged:
            made.append(office_remarks.pictures_damaged(self.damaged))
        if self.tracked:
            made.append(office_remarks.tracked_changes())
        if self.comments:
            made.append(office_remarks.comments_left_out(list(self.comments)))
        if self.hidden:
            made.append(office_remarks.hidden_left_out(list(self.hidden)))
        if self.linked:
            made.append(office_remarks.links_cut())
        if self.clock:
            made.append(office_remarks.clock_left_out())
        if self.counted:
            made.append(office_remarks.page_formula())
        if self.drawn:
            made.append(office_remarks.equation_fields())
        if self.unsure:
            made.append(office_remarks.results_unsure())
        if self.small:
            made.append(office_remarks.small_sheets(self.small))
        if self.narrow:
            made.append(office_remarks.narrow_cells(self.narrow))
        return made
