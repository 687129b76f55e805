"""Finds which of several choices a text names, and whether their boxes are ticked or empty."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

TICKED_MARKS = "√✓✔☑✅■●◼⬛▣◉🗹🗵"
"""A tick, and boxes that are ticked or filled."""
EMPTY_MARKS = "☐□▢◻⬜○◯❏❐❑❒"
"""Boxes that are empty."""
_ON, _OFF = TICKED_MARKS, f"×✗✘{EMPTY_MARKS}"
_EITHER = "☒⊠"
"""Word's ticked box and a crossed-out one, which cannot be told apart."""

_MARK = rf"[{_ON}{_OFF}{_EITHER}]|[(\[【][{_ON}{_OFF}]?[)\]】]"
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_DOUBT = re.compile("[?不非未无没否待或]")
"""Characters beside a choice that may negate it."""


@dataclass(frozen=True, slots=True)
class Named:
    """The choices named in a text, in its order, and the remaining text.

    `ticked` says for each whether its box is ticked (True), empty or crossed out (False), or
    missing (None). `beside` is the other text, in pieces as it is between the choices.
    """

    ticked: Mapping[str, bool | None]
    beside: tuple[str, ...]

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ticked choices; if none has a box, all that are named."""
        if any(mark is not None for mark in self.ticked.values()):
            return tuple(choice for choice, mark in self.ticked.items() if mark)
        return tuple(self.ticked)

    @property
    def doubtful(self) -> bool:
        """Whether other words may negate what is named."""
        return any(_DOUBT.search(text) for text in self.beside)


def named_choices(names: Mapping[str, Sequence[str]], text: str) -> Named | None:
    """Return the choices that `text` names, by any of their `names`.

    Boxes must precede all choices or follow all. Returns None if it is unclear which box belongs to
    which choice, or if a choice is marked both ways or named twice.
    """
    tokens = list(_tokens(names, text))
    kinds = [kind for kind, _ in tokens]
    if "choice" not in kinds:
        return Named({}, tuple(said for kind, said in tokens if kind != "mark"))
    first = kinds.index("choice")
    if "mark" in kinds[:first]:
        return _marked(tokens)
    if kinds[0] == "choice" and kinds[-1] == "mark":
        return _marked(tokens[::-1])
    return None if "mark" in kinds else _marked(tokens)


_Token = tuple[str, str]
"""A kind (`choice`, `mark` or `text`), and the choice's id, the mark or the text."""


def _marked(tokens: Sequence[_Token]) -> Named | None:
    """Return choices with the marks before them. `tokens` are reversed if marks follow."""
    ticked: dict[str, bool | None] = {}
    beside: list[str] = []
    waiting: list[str] = []
    for kind, said in tokens:
        if kind == "mark":
            waiting.append(said)
            continue
        mark = _mark_of(waiting)
        if kind == "text":
            if any(len(one) == 1 for one in waiting):  # brackets may be a blank to fill in
                return None
            beside.append(said)
        elif said in ticked or (waiting and mark is None):
            return None
        else:
            ticked[said] = mark
        waiting = []
    return None if any(len(one) == 1 for one in waiting) else Named(ticked, tuple(beside))


def _mark_of(marks: Sequence[str]) -> bool | None:
    """Return whether the marks before a choice tick it; None for no marks or contradictory ones."""
    states = {_is_on(mark) for mark in marks}
    return states.pop() if len(states) == 1 else None


def _is_on(mark: str) -> bool | None:
    if any(one in _EITHER for one in mark):
        return None
    return any(one in _ON for one in mark)


def _tokens(names: Mapping[str, Sequence[str]], text: str) -> Iterator[_Token]:
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    ids = {
        _BLANKS.sub("", name).casefold(): choice
        for choice, written in names.items()
        for name in written
    }
    longest = sorted(ids, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"({'|'.join(map(re.escape, longest))})|({_MARK})")

    def parts() -> Iterator[_Token]:
        at = 0
        for match in pattern.finditer(plain):
            yield "text", plain[at : match.start()]
            yield ("choice", ids[match[1]]) if match[1] else ("mark", match[2])
            at = match.end()
        yield "text", plain[at:]

    return (token for token in parts() if token[1])


def bare_words(text: str) -> str:
    """Return the letters and digits of a text, full-width ones as half-width."""
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", text).casefold())
