"""Nothing of ours knows a notice by heart: its words and answers stand in its folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import click

import sjs_forms
from sjs_forms.__main__ import main
from sjs_forms.domain.installed_notices import installed_programmes, load_programme

PACKAGE = Path(sjs_forms.__file__).parent
ANYBODY_S = {"name", "contact", "applicant", "remarks", "attachments"}
"""Words that name other things too."""
ALLOWED = {("summary_rows.py", "联系电话")}
"""Notes below any table begin so. 申报单位 is who applies, in every notice."""
MIN = 4
"""Shorter labels, such as 邮箱, are words of every sentence."""


def texts() -> Iterator[tuple[str, str]]:
    """Every text in the code that is no docstring, with the name of its module.

    Pages, scripts and styles count as one text each; a docstring of a command is its help.
    """
    for path in files("html", "js", "css"):
        yield path.name, path.read_text(encoding="utf-8")
    for command in commands_of(main):
        yield "help", command.help or ""
        yield from (("help", getattr(each, "help", None) or "") for each in command.params)
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) not in said:
                    yield path.name, node.value
            elif isinstance(node, ast.Attribute):
                yield path.name, node.attr


def files(*kinds: str) -> list[Path]:
    return [path for kind in kinds for path in sorted(PACKAGE.rglob(f"*.{kind}"))]


def commands_of(command: click.Command) -> Iterator[click.Command]:
    """A command and those in its group."""
    yield command
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from commands_of(below)


def titles_of_notices() -> set[str]:
    """What notices and their forms are called, and who issues them."""
    programmes = [load_programme(each) for each in installed_programmes()]
    forms = {form.title for each in programmes for form in each.forms}
    return forms.union(*({each.title, each.notice, *each.issuers} for each in programmes))


def words_of_notices() -> Iterator[str]:
    for programme_id in installed_programmes():
        fields = load_programme(programme_id).fields
        for answer in fields.answers():
            yield ".".join(map(str, answer.place))
            yield from (step for step in map(str, answer.place) if "_" in step)
            yield answer.label
            for choice in getattr(answer.kind, "choices", ()):
                yield choice.id
                yield choice.label
        yield from fields.objects.values()
        yield from (rule.code for rule in fields.rules if rule.code.startswith("notice-"))


def test_no_field_label_or_choice_of_a_notice_stands_in_the_code() -> None:
    words = {word for word in words_of_notices() if len(word) >= MIN} - ANYBODY_S
    assert len(words) > 60
    found = {
        (module, word)
        for module, text in texts()
        for word in words
        if word == text or (word in text and not word.isascii())
    }
    assert {each for each in found if each not in ALLOWED and each[1] != "申报单位"} == set()


def test_no_title_of_a_notice_or_its_forms_stands_in_code_pages_scripts_or_help() -> None:
    titles = titles_of_notices()
    paths = files("py", "html", "js", "css")
    assert len(titles) > 4
    assert {path.suffix for path in paths} == {".py", ".html", ".js", ".css"}
    read = [(path.name, path.read_text(encoding="utf-8")) for path in paths]
    assert {(name, word) for name, text in read for word in titles if word in text} == set()
