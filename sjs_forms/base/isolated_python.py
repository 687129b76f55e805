"""Python processes that import from where this one does, and never from where it happens to stand.

People run the command in an applicant's folder, and a `json.py` that lies there must stay a file.
Only what Python has loaded at its start is imported here: until the path is clean, even `pathlib`
might be an applicant's.
"""

import os
import sys

_PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120
_HOME = os.path.dirname(_PACKAGE)  # noqa: PTH120
"""Where this package was found."""
TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
"""By which systems are told where temporary files lie, in the order that Python asks."""


def trust_no_current_folder() -> None:
    """Import nothing from the current folder, here or in any Python started from here.

    For a process's entry, before other imports. Python's own variables (PYTHONPATH …) were obeyed
    by this process, as its user asked; children get what they need of that by `sys.path`.
    """
    sys.path[:] = trusted_path()
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        del os.environ[name]
    os.environ["PYTHONSAFEPATH"] = "1"  # multiprocessing starts its children by `python -c`


def trusted_path() -> list[str]:
    """`sys.path` without the current folder, unless this package lies there."""
    try:
        here = os.path.realpath(os.getcwd())  # noqa: PTH109
    except OSError:  # the current folder was removed
        here = ""
    found = [_HOME] if here == _HOME else []
    found += [path for path in sys.path if os.path.isabs(path) and os.path.realpath(path) != here]  # noqa: PTH117
    if _HOME not in found:
        found.insert(0, _HOME)
    return list(dict.fromkeys(found))


def python_command(code: str) -> list[str]:
    """How to start a Python that runs `code` and finds the modules that this one finds.

    Isolated (`-I`): no variable of Python's, no current folder. Start it in `working_folder()`.
    """
    flags = ["-B"] if sys.dont_write_bytecode else []
    if sys.flags.utf8_mode:
        flags += ["-X", "utf8"]
    start = f"import sys; sys.path[:] = {trusted_path()!r}; {code}"
    return [sys.executable, "-I", *flags, "-c", start]


def temporary_variables(folder: object) -> dict[str, str]:
    """The variables of the environment that have a process make its temporary files in `folder`."""
    return dict.fromkeys(TEMPORARY_VARIABLES, str(folder))


def working_folder() -> str:
    """Where children stand, whatever the folder of their parent: that of this package."""
    return _PACKAGE
