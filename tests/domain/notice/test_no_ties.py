"""No module knows a notice by heart: its fields, labels and choices stand in its folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sjs_forms
from sjs_forms.domain.installed_notices import installed_programmes, load_programme

PACKAGE = Path(sjs_forms.__file__).parent
ANYBODY_S = {"name", "contact", "applicant", "remarks", "attachments"}
"""Words that name other things too."""
ALLOWED = {("summary_rows.py", "联系电话")}
"""Notes below any table begin so. 申报单位 is who applies, in every notice."""
MIN = 4
"""Shorter labels, such as 邮箱, are words of every sentence."""


def texts() -> Iterator[tuple[str, str]]:
    """Every text in the code that is no docstring, with the name of its module."""
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
