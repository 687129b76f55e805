"""The core names no command, option, variable or key: each face words actions in its own way."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import sjs_forms
from sjs_forms.base.findings.command_wording import command_wording, remedy_text
from sjs_forms.base.findings.finding_catalogue import CATALOGUE
from sjs_forms.base.findings.remedies import PlainAction, Remedy, Several
from sjs_forms.batch.outputs.overview.letter_wording import remedy_of
from sjs_forms.web.wording.page_wording import PAGE_WORDING, SCAN_WORDING, remedy_on_page
from tests.remedies import EVERY
from tests.samples import the_programme

PACKAGE = Path(sjs_forms.__file__).parent
TYPED = re.compile(
    r"(?i:json|sjs-forms|\bnull\b|环境变量|TMPDIR|SJS_|pip install)"
    r"|(?<![A-Za-z])--[a-z]|(?<![A-Za-z0-9-])-[a-z](?![A-Za-z])|请.*命令"
    r"|(?<![A-Za-z])(attachments|material|programme|title|pages|rotate|password|doctor)(?![A-Za-z])"
)
"""Commands, options, variables and keys of application.json."""
QUOTED = re.compile(r"“[^”]*”")
"""Names of files, labels, and the user's own words."""
PATTERN = re.compile(r"\(\?|\.\+|\\")
"""What only regular expressions have."""
HAN = re.compile("[\u4e00-\u9fff]")
FACES = ("cli", "web", "batch")
"""Rooms that word for one kind of reader; a batch is for who types commands, and has no page."""
FOR_TYPISTS = {
    "base/findings/command_wording.py": "words for the command line",
    "domain/json_text/json_mistakes.py": "what is wrong with the file, not shown on a page",
    "domain/stamp_record.py": "a note in a file, for who opens it",
    "jobs/doctor.py": "the command `doctor`, which no page has",
    "jobs/guide_text.py": "the guide for who types commands",
    "jobs/notices/notice_trial.py": "the commands for authors of notices",
    "jobs/notices/notice_jobs.py": "the same",
    "printing/proof.py": "the command `proof`, which no page has",
}
"""Modules whose sentences a page never shows."""
FOR_AUTHORS = ("domain/notice/", "domain/expressions/", "domain/programme.py", "typesetting/")
OWN_PAGES = ("volume/layout.py", "printing/wrap_and_job_sheet.py")
"""Modules that tell authors of notices of mistakes; a page says only that there is one."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        shown = path.relative_to(PACKAGE).as_posix()
        yield shown, ast.parse(path.read_text(encoding="utf-8"))


@cache
def written() -> tuple[tuple[tuple[str, int, str], ...], dict[str, set[str]]]:
    """Return what the modules say, from one look at all of them.

    First module, line and text of every sentence, with … for what is put in; then the modules in
    which each code of the catalogue stands.
    """
    found: list[tuple[str, int, str]] = []
    made: dict[str, set[str]] = {}
    for shown, tree in modules():
        inner: set[int] = set()
        texts: list[ast.Constant] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                inner.add(id(node.value))  # a docstring
            if isinstance(node, ast.JoinedStr):
                inner.update(map(id, node.values))
                parts = (
                    each.value if isinstance(each, ast.Constant) else "…" for each in node.values
                )
                found.append((shown, node.lineno, "".join(map(str, parts))))
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node)
        for text in texts:
            if text.value in CATALOGUE:
                made.setdefault(str(text.value), set()).add(shown)
            if id(text) not in inner:
                found.append((shown, text.lineno, str(text.value)))
    sentences = (each for each in found if HAN.search(each[2]) and not PATTERN.search(each[2]))
    return tuple(sentences), made


def is_of_the_core(shown: str) -> bool:
    if shown in FOR_TYPISTS or shown in OWN_PAGES or shown.startswith(FOR_AUTHORS):
        return False
    return shown.partition("/")[0] not in FACES


def names_what_to_type(text: str) -> bool:
    return bool(TYPED.search(QUOTED.sub("", text)))


def test_no_sentence_of_the_core_names_what_to_type() -> None:
    sentences, _ = written()
    wrong = [each for each in sentences if is_of_the_core(each[0]) and names_what_to_type(each[2])]
    assert [each for each in wrong if not re.fullmatch(r"[^。，]*\.json", each[2])] == []


def test_every_code_of_the_catalogue_is_made_where_sentences_are_held_to_that() -> None:
    _, made = written()
    elsewhere = {
        code
        for code, places in made.items()
        if not any(map(is_of_the_core, places - {"base/findings/finding_catalogue.py"}))
    }
    of_a_notice = {"window-outside"}  # its words are the notice's own
    of_a_batch = {code for code in elsewhere if any("batch/" in place for place in made[code])}
    assert elsewhere - of_a_batch <= of_a_notice


@pytest.mark.parametrize("remedy", EVERY, ids=str)
def test_a_page_and_a_letter_name_nothing_to_type(remedy: Remedy) -> None:
    from sjs_forms.base.findings.finding import warning
    from sjs_forms.base.findings.finding_places import WHOLE

    for words in (remedy_on_page(remedy), remedy_on_page(remedy, SCAN_WORDING)):
        assert not names_what_to_type(words), words
    letter = remedy_of(warning("title-unclear", WHOLE, "", "", remedy), the_programme().fields)
    assert letter and not names_what_to_type(letter)


def test_every_face_words_every_action() -> None:
    every = {*PlainAction, *get_args(Remedy)} - {PlainAction, Several}
    assert every <= set(command_wording()) and every <= set(PAGE_WORDING)


def test_where_a_page_has_nothing_to_say_the_command_line_names_what_to_type() -> None:
    silent = [each for each in EVERY if not remedy_on_page(each)]
    assert silent and all(names_what_to_type(remedy_text(each)) for each in silent)
