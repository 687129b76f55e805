"""What to do about a finding: an action with arguments, which each interface puts into words.

The command line names commands, application.json and its keys (see `remedy_text`), a roster names
rows and columns, a web page shows a button. `words` have a slot `{}` for each name that depends on
the interface.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sjs_forms.base.findings.finding_places import AnswerPlace

Steps = tuple[str | int, ...]

ANSWERS_FILE = "application.json"
_MARKS = ("", *"，。；：、（）")


@dataclass(frozen=True, slots=True)
class Advice:
    """Something done by hand, in the same words for all readers."""

    words: str


@dataclass(frozen=True, slots=True)
class MendAnswer:
    """Fill in or correct these answers; `link` joins the first to the name of their file."""

    words: str
    answers: tuple[Steps, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class MendAnswersFile:
    """Correct the file of answers, which cannot be read."""

    words: str


@dataclass(frozen=True, slots=True)
class PutFile:
    """Put a file of a material (its id) into `folder`."""

    folder: str
    material: str


@dataclass(frozen=True, slots=True)
class ScanForm:
    """Print, sign, seal and scan a form, and put the scan into `folder`."""

    folder: str


@dataclass(frozen=True, slots=True)
class ReplaceFile:
    """Replace a file by a better one.

    If that has another name (`is_renamed`) and the file is in the list (`is_listed`), the list is
    to be changed as well.
    """

    words: str
    is_renamed: bool = False
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class EnterPassword:
    """Give the password of a file, or remove it."""


@dataclass(frozen=True, slots=True)
class NameFile:
    """Give a file a better title or name."""

    title: str
    name: str
    is_listed: bool


@dataclass(frozen=True, slots=True)
class ChoosePages:
    """Use only some pages of a file. `parts` is the remedy in three parts.

    The second part says how to choose pages; the others say what else can be done.
    """

    parts: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StraightenFile:
    """Look at a photograph as it would be straightened, and choose that."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """Add a file to the list of attachments, or move it away."""


@dataclass(frozen=True, slots=True)
class InstallOffice:
    """Install LibreOffice, or do what `words` say."""

    words: str


@dataclass(frozen=True, slots=True)
class SplitVolume:
    """Bind several volumes, or use thinner paper or fewer files."""


@dataclass(frozen=True, slots=True)
class DecideScanPage:
    """State what a scanned page is, by one of these options (`3=附4-1:2`)."""

    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunJob:
    """Run jobs (again), named as the commands are: `build`, `stamped`."""

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
    | StraightenFile
    | ListFile
    | InstallOffice
    | SplitVolume
    | DecideScanPage
    | RunJob
)


def remedy_text(remedy: Remedy, answers_file: str = ANSWERS_FILE) -> str:
    """Return a remedy in the words of the command line; `answers_file` names the answers."""
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
        case StraightenFile():
            return (
                f'要拉平的，在 {answers_file} 该附件中写明 "straighten": true，'
                "再看生成的这一页；原来的照片仍在在线申报材料里。"
            )
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
    """Return words with names in their slots, and spaces around names without quotes.

    Names without a slot are left out.
    """
    text, *parts = words.split("{}")
    for name, part in zip(names, parts, strict=False):
        is_quoted = name.startswith("“") and name.endswith("”")
        before = "" if is_quoted or text[-1:] in _MARKS else " "
        after = "" if is_quoted or part[:1] in _MARKS else " "
        text += before + name + after + part
    return text
