"""A notice whose form takes for ever to lay out, for one applicant."""

import shutil
from pathlib import Path

from sjs_forms.base.resources import fonts_folder
from tests.samples import the_programme

ENDLESS = "endless-2026"
"""Its id."""

BOXES = '<div style="display: flex"><div>' * 30 + "</div></div>" * 30
"""Boxes in boxes, each of which the library measures once more for each around it."""


def make_endless_notice(folder: Path, applicant: str) -> Path:
    """Make the folder of the notice in a folder of notices; return the latter."""
    notice = folder / ENDLESS
    shutil.copytree(the_programme().folder, notice)
    (folder / "fonts").symlink_to(fonts_folder())  # its style sheets name them by their place
    edit(notice / "programme.toml", f'"{the_programme().id}"', f'"{ENDLESS}"')
    boxes = f"{{% if pledger.name == '{applicant}' %}}{BOXES}{{% endif %}}"
    edit(notice / "forms/commitment.html", "</body>", f"{boxes}</body>")
    return folder


def make_for_it(application: Path) -> None:
    """Make an application one for this notice."""
    edit(application / "application.json", "{", f'{{"programme": "{ENDLESS}",')


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
