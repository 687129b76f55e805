"""The catalogue and the code agree: no code is missing in it, none is in it that nothing gives."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sjs_forms
from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.findings.finding import error, warning
from sjs_forms.base.findings.finding_catalogue import CATALOGUE, Trait, UnknownCode, entry_of
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.domain.installed_notices import installed_programmes, load_programme

PACKAGE = Path(sjs_forms.__file__).parent
MODULES = [path for path in PACKAGE.rglob("*.py") if path.name != "finding_catalogue.py"]
MAKERS = {
    *("error", "warning", "Finding", "_at", "_remark", "_unclear", "_hindered"),
    *("FileRefused", "FileGone", "FileChanged", "PasswordNeeded"),
}
"""What is called with a code as its first argument."""


Trees = dict[Path, ast.Module]


@pytest.fixture(scope="module")
def trees() -> Trees:
    """The modules, parsed once for all tests here, and forgotten after them."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def nodes(trees: Trees) -> Iterator[tuple[Path, ast.AST]]:
    for path, tree in trees.items():
        for node in ast.walk(tree):
            yield path, node


def text_of(node: ast.AST) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None  # type: ignore[attr-defined,no-any-return]


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def made_by(function: ast.expr) -> bool:
    """Whether a function makes findings; loggers have methods of the same names."""
    of_logger = isinstance(function, ast.Attribute) and name_of(function.value) == "_log"
    return name_of(function) in MAKERS and not of_logger


def choices(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def test_every_code_that_is_given_to_a_finding_is_in_the_catalogue(trees: Trees) -> None:
    given = {
        (path.name, text)
        for path, node in nodes(trees)
        if isinstance(node, ast.Call) and node.args and made_by(node.func)
        for text in map(text_of, choices(node.args[0]))
        if text
    }
    assert len(given) > 120
    assert {(name, code) for name, code in given if code not in CATALOGUE} == set()


def test_every_code_of_the_catalogue_is_given_somewhere(trees: Trees) -> None:
    texts = {text_of(node) for _, node in nodes(trees)}
    of_cells = {f"cell-{text}" for text in texts}
    of_rules = {
        rule.code
        for programme in installed_programmes()
        for rule in load_programme(programme).fields.rules
    }
    assert set(CATALOGUE) - texts - of_cells - of_rules == set()


def test_codes_of_a_notice_s_own_are_known_by_how_they_begin() -> None:
    assert not entry_of("notice-total-wrong", "error").traits
    assert entry_of("notice-file-quote", "warning").traits == Trait.GAP
    with pytest.raises(UnknownCode):
        entry_of("total-wrong")


def named_codes(tree: ast.AST) -> set[str]:
    """The names in a module that stand for a code, or for several."""
    return {
        name_of(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(is_code(part) for part in ast.walk(node.value))
        and isinstance(node.value, ast.Constant | ast.Tuple | ast.Set | ast.List)
        for target in node.targets
    }


def is_code(node: ast.AST) -> bool:
    """Whether a text is a code; one word alone has other uses."""
    text = text_of(node) or ""
    return "-" in text and text in CATALOGUE


def test_no_name_for_a_code_is_compared_outside_the_catalogue(trees: Trees) -> None:
    compared = []
    for path, tree in trees.items():
        names = named_codes(tree)
        compared += [
            (path.name, node.lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            and any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))
        ]
    assert compared == []


def test_no_code_is_compared_outside_the_catalogue(trees: Trees) -> None:
    compared = [
        (path.name, node.lineno)
        for path, node in nodes(trees)
        if isinstance(node, ast.Compare) and any(map(is_code, ast.walk(node)))
    ]
    prefixed = [
        (path.name, node.lineno)
        for path, node in nodes(trees)
        if isinstance(node, ast.Call)
        and name_of(node.func) == "startswith"
        and isinstance(node.func, ast.Attribute)
        and name_of(node.func.value) == "code"
    ]
    assert (compared, prefixed) == ([], [])


@pytest.mark.parametrize("make", [error, warning])
def test_a_code_that_is_not_in_the_catalogue_is_told_at_once(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownCode, match="no-such-code"):
        make("no-such-code", WHOLE, "", "", "")


def test_a_code_is_of_no_other_severity_than_the_catalogue_says() -> None:
    with pytest.raises(UnknownCode):
        warning("uscc-invalid", WHOLE, "", "", "")
    with pytest.raises(UnknownCode):
        FileRefused("attachment-signed", "", "")


def test_whatever_says_that_a_file_is_to_blame_may_be_carried_by_a_draft() -> None:
    for code, entry in CATALOGUE.items():
        of_file = entry.exit_code is ExitCode.ATTACHMENT
        assert not of_file or entry.traits & Trait.GAP, code


def test_what_the_machine_is_to_blame_for_is_never_remembered() -> None:
    for code, entry in CATALOGUE.items():
        of_machine = entry.exit_code in (ExitCode.MACHINE, ExitCode.FAULT)
        assert not of_machine or entry.traits & Trait.PASSING, code


def test_codes_that_a_file_and_a_machine_share_have_no_trait_of_the_machine() -> None:
    assert not entry_of("attachment-unreadable").traits & Trait.PASSING
