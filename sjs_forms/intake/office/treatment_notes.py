"""What a treatment found in a document, and which remarks come of it."""

from dataclasses import dataclass, field

from sjs_forms.base.findings import Finding
from sjs_forms.intake import file_remarks


@dataclass(slots=True)
class Noted:
    """What of a document is not printed as its author last saw it, gathered as it is treated.

    `tracked` changes were accepted; the `clock` was asked for and is left out; pages are `counted`
    by a formula; a field is `drawn` by Word alone; the document could not be treated (`unsure`).
    `hidden` and `comments` are kinds of things in Chinese, each once, in the order found;
    `small` are sheets that fit their page only much reduced, with the scale.
    `opaque` says that a part could not be looked into.
    `through` is the suffix of a format that the document must be brought into first.
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
    through: str = ""

    def comment(self, what: str) -> None:
        """Note comments, or notes, of a kind."""
        self.comments[what] = None

    def hide(self, what: str) -> None:
        """Note that something is hidden."""
        self.hidden[what] = None

    def remarks(self) -> list[Finding]:
        """All of it as remarks."""
        made = []
        if self.tracked:
            made.append(file_remarks.tracked_changes())
        if self.comments:
            made.append(file_remarks.comments_left_out(list(self.comments)))
        if self.hidden:
            made.append(file_remarks.hidden_left_out(list(self.hidden)))
        if self.linked:
            made.append(file_remarks.links_cut())
        if self.clock:
            made.append(file_remarks.clock_left_out())
        if self.counted:
            made.append(file_remarks.page_formula())
        if self.drawn:
            made.append(file_remarks.equation_fields())
        if self.unsure:
            made.append(file_remarks.results_unsure())
        if self.small:
            made.append(file_remarks.small_sheets(self.small))
        return made
