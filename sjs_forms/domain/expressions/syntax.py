"""Parses the text of an expression into a tree.

or      := and ("or" and)*          and  := not ("and" not)*
not     := "not" not | compare      compare := sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?
sum     := product (("+" | "-") product)*
product := unary (("*" | "/") unary)*
unary   := "-" unary | atom
atom    := number | 'text' | 2025-03-01 | path | function "(" or ("," or)* ")" | "(" or ")"
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MAX_CHARACTERS = 2_000
"""Limit on an expression; it limits the nesting too."""
_DEEPEST = 50

_TOKEN = re.compile(
    r"\s*(?:(?P<day>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?)|'(?P<text>[^']*)'"
    r"|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<mark><=|>=|==|!=|[-+*/<>(),]))"
)
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class BadExpression(ValueError):
    """Raised for an invalid expression; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal number, text or date."""

    value: Decimal | str | date


@dataclass(frozen=True, slots=True)
class Path:
    """The answer at a place, or a column of rows: `platform.total_area_sqm`."""

    steps: tuple[str, ...]

    def __str__(self) -> str:
        """Return the path as it is written."""
        return ".".join(self.steps)


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function with its arguments."""

    name: str
    arguments: tuple["Node", ...]


Node = Literal | Path | Call


def parse(text: str) -> Node:
    """Return the tree of an expression. Raises BadExpression."""
    if len(text) > MAX_CHARACTERS:
        raise BadExpression(f"超过 {MAX_CHARACTERS} 个字符")
    reader = _Reader(list(_tokens(text)))
    node = reader.either()
    if reader.next:
        raise BadExpression(f"“{reader.next[1]}”处多了内容")
    return node


_Token = tuple[str, str]


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise BadExpression(f"不认识“{text[at:].strip()[:10]}”")
        kind = match.lastgroup or ""
        yield kind, match[kind]
        at = match.end()


class _Reader:
    """A recursive-descent parser over the remaining tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def takes(self, *words: str) -> str | None:
        """Take and return the next token if it is one of these words or marks."""
        token = self.next
        if token and token[0] in ("name", "mark") and token[1] in words:
            self.at += 1
            return token[1]
        return None

    def expects(self, mark: str) -> None:
        if not self.takes(mark):
            here = f"“{self.next[1]}”之前" if self.next else "末尾"
            raise BadExpression(f"{here}缺少“{mark}”")

    def either(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadExpression("嵌套过深")
        node = self._chain(self._both, ("or",))
        self.depth -= 1
        return node

    def _both(self) -> Node:
        return self._chain(self._negated, ("and",))

    def _negated(self) -> Node:
        count = 0
        while self.takes("not"):
            count += 1
        node = self._compared()
        return Call("not", (node,)) if count % 2 else node

    def _compared(self) -> Node:
        node = self._sum()
        mark = self.takes(*_COMPARISONS)
        if mark is None:
            return node
        node = Call(mark, (node, self._sum()))
        if self.takes(*_COMPARISONS):
            raise BadExpression("不能连写比较，请用 and 分开")
        return node

    def _sum(self) -> Node:
        return self._chain(self._product, ("+", "-"))

    def _product(self) -> Node:
        return self._chain(self._unary, ("*", "/"))

    def _chain(self, inner: Callable[[], Node], marks: tuple[str, ...]) -> Node:

        node = inner()
        while mark := self.takes(*marks):
            node = Call(mark, (node, inner()))
        return node

    def _unary(self) -> Node:
        count = 0
        while self.takes("-"):
            count += 1
        node = self._atom()
        return Call("negative", (node,)) if count % 2 else node

    def _atom(self) -> Node:
        if self.takes("("):
            node = self.either()
            self.expects(")")
            return node
        token = self.next
        if token is None:
            raise BadExpression("没有写完")
        self.at += 1
        kind, text = token
        match kind:
            case "number":
                return Literal(Decimal(text))
            case "text":
                return Literal(text)
            case "day":
                return _day(text)
            case "name" if text not in ("and", "or", "not"):
                return self._called(text) if self.takes("(") else Path(tuple(text.split(".")))
        raise BadExpression(f"“{text}”处缺少内容")

    def _called(self, name: str) -> Node:
        arguments = []
        if not self.takes(")"):
            arguments.append(self.either())
            while self.takes(","):
                arguments.append(self.either())
            self.expects(")")
        return Call(name, tuple(arguments))


def _day(text: str) -> Literal:
    try:
        return Literal(date.fromisoformat(text))
    except ValueError:
        raise BadExpression(f"没有 {text} 这一天") from None


def parse_text(text: str) -> tuple["str | Node", ...]:
    """Parse a text with expressions between { and }. Returns the parts; raises BadExpression."""
    parts: list[str | Node] = []
    for index, piece in enumerate(re.split(r"\{([^{}]*)\}", text)):
        if index % 2:
            parts.append(parse(piece))
        elif "{" in piece or "}" in piece:
            raise BadExpression("花括号没有成对")
        elif piece:
            parts.append(piece)
    return tuple(parts)
