"""Pages work in Chromium 86: 360 and the machines of offices are years behind.

There is no build step that lowers newer syntax. Each entry names the version of Chromium that
brought a feature, as MDN's compatibility tables state it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2

from sjs_forms import web

WEB = Path(web.__file__).parent


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCRIPT = {
    # syntax
    r"\bstatic\s*\{": ("static blocks of classes", 94),
    r"#\w+\s+in\b": ("private names with `in`", 91),
    r"^await\b|^(export )?(const|let)[^\n]*=\s*await\b": ("await outside of functions", 89),
    r"\b(import|from)\b[^;]*\b(assert|with)\s*\{": ("attributes of imports", 91),
    r"\busing\s+\w+\s*=": ("using", 134),
    r"/[dgimsuy]*[dv][dgimsuy]*\.(test|exec)\(": ("flags d and v of expressions", 90),
    # the language's library
    r"\.at\(": ("at", 92),
    r"\.findLast(Index)?\(": ("findLast", 97),
    r"\.(toSorted|toReversed|toSpliced|with)\(": ("copying methods of arrays", 110),
    r"\bgroupBy\(": ("groupBy", 117),
    r"\bhasOwn\(": ("Object.hasOwn", 93),
    r"\bfromAsync\(": ("Array.fromAsync", 121),
    r"\bPromise\.(withResolvers|try)\(": ("Promise.withResolvers", 119),
    r"\.(union|intersection|difference|isSubsetOf|isSupersetOf)\(": ("operations of sets", 122),
    r"\.(entries|values|keys)\(\)\.(map|filter|some|every|find|forEach|toArray)\(": (
        "methods of iterators", 122,
    ),
    r"\bcause\s*[:}]": ("causes of errors", 93),
    r"\bIntl\.(Segmenter|DurationFormat|supportedValuesOf)": ("Intl.Segmenter", 87),
    r"\.(isWellFormed|toWellFormed)\(": ("isWellFormed", 111),
    # the browser's library
    r"\bstructuredClone\(": ("structuredClone", 98),
    r"\brandomUUID\(": ("crypto.randomUUID", 92),
    r"\bAbortSignal\.(timeout|any|abort)\(": ("AbortSignal.timeout", 93),
    r"addEventListener\([^;]*\bsignal\b": ("signals of listeners", 90),
    r"\bURL\.(canParse|parse)\(": ("URL.canParse", 120),
    r"\bResponse\.json\(": ("Response.json", 105),
    r"\.(showPicker|showPopover|hidePopover|togglePopover)\(": ("showPicker", 99),
    r"\bstartViewTransition\(": ("view transitions", 111),
    r"\.(checkVisibility|moveBefore|setHTML|setHTMLUnsafe|getHTML)\(": ("checkVisibility", 105),
    r"\bscheduler\.|\bnavigation\.": ("scheduler and navigation", 94),
    r"\bscrollend\b|\bbeforematch\b|\bbeforetoggle\b": ("newer events", 102),
    r"\.inert\b|\.ariaNotify\(": ("inert", 102),
    r"\badoptedStyleSheets\.push\(|\bElementInternals\b": ("adopted style sheets", 99),
    r"\bCSS\.(registerProperty|highlights)\b|\bnew Highlight\(": ("highlights", 105),
    r"\bUserActivation\b|\.userActivation\b": ("user activation", 90),
    r"\bshow(Open|Save)FilePicker\(|\bgetAsFileSystemHandle\(": ("file pickers", 87),
}  # fmt: skip
"""Newer features by the pattern of their use."""

MARKUP = {
    r"\sinert\b": ("inert", 102),
    r"\spopover\b|\spopovertarget=": ("popover", 114),
    r'hidden="until-found"': ("hidden=until-found", 102),
    r"<search\b": ("search", 118),
    r"<details[^>]*\sname=": ("details in groups", 120),
    r"\sfetchpriority=|\sblocking=": ("fetchpriority", 102),
    r"\scommandfor=": ("commands", 135),
    r"<selectedcontent\b": ("selects with markup", 135),
}

PROPERTIES = _words(
    """
    -webkit-appearance -webkit-text-size-adjust align-content align-items align-self animation
    background background-color background-position border border-bottom border-bottom-color
    border-collapse border-color
    border-left border-left-color border-radius border-right border-top bottom box-shadow box-sizing
    clear clip color content cursor display flex flex-basis flex-direction flex-wrap float font
    font-size font-variant-numeric font-weight gap grid-area grid-column grid-column-start grid-row
    grid-template-columns grid-template-rows height justify-content left letter-spacing line-height
    list-style margin margin-bottom margin-left margin-right margin-top max-height max-width
    min-height min-width object-fit opacity order outline outline-offset overflow overflow-wrap
    overflow-x padding padding-bottom padding-left padding-right padding-top pointer-events position
    resize right scroll-padding-top text-align text-decoration text-decoration-color text-indent
    text-overflow top transform transition vertical-align visibility white-space width word-break
    z-index
    """
)
"""Properties that Chromium 86 has; `gap` in flex containers came with 84, overflow-wrap's
`anywhere` with 80.
"""
DECORATION = {"accent-color": 93, "text-underline-offset": 87}
"""Newer properties without which a page only looks somewhat different."""
SELECTORS = _words(
    """
    ::after ::before ::placeholder ::-webkit-progress-bar ::-webkit-progress-value :active :checked
    :disabled :empty :enabled :first-child :focus :focus-visible :focus-within :hover :last-child
    :not :nth-child :nth-of-type :root
    """
)
"""Pseudo-classes and pseudo-elements that Chromium 86 has; it is the first with :focus-visible."""
NEWER_SELECTOR = re.compile(r":(has|is|where|not\([^)]*,)\(?|:user-(in)?valid|:modal|:open\b")
"""As strings in scripts: :is and :where came with 88, :has with 105."""
FUNCTIONS = _words(
    "attr calc clamp fit-content linear-gradient max min minmax rect repeat rgb rgba rotate scale "
    "translate url var"
)
UNITS = _words("ch deg em fr ms px rem s vh vmax vmin vw")
AT_RULES = _words("font-face keyframes media supports")
KEYWORDS = {"subgrid": 117, "clip": 90, "pretty": 117, "balance": 114}
"""Newer keywords of older properties."""


def _without_comments_and_strings(script: str) -> str:
    """Return code only; what is inside of a template stays, for it may be code."""
    noise = r"/\*.*?\*/|(?<!:)//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(noise, '""', script, flags=re.DOTALL)


@pytest.mark.parametrize(
    "script", sorted((WEB / "static").glob("*.js")), ids=lambda path: path.name
)
def test_scripts_use_nothing_newer(script: Path) -> None:
    text = _without_comments_and_strings(script.read_text(encoding="utf-8"))
    found = [why for pattern, why in SCRIPT.items() if re.search(pattern, text, re.MULTILINE)]
    assert found == []
    assert not NEWER_SELECTOR.search(script.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", sorted((WEB / "pages").glob("*.html")), ids=lambda path: path.name)
def test_markup_uses_nothing_newer(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [why for pattern, why in MARKUP.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    "sheet", sorted((WEB / "static").glob("*.css")), ids=lambda path: path.name
)
def test_styles_use_nothing_newer_or_unknown_except_where_it_is_asked_for(sheet: Path) -> None:
    assert list(_newer(_parsed(sheet.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "style",
    [
        "a { inset: 0 }",
        "a { aspect-ratio: 1 }",
        "a:has(b) { color: red }",
        "a:not(.b, .c) { color: red }",
        "a { & b { color: red } }",
        "a { width: 100dvh }",
        "a { color: color-mix(in srgb, red, blue) }",
        "a { grid-template-rows: subgrid }",
        "@media (width < 3rem) { a { color: red } }",
        "@layer a { b { color: red } }",
        "@media print { a { rotate: 3deg } }",
    ],
)
def test_newer_styles_are_seen(style: str) -> None:
    assert list(_newer(_parsed(style)))
    assert not list(_newer(_parsed(f"@supports (x: y) {{ {style} }}")))


@pytest.mark.parametrize(
    "script",
    ["[1].at(-1);", "structuredClone(a);", "class A { static { b(); } }", "await load();",
     "new Error(a, { cause: b });", 'import a from "b" with { type: "json" };'],
)  # fmt: skip
def test_newer_scripts_are_seen(script: str) -> None:
    text = _without_comments_and_strings(script)
    assert any(re.search(pattern, text, re.MULTILINE) for pattern in SCRIPT)
    assert not _without_comments_and_strings(f"/* {script} */").strip('"')


def _parsed(style: str) -> Any:
    return tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)


def _newer(rules: Any) -> Iterator[str]:
    """Yield what Chromium 86 does not know; rules for which @supports asks are left out."""
    for rule in rules:
        if rule.type == "error":
            yield rule.message
        elif rule.type == "at-rule" and rule.lower_at_keyword != "supports":
            yield from _newer_in_at_rule(rule)
        elif rule.type == "qualified-rule":
            yield from _newer_in_selector(tinycss2.serialize(rule.prelude))
            parts = tinycss2.parse_blocks_contents(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            yield from (f"nesting {part.type}" for part in parts if part.type != "declaration")
            for part in parts:
                if part.type == "declaration":
                    yield from _newer_in_declaration(part)


def _newer_in_at_rule(rule: Any) -> Iterator[str]:
    condition = tinycss2.serialize(rule.prelude)
    if rule.lower_at_keyword not in AT_RULES:
        yield f"@{rule.lower_at_keyword}"
    if re.search(r"[<>=]", condition):
        yield f"range {condition}"
    if rule.content is not None:
        yield from _newer(
            tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        )


def _newer_in_selector(selector: str) -> Iterator[str]:
    yield from (each for each in re.findall(r"::?[\w-]+", selector) if each not in SELECTORS)
    if re.search(r":not\([^)]*,|&", selector):
        yield selector


def _newer_in_declaration(declaration: Any) -> Iterator[str]:
    name = declaration.lower_name
    if not (name.startswith("--") or name in PROPERTIES or name in DECORATION):
        yield name
    yield from _newer_in_value(declaration.value)


def _newer_in_value(value: Any) -> Iterator[str]:
    for each in value:
        if each.type == "function":
            if each.lower_name not in FUNCTIONS:
                yield f"{each.lower_name}()"
            yield from _newer_in_value(each.arguments)
        elif each.type == "dimension" and each.lower_unit not in UNITS:
            yield each.lower_unit
        elif each.type == "ident" and each.lower_value in KEYWORDS:
            yield each.value
