"""What to do about a finding or an error: an action, which each face puts into words.

The core names no command, option, variable, key or folder. The command line says what to type (see
`command_wording`), a roster names rows and columns, a page of the browser its buttons, a letter
what to hand in. `words` are for all faces alike, with a slot `{}` for each name that depends on the
face.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Steps = tuple[str | int, ...]
"""Keys and list indices of an answer, from the top of application.json."""

ANSWERS_FILE = "application.json"


class _Action:
    """Shows the arguments of an action.

    It does so for all: generating the function for each takes half of the time in which every
    command and worker loads this module.
    """

    __slots__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        of = (f"{each}={getattr(self, each)!r}" for each in self.__slots__)
        return f"{type(self).__name__}({', '.join(of)})"


class PlainAction(Enum):
    """An action without arguments."""

    ANSWER_BY_PAGE = "state what each scanned page is, in the right form"
    BUILD_WHOLE = "build the whole volume, without comparing it to an earlier one"
    CHOOSE_APPLICATION = "name an application that exists, or begin a new one"
    CHOOSE_BUILD = "name a folder that was built"
    CHOOSE_FREE_NAME = "write to another name, because a file has this one"
    CHOOSE_OTHER_OUTPUT = "write to another place; said after other advice"
    CHOOSE_PAGES = "use only some pages of a file; said after other advice"
    CHOOSE_SHORTER_PATH = "write to a place whose path is shorter"
    COPY_INSIDE = "copy a file into the application's folder"
    CORRECT_PAGES = "correct the choice of a file's pages, or take all"
    ENTER_PASSWORD = "give the password of a file, or remove it"
    FILE_SCANS_AGAIN = "file the signed scans again, in place of those that are there"
    FEWER_AT_ONCE = "process fewer applications at once; said after other advice"
    INSPECT_MACHINE = "find out what this machine lacks, or install the program again"
    INSTALL_AGAIN = "install the program again"
    INSTALL_PHOTO_PARTS = "install what straightens photographs"
    INSTALL_READER = "install what recognises the text of scans"
    LIST_FILE = "add a file to the list of attachments, or move it away"
    LOOK_UP_KEYS = "look up which answers there are"
    MOVE_FOREIGN_FILES = "write to another folder, or move the files away that are not ours"
    MOVE_TEMPORARY = "put temporary files on another disk; said after other advice"
    OMIT_NOTICE = "let each application name its own notice; said after other advice"
    REPLACE_SCAN = "replace the signed scan that is there"
    REPORT_FAULT = "report a fault of this program"
    SPLIT_VOLUME = "bind several volumes, or use thinner paper or fewer files"
    STRAIGHTEN_FILE = "look at a photograph as it would be straightened, and choose that"
    TAKE_WORD_ANSWERS = "take the answers of the Word forms, or make both alike"
    USE_ASCII_TEMPORARY = "put temporary files into a folder whose path is ASCII"


@dataclass(frozen=True, repr=False, slots=True)
class Advice(_Action):
    """Something done by hand, in the same words for all faces."""

    words: str


Written = Literal["", "text", "number", "date", "list", "object", "flag", "blank"]
"""How application.json writes an answer: in quotation marks, without, in brackets, as null."""


@dataclass(frozen=True, repr=False, slots=True)
class MendAnswer(_Action):
    """Fill in or correct these answers; `link` joins the first to the name of their file.

    `written` says how that file writes it, for who edits the file.
    """

    words: str
    answers: tuple[Steps, ...]
    link: str = ""
    written: Written = ""


@dataclass(frozen=True, repr=False, slots=True)
class FillAnswer(_Action):
    """Fill in an answer that is blank."""

    answer: Steps


@dataclass(frozen=True, repr=False, slots=True)
class EditAnswers(_Action):
    """Write or change answers, where they are written: the slot is that place."""

    words: str


@dataclass(frozen=True, repr=False, slots=True)
class MendAnswersFile(_Action):
    """Correct the file of answers, which cannot be read; `has_model` if a blank one would help."""

    words: str
    has_model: bool = False


@dataclass(frozen=True, repr=False, slots=True)
class RenameAnswersFile(_Action):
    """Give the file `found` the name that the file of answers must have; `as_text` if it is a
    document of Word, whose content must be saved as text.
    """

    found: str
    name: str
    as_text: bool = False


@dataclass(frozen=True, repr=False, slots=True)
class RenameKey(_Action):
    """Correct or remove a key that is not the notice's, at `key`; `known` are those it may be.

    `near` is the one that was probably meant, or "".
    """

    key: Steps
    near: str
    known: tuple[str, ...]


@dataclass(frozen=True, repr=False, slots=True)
class ChooseMaterial(_Action):
    """Name a material of the notice for a listed file; fields as of `RenameKey`."""

    near: str
    known: tuple[str, ...]


@dataclass(frozen=True, repr=False, slots=True)
class PutFile(_Action):
    """Put a file of a material (its id) into `folder`."""

    folder: str
    material: str


@dataclass(frozen=True, repr=False, slots=True)
class FindFile(_Action):
    """Put a listed file where the list says, or correct the list; `words` say how to who has it."""

    words: str


@dataclass(frozen=True, repr=False, slots=True)
class SortFile(_Action):
    """Move a file to its material, or away; `words` say how to who sees the folders.

    A file that `may_be_scan` can also be filed as the scan of a signed form.
    """

    words: str
    may_be_scan: bool = False


@dataclass(frozen=True, repr=False, slots=True)
class ScanForm(_Action):
    """Print, sign, seal and scan a form, and put the scan into `folder`."""

    folder: str


@dataclass(frozen=True, repr=False, slots=True)
class SignAgain(_Action):
    """Sign, seal and scan a new print of a form, in place of the scan; `when` begins with it."""

    when: str


@dataclass(frozen=True, repr=False, slots=True)
class ReplaceFile(_Action):
    """Replace a file by a better one.

    If that has another name (`is_renamed`) and the file is in the list (`is_listed`), the list is
    to be changed as well.
    """

    words: str
    is_renamed: bool = False
    is_listed: bool = False


@dataclass(frozen=True, repr=False, slots=True)
class NameFile(_Action):
    """Give a file a better title or name."""

    title: str
    name: str
    is_listed: bool


@dataclass(frozen=True, repr=False, slots=True)
class InstallOffice(_Action):
    """Install LibreOffice, or do what `words` say."""

    words: str


@dataclass(frozen=True, repr=False, slots=True)
class InstallTextLayout(_Action):
    """Install the libraries for text layout on `platform`, as in sys.platform."""

    platform: str


@dataclass(frozen=True, repr=False, slots=True)
class AllowMoreTime(_Action):
    """Allow more processor time than `seconds` by the environment variable `variable`."""

    variable: str
    seconds: float


@dataclass(frozen=True, repr=False, slots=True)
class ChooseNotice(_Action):
    """Name one of the `known` notices; `is_unknown` if one is named that is not installed."""

    known: tuple[str, ...]
    is_unknown: bool = False


@dataclass(frozen=True, repr=False, slots=True)
class ChooseStock(_Action):
    """Choose a paper; `known` are the ids and names of those that the notice lists."""

    known: tuple[tuple[str, str], ...]


@dataclass(frozen=True, repr=False, slots=True)
class UseNewRoster(_Action):
    """Write a table with a header that has these labels, as in a new roster."""

    labels: tuple[str, ...]


@dataclass(frozen=True, repr=False, slots=True)
class MendNotice(_Action):
    """Correct the files of a notice, which its author does.

    `words` say how, if more is to be said than where it is explained; `template_of` is the notice
    if one of its templates is wrong.
    """

    words: str = ""
    template_of: str = ""


@dataclass(frozen=True, repr=False, slots=True)
class ReportFileFault(_Action):
    """Report a fault of this program with a file; `what` names the exception."""

    what: str


@dataclass(frozen=True, repr=False, slots=True)
class UseOtherwise(_Action):
    """Give a file that is no application to what can use it."""

    use: Literal["roster", "word", "paper"]
    file: str


@dataclass(frozen=True, repr=False, slots=True)
class DecideScanPage(_Action):
    """State what a scanned page is, by one of these options (`3=附4-1:2`)."""

    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, repr=False, slots=True)
class TurnScanPage(_Action):
    """File the scans again with the turn of a page stated, as in `option`."""

    option: str


@dataclass(frozen=True, repr=False, slots=True)
class RunJob(_Action):
    """Run jobs (again), named as the commands are: `build`, `stamped`."""

    words: str
    jobs: tuple[str, ...]


@dataclass(frozen=True, repr=False, slots=True)
class Several(_Action):
    """Several actions, each a sentence of its own; a face leaves out those that it lacks."""

    actions: tuple["Remedy", ...]


Remedy = (
    PlainAction
    | Advice
    | MendAnswer
    | FillAnswer
    | EditAnswers
    | MendAnswersFile
    | RenameAnswersFile
    | RenameKey
    | ChooseMaterial
    | PutFile
    | FindFile
    | SortFile
    | ScanForm
    | SignAgain
    | ReplaceFile
    | NameFile
    | InstallOffice
    | InstallTextLayout
    | AllowMoreTime
    | ChooseNotice
    | ChooseStock
    | UseNewRoster
    | MendNotice
    | ReportFileFault
    | UseOtherwise
    | DecideScanPage
    | TurnScanPage
    | RunJob
    | Several
)


def action_of(remedy: Remedy | str) -> Remedy:
    """Return a remedy given as text as Advice."""
    return Advice(remedy) if isinstance(remedy, str) else remedy


def several(*remedies: Remedy | str) -> Several:
    """Return several actions as one; text becomes Advice."""
    return Several(tuple(map(action_of, remedies)))
