"""The state of an import: received files, the rows of a roster, and the proposed answers."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.roster import RosterRow, read_roster_answers, transcript_of
from sjs_forms.jobs.session import AnswersProposal, Session, StaleRevision
from sjs_forms.web.workspace.uploads import Incoming

WORD, ROSTER = "Word 表", "名册"
"""The sources of answers, as a page names them."""


class Importing:
    """The import of one application; nothing is written before the user has chosen."""

    def __init__(self, folder: Path) -> None:
        """`folder` is for received files."""
        self.files = Incoming(folder)
        self.rows: tuple[RosterRow, ...] = ()
        self.proposal: AnswersProposal | None = None
        self._proposals = 0
        self.source = WORD

    @property
    def proposal_id(self) -> str:
        """A value that differs between proposals; "" without one."""
        return str(self._proposals) if self.proposal else ""

    def read_words(self, session: Session) -> None:
        """Read the received Word forms and compare them with the answers.

        Raises what `Session.import_word` raises.
        """
        self._forget()
        try:
            self._propose(session.import_word(list(self.files.files)))
        finally:
            self.files.clear()

    def read_roster(self, session: Session) -> None:
        """Read the received roster; one with a single row is compared at once.

        Raises UsageFault if it cannot be read, and what `choose_row` raises.
        """
        self._forget()
        try:
            if len(self.files.files) != 1:
                raise UsageFault("一次只能读一个名册。", "请只选一个 Excel 文件。")
            self.rows, self.source = read_roster_answers(self.files.files[0]), ROSTER
        finally:
            self.files.clear()
        if len(self.rows) == 1:
            self.choose_row(session, self.rows[0].number)

    def choose_row(self, session: Session, number: int) -> None:
        """Compare the row with this number, as Excel counts, with the answers.

        Raises UsageFault if there is none or it belongs to another notice, and what
        `Session.compare` raises.
        """
        row = next((each for each in self.rows if each.number == number), None)
        if row is None:
            raise UsageFault("名册里没有这一行。", "请重新选一次名册。")
        self._propose(session.compare(lambda programme: transcript_of(programme, row)))

    def apply(self, session: Session, paths: list[str], proposal_id: str) -> None:
        """Apply the chosen answers of the proposal that the page shows.

        Raises StaleRevision if another page has replaced it, UsageFault if there is none any more,
        and what `Session.apply` raises.
        """
        if self.proposal is None:
            raise UsageFault("要导入的内容已经不在了。", "请重新选一次文件。")
        if proposal_id != self.proposal_id:
            raise StaleRevision(self.proposal.revision)
        transcript = self.proposal.proposal.transcript
        try:
            session.apply(self.proposal, paths)
        except StaleRevision:
            self._propose(session.compare(lambda _: transcript))  # so that a second try succeeds
            raise
        self.clear()

    def clear(self) -> None:
        """Discard everything."""
        self._forget()
        self.files.clear()

    def _propose(self, proposal: AnswersProposal) -> None:
        self.proposal = proposal
        self._proposals += 1

    def _forget(self) -> None:
        self.rows, self.proposal, self.source = (), None, WORD
