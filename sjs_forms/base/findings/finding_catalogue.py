"""The catalogue of findings: what each stable code means to the rest of the program.

No other module compares codes. Code that treats some findings differently asks for a trait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Literal

from sjs_forms.base.exit_codes import ExitCode

Severity = Literal["error", "warning"]


class Trait(Flag):
    """A property of all findings with one code."""

    NONE = 0
    GAP = auto()
    """A gap in the materials: it blocks neither a draft nor the forms."""
    PASSING = auto()
    """Not the fault of the file, so it is not cached: another try may succeed."""
    UNTRIED = auto()
    """The file was not read at all: whoever keeps what is known of files tries it again."""
    ONCE = auto()
    """It affects all files alike, so it is reported once, for the first file."""
    MISSING = auto()
    """Listed on the job sheet as a missing document, as every error is."""
    DOUBT = auto()
    """Listed on the job sheet as a document that may be wrong."""
    DAMAGED = auto()
    """The file is damaged, so that an empty page may have lost its content."""
    DRAWN = auto()
    """The pages are pictures of the file's pages, because no reader could repair the file."""
    REPAIRED = auto()
    """The file was repaired."""
    ENCRYPTED = auto()
    """The file asks for a password."""
    LACKING = auto()
    """Something is missing rather than wrong."""
    BLANKS = auto()
    """One finding for all blank answers."""
    AWAITS_SCAN = auto()
    """The signed scan of a form is awaited."""
    OUTSIDE = auto()
    """The application is outside the notice's dates."""
    SIGNED = auto()
    """The file bears a digital signature."""
    UNLISTED = auto()
    """The file is not in the list of attachments. Applies only if the list could be read."""
    OFFICE = auto()
    """The finding is for whoever runs the batch: no applicant is written to about it.

    It is about his own machine, table or files, or asks nothing of the applicant.
    """
    SCAN_ANSWERS = auto()
    """The finding compares answers with the signed scans."""
    PAPER = auto()
    """The finding is about what was read on a paper."""
    PHOTOGRAPH = auto()
    """The finding names photographs that can be straightened."""
    PRINT = auto()
    """The finding is about how a file's pages come out in print, and void once they are others."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """The severities that a code may have, the exit code of an error with it, and its traits."""

    severities: frozenset[Severity]
    exit_code: ExitCode
    traits: Trait


class UnknownCode(ValueError):
    """Raised for a code that is not in the catalogue, or not with this severity: our fault."""


def entry_of(code: str, severity: Severity | None = None) -> CodeEntry:
    """Return the entry of a code. Raises UnknownCode if there is none of that severity."""
    found = CATALOGUE.get(code) or _of_a_notice(code)
    if found is None or (severity is not None and severity not in found.severities):
        raise UnknownCode(f"no {severity or 'finding'} of the code {code!r} is in the catalogue")
    return found


def _of_a_notice(code: str) -> CodeEntry | None:
    """Return the entry for the code of a notice's own rule, or None for any other code.

    A rule that asks for a file is a gap in the materials.
    """
    if not code.startswith(NOTICE_CODES):
        return None
    traits = Trait.GAP if code.startswith(NOTICE_FILE_CODES) else Trait.NONE
    return CodeEntry(frozenset(_SEVERITIES), ExitCode.FINDINGS, traits)


NOTICE_CODES = "notice-"
"""Prefix of the codes that a notice gives to its own rules."""
NOTICE_FILE_CODES = "notice-file-"
"""Prefix of those whose rules ask for a file."""


def _entries(
    severities: str, codes: str, exit_code: ExitCode = ExitCode.FINDINGS, traits: Trait = Trait.NONE
) -> dict[str, CodeEntry]:
    both = frozenset(each for each in _SEVERITIES if each in severities.split())
    return dict.fromkeys(codes.split(), CodeEntry(both, exit_code, traits))


_SEVERITIES: tuple[Severity, ...] = ("error", "warning")
_FILE, _MACHINE, _FAULT = ExitCode.ATTACHMENT, ExitCode.MACHINE, ExitCode.FAULT
_GAP, _PAPER = Trait.GAP, Trait.PAPER
_PHOTOGRAPH = Trait.PAPER | Trait.OFFICE | Trait.PHOTOGRAPH
_ON_SCAN = Trait.DOUBT | Trait.SCAN_ANSWERS
_OURS = Trait.PASSING | Trait.OFFICE
_UNTRIED = Trait.PASSING | Trait.UNTRIED
_OF_OFFICE = Trait.GAP | Trait.OFFICE

CATALOGUE: Mapping[str, CodeEntry] = {
    # application.json
    **_entries("error", "json-encoding json-syntax json-too-large"),
    **_entries("error", "duplicate-key too-long unknown-key wrong-type"),
    **_entries("error", "application-missing other-programme unknown-material unknown-programme"),
    # Answers
    **_entries("error", "area-order category-date-missing contact-number-missing date-order"),
    **_entries("error", "email-invalid other-qualification-incomplete phone-invalid"),
    **_entries("error", "qualification-missing term-too-long uscc-invalid"),
    **_entries("error", "required-missing", traits=Trait.LACKING),
    **_entries("error", "text-control-character text-no-glyph"),
    **_entries("warning", "area-over-limit no-answer"),
    **_entries("warning", "window-outside", traits=Trait.OUTSIDE),
    **_entries("warning", "blank-left", traits=Trait.LACKING | Trait.BLANKS),
    **_entries("warning", "code-corrected year-completed"),
    **_entries("warning", "answers-misnamed forms-blank"),
    **_entries("error warning", "more-findings"),
    # Materials
    **_entries("error", "authorisation-missing duplicate-attachment", traits=_GAP),
    **_entries("error", "material-missing", traits=_GAP | Trait.LACKING),
    **_entries("error", "volume-too-thick"),
    **_entries("warning", "material-doubtful title-unclear"),
    **_entries("warning", "scan-doubtful", traits=Trait.MISSING),
    **_entries("warning", "scan-awaited", traits=Trait.MISSING | Trait.LACKING | Trait.AWAITS_SCAN),
    **_entries("warning", "seal-in-grey seal-not-seen", traits=Trait.DOUBT),
    # What papers say beside what the form says (`check --read`)
    **_entries("warning", "read-code-differs read-name-differs read-legal-differs", traits=_PAPER),
    **_entries("warning", "read-lessee-differs read-area-differs read-term-short", traits=_PAPER),
    **_entries("warning", "read-no-unit-price read-buyer-differs", traits=_PAPER),
    **_entries("warning", "read-account-differs read-company-differs", traits=_PAPER),
    **_entries("warning", "read-date-differs read-authority-differs", traits=_PAPER),
    **_entries("warning", "read-year-differs read-invoice-twice read-qr-differs", traits=_PAPER),
    **_entries("warning", "read-other-document read-upside-down read-blank", traits=_PAPER),
    **_entries("warning", "read-faint read-dark read-blurred", traits=_PAPER),
    **_entries("warning", "read-unread", traits=Trait.OFFICE),
    **_entries("warning", "read-no-seal", traits=_PAPER | Trait.DOUBT),
    **_entries("warning", "read-photograph", traits=_PHOTOGRAPH),
    # Files that cannot be used
    **_entries("error", "attachment-empty attachment-missing", _FILE, _GAP),
    **_entries("error", "attachment-encrypted", _FILE, _GAP | Trait.ENCRYPTED),
    **_entries("error", "attachment-more attachment-outside", _FILE, _GAP),
    **_entries("error", "attachment-pages attachment-portfolio attachment-protected", _FILE, _GAP),
    **_entries("error", "attachment-too-large attachment-too-many", _FILE, _GAP),
    **_entries("error", "attachment-office", _FILE, _GAP | _UNTRIED),
    **_entries("error", "attachment-timeout", _FILE, _GAP | Trait.PASSING),
    **_entries("error", "attachment-total-size attachment-unreadable attachment-xfa", _FILE, _GAP),
    **_entries("error", "attachment-total-time", _FILE, _GAP | Trait.ONCE | _UNTRIED),
    **_entries("error", "attachment-folder-missing attachment-folder-outside", _FILE, _OF_OFFICE),
    **_entries("error", "attachment-folder-shared", _FILE, _OF_OFFICE),
    # Files and folders that cannot be bound; an error if the user wants them in the volume
    **_entries("error warning", "attachment-folder-crowded attachment-folder-deep", _FILE, _GAP),
    **_entries("error warning", "attachment-folder-unreadable", _FILE, _OF_OFFICE),
    **_entries("error warning", "attachment-special", _FILE, _GAP),
    **_entries("error warning", "attachment-not-downloaded attachment-type", _FILE, _GAP),
    **_entries("error warning", "attachment-unfinished", _FILE, _GAP),
    **_entries("warning", "attachment-hidden", _FILE, _GAP),
    **_entries("warning", "attachment-open attachment-temporary", _FILE, _OF_OFFICE),
    **_entries("warning", "attachment-folder-empty", _FILE, _OF_OFFICE),
    **_entries("warning", "attachment-password-unused", _FILE, _OF_OFFICE),
    **_entries("warning", "attachment-unlisted", _FILE, _GAP | Trait.UNLISTED),
    # Files that were accepted, with a warning
    **_entries(
        "warning", "attachment-pages-lost attachment-parts-broken", _FILE, _GAP | Trait.DAMAGED
    ),
    **_entries("warning", "attachment-rasterised", _FILE, _GAP | Trait.DAMAGED | Trait.DRAWN),
    **_entries("warning", "attachment-repaired", _FILE, _GAP | Trait.DAMAGED | Trait.REPAIRED),
    **_entries("warning", "attachment-signed", _FILE, _GAP | Trait.SIGNED | Trait.OFFICE),
    **_entries("warning", "attachment-animated attachment-annotation-undrawn", _FILE, _GAP),
    **_entries("warning", "attachment-clock attachment-comments attachment-cut", _FILE, _GAP),
    **_entries("warning", "attachment-embedded-files attachment-equation-field", _FILE, _GAP),
    **_entries("warning", "attachment-font-glyphs attachment-font-unknown", _FILE, _GAP),
    **_entries("warning", "attachment-hidden-text attachment-links", _FILE, _GAP),
    **_entries("warning", "attachment-low-resolution", _FILE, _GAP | Trait.PRINT),
    **_entries("warning", "attachment-notes", _FILE, _GAP),
    **_entries("warning", "attachment-page-formula attachment-pages-blank", _FILE, _GAP),
    **_entries("warning", "attachment-pages-incomplete attachment-pictures-dropped", _FILE, _GAP),
    **_entries("warning", "attachment-pictures-lost attachment-redaction", _FILE, _GAP),
    **_entries("warning", "attachment-results-unsure attachment-shading", _FILE, _GAP),
    **_entries("warning", "attachment-shrunk", _FILE, _GAP | Trait.PRINT),
    **_entries("warning", "attachment-layers attachment-narrow-cells", _FILE, _GAP),
    **_entries("warning", "attachment-small-sheet attachment-tick-doubtful", _FILE, _GAP),
    **_entries("warning", "attachment-text-cut", _FILE, _GAP),
    **_entries("warning", "attachment-tracked-changes attachment-update-lost", _FILE, _GAP),
    **_entries("warning", "straighten-no-photo straighten-too-many straighten-unsure", _FILE, _GAP),
    **_entries("warning", "straighten-missing", _FILE, _GAP | Trait.OFFICE),
    # Failures of the machine, not of the file
    **_entries("error", "machine-disk-full machine-library", _MACHINE, _OURS | Trait.ONCE),
    **_entries("error", "machine-memory machine-temporary", _MACHINE, _OURS | Trait.ONCE),
    **_entries("error", "machine-unstarted", _MACHINE, _OURS | Trait.ONCE),
    **_entries("error", "machine-changed machine-killed machine-unread", _MACHINE, _OURS),
    **_entries("error", "machine-too-large", _MACHINE, _OURS),
    **_entries("error", "fault-attachment", _FAULT, _OURS),
    # Signed scans
    **_entries("error", "scan-empty scan-exists scan-page-foreign scan-page-missing"),
    **_entries("error", "scan-page-twice scan-page-unsure scan-too-many"),
    **_entries("warning", "scan-page-blank scan-page-not-upright scan-page-outdated"),
    **_entries("warning", "scan-page-by-order scan-page-turned scan-pages-sorted"),
    **_entries("warning", "scan-unused", traits=Trait.OFFICE),
    **_entries("warning", "stamp-record-unreadable", traits=Trait.SCAN_ANSWERS | Trait.OFFICE),
    **_entries("warning", "stamped-answer-changed stamped-answer-unlike", traits=_ON_SCAN),
    **_entries("warning", "stamped-form-unlike", traits=_ON_SCAN),
    # Word forms
    **_entries("error", "word-conflict word-forms-unusable word-unread"),
    **_entries("warning", "word-blank word-differs word-forms-disagree word-label-missing"),
    **_entries("warning", "word-replaced word-unplaced word-unreadable word-unsure"),
    **_entries("warning", "word-wording-changed"),
    # The output
    **_entries("error", "manifest-unreadable output-changed output-foreign output-missing"),
    **_entries("error", "output-unreadable", _MACHINE, Trait.PASSING),
    **_entries("error", "rule-coloured rule-numbers rule-parity rule-recto rule-sheets rule-sides"),
    **_entries("error", "volume-differs"),
    **_entries("warning", "draft portal-too-large spine-too-thick"),
    **_entries("warning", "output-kept portal-reduced", traits=Trait.OFFICE),
    # Rosters and batches
    **_entries("error", "cell-choice-unclear cell-not-choice cell-not-date"),
    **_entries("error", "cell-not-number cell-too-long"),
    **_entries("error", "cell-became-date cell-digits-lost cell-error", traits=Trait.OFFICE),
    **_entries("error", "cell-shown-otherwise cell-uncalculated", traits=Trait.OFFICE),
    **_entries("error", "column-duplicate column-missing row-struck-out", traits=Trait.OFFICE),
    **_entries("error", "table-row-ambiguous table-row-stranger", traits=Trait.OFFICE),
    **_entries(
        "warning",
        "cell-struck-out cell-unseen column-hidden column-unknown row-hidden",
        traits=Trait.OFFICE,
    ),
    **_entries("error", "batch-attachment"),
    **_entries("error", "batch-fault batch-machine batch-output batch-usage", traits=Trait.OFFICE),
    **_entries("error", "batch-report-unreadable batch-worker-died", traits=Trait.OFFICE),
    **_entries("error", "batch-number-too-long batch-number-twice", traits=Trait.OFFICE),
    **_entries("warning", "batch-number-changed", traits=Trait.OFFICE),
    **_entries("warning", "batch-applicant-twice"),
    **_entries("warning", "batch-earlier-kept batch-left-over", traits=Trait.OFFICE),
    **_entries("warning", "batch-row-unused", traits=Trait.OFFICE),
    **_entries("warning", "batch-not-built batch-not-compared batch-outdated", traits=Trait.OFFICE),
}
