"""What to do about a finding: an action with its arguments, which each face words for its reader.

The command line names commands, application.json and its keys (`spoken`), a roster its rows and
columns, a page has a button. What a face names in its own way has a slot, `{}`, in `words`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sjs_forms.base.finding_places import AnswerPlace

Steps = tuple[str | int, ...]

ANSWERS_FILE = "application.json"
_MARKS = ("", *"，。；：、（）")


@dataclass(frozen=True, slots=True)
class Advice:
    """What a person does by himself, in the same words for every reader."""

    words: str


@dataclass(frozen=True, slots=True)
class MendAnswer:
    """Fill in or correct these answers; `link` joins the first to the file that holds it."""

    words: str
    answers: tuple[Steps, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class MendAnswersFile:
    """Mend the file of answers itself, which cannot be understood."""

    words: str


@dataclass(frozen=True, slots=True)
class PutFile:
    """Put a file of a material, given by its id, into `folder`."""

    folder: str
    material: str


@dataclass(frozen=True, slots=True)
class ScanForm:
    """Print, sign, seal and scan a form; its scan belongs into `folder`."""

    folder: str


@dataclass(frozen=True, slots=True)
class ReplaceFile:
    """Put a better file in the place of one.

    `is_renamed` says that it has another name; where the list names the file, `is_listed`, that
    has to be changed as well.
    """

    words: str
    is_renamed: bool = False
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class EnterPassword:
    """State the password of a file, or take it off."""


@dataclass(frozen=True, slots=True)
class NameFile:
    """Give a file a better title, or a better name."""

    title: str
    name: str
    is_listed: bool


@dataclass(frozen=True, slots=True)
class ChoosePages:
    """Take only some pages of files: that is the second of the `parts`, among other ways out."""

    parts: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ListFile:
    """Put a file on the list of attachments, or move it away."""


@dataclass(frozen=True, slots=True)
class InstallOffice:
    """Install LibreOffice, or do what `words` say."""

    words: str


@dataclass(frozen=True, slots=True)
class SplitVolume:
    """Bind several volumes, take thinner paper or fewer files."""


@dataclass(frozen=True, slots=True)
class DecideScanPage:
    """State what a scanned page is: one of these options, written like `3=附4-1:2`."""

    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunJob:
    """Have a job done (again), named as the command line names it: `build`, `stamped`."""

    words: str
    jobs: tuple[str, ...]


Remedy = (
    Advice
    | MendAnswer
    | MendAnswersFile
    | PutFile
    | ScanForm
    | ReplaceFile
    | EnterPassword
    | NameFile
    | ChoosePages
    | ListFile
    | InstallOffice
    | SplitVolume
    | DecideScanPage
    | RunJob
)


def spoken(remedy: Remedy, answers_file: str = ANSWERS_FILE) -> str:
    """The remedy for whoever works with commands and `answers_file`, in Chinese."""
    match remedy:
        case Advice(words):
            return words
        case MendAnswer(words, answers, link):
            return filled(words, _paths(answers, f"{answers_file} {link} " if link else ""))
        case MendAnswersFile(words):
            return filled(words, [answers_file])
        case DecideScanPage(words, options):
            return filled(words, [f"--as {option}" for option in options])
        case RunJob(words, jobs):
            return filled(words, [f"sjs-forms {job}" for job in jobs])
        case _:
            return _of_a_file(remedy, answers_file)


def _of_a_file(remedy: Remedy, answers_file: str) -> str:
    match remedy:
        case PutFile(folder, material):
            return (
                f"请把文件放进 {folder}，或写入 {answers_file} 的 attachments"
                f"（material 为 {material}）；先看样子可用 --draft。"
            )
        case ScanForm(folder):
            return (
                "打印、签字盖章后扫描，用 sjs-forms stamped 放入"
                f"（也可自己放进 {folder} 或写入 attachments），再生成一次。"
            )
        case ReplaceFile(words, is_renamed, is_listed):
            also = f"然后在 {answers_file} 的 attachments 中把这一条改为新的文件。"
            return words + also if is_renamed and is_listed else words
        case EnterPassword():
            return f"请在 {answers_file} 该附件中写明 password，或去掉密码后另存一份再放进来。"
        case NameFile(title, name, is_listed):
            listed = f"在 {answers_file} 该附件中写明 title，或" if is_listed else ""
            return f"建议用“{title}”为题：请{listed}把文件改名，如“{name}”。"
        case ChoosePages(parts):
            return "".join(parts)
        case ListFile():
            return f"如需装订，请写入 {answers_file} 的 attachments；不需要的请移走。"
        case InstallOffice(words):
            return f"请安装 LibreOffice，或{words}"
        case SplitVolume():
            return "请加 --split 分册装订，或用 --paper 换较薄的纸、减少附件。"
    raise TypeError(type(remedy).__name__)


def _paths(answers: Sequence[Steps], holder: str) -> list[str]:
    paths = [str(AnswerPlace(steps)) for steps in answers]
    return [holder + path for path in paths[:1]] + paths[1:]


def filled(words: str, names: Sequence[str]) -> str:
    """Words with names in their slots, spaces around a name that is not quoted.

    There may be more names than slots.
    """
    text, *parts = words.split("{}")
    for name, part in zip(names, parts, strict=False):
        is_quoted = name.startswith("“") and name.endswith("”")
        before = "" if is_quoted or text[-1:] in _MARKS else " "
        after = "" if is_quoted or part[:1] in _MARKS else " "
        text += before + name + after + part
    return text
