"""Draws the rooms of sjs_forms and who imports whom into docs/architecture.md.

    python scripts/draw_rooms.py [--check]

Layers are read from pyproject.toml, imports from the code. `--check` writes nothing and fails where
the picture is not the one that stands there.
"""

import ast
import sys
import tomllib
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sjs_forms"
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- rooms: drawn by scripts/draw_rooms.py -->\n```\n", "```\n<!-- end of rooms -->"
WIDTH = 96
HOLDS = {
    "cli": "parses, calls, presents",
    "web": "the same in a browser",
    "batch": "many applications",
    "jobs": "check, fill, plan, build, import …",
    "printing": "print shop",
    "portal": "在线申报.zip",
    "stamped": "signed scans",
    "word_import": "from Word",
    "reading": "papers read",
    "volume": "planned, written, verified",
    "typesetting": "Word and HTML pages",
    "intake": "a clean PDF and facts",
    "pdf": "objects, pictures, drawing",
    "domain": "notice, answers, files, rules",
    "base": "errors, findings, output folder",
}


def layers() -> list[list[str]]:
    """The rooms from top to bottom, those of one layer together."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    found = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [layer.split(" | ") for layer in found if layer != "__main__"]


def imported_rooms(room: str) -> set[str]:
    """The rooms that any module of a room imports from."""
    found = set()
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
            elif isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            else:
                continue
            steps = [name.split(".") for name in names]
            found |= {one[1] for one in steps if one[0] == PACKAGE.name and len(one) > 1}
    return {one for one in found if (PACKAGE / one).is_dir()} - {room}


def picture() -> str:
    """Layers as rows of boxes; under them, the rooms that each room imports from."""
    rows, order = [], [room for layer in layers() for room in layer]
    for layer in layers():
        inside = (WIDTH - len(layer) + 1) // len(layer) - 2
        parts = [_lines(room, inside - 2) for room in layer]
        deep = max(map(len, parts))
        boxes = [
            _box(room, [*told, *[""] * (deep - len(told))], inside)
            for room, told in zip(layer, parts, strict=True)
        ]
        rows += [" ".join(parts) for parts in zip(*boxes, strict=True)]
    longest = max(map(len, order))
    rows.append("")
    for room in order:
        used = [other for other in order if other in imported_rooms(room)]
        rows.append(f"{room:>{longest}} → {' '.join(used) or '–'}")
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _box(room: str, parts: list[str], inside: int) -> list[str]:
    name = f" {room} "
    return [
        f"┌─{name}{'─' * (inside - len(name) - 1)}┐",
        f"│{_filled(f' {HOLDS[room]}', inside)}│",
        *(f"│{_filled(f' {line}', inside)}│" for line in parts),
        f"└{'─' * inside}┘",
    ]


def _lines(room: str, width: int) -> list[str]:
    """The packages within a room, in as many lines as they need."""
    told: list[str] = []
    for part in sorted(one.parent.name for one in (PACKAGE / room).glob("*/__init__.py")):
        if told and len(f"{told[-1]} {part}/") <= width:
            told[-1] = f"{told[-1]} {part}/"
        else:
            told.append(f"{part}/")
    return told


def _filled(text: str, width: int) -> str:
    wide = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (width - wide)


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(START)
    standing, after = rest.split(END)
    drawn = picture()
    if "--check" in sys.argv:
        sys.exit(0 if drawn == standing else "docs/architecture.md: the picture is out of date")
    PAGE.write_text(f"{before}{START}{drawn}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
