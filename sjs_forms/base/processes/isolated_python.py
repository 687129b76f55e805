"""Starts Python processes with this one's import path, without the current folder.

The command is run in an applicant's folder, where a `json.py` must not be imported, nor a `soffice`
run. Only modules
loaded at Python's start are imported here: before the path is cleaned, even `pathlib` might be an
applicant's.
"""

import os
import sys

_BASE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120
_PACKAGE = os.path.dirname(_BASE)  # noqa: PTH120
_HOME = os.path.dirname(_PACKAGE)  # noqa: PTH120
"""The folder from which this package was imported."""
TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
"""Environment variables for the temporary folder, in the order in which Python reads them."""


def trust_no_current_folder() -> None:
    """Import nothing from the current folder and run no program in it, nor let children do so.

    For a process's entry point, before other imports. This process has obeyed PYTHONPATH and
    similar variables, as its user wanted; children get the resulting `sys.path`.
    """
    sys.path[:] = trusted_path()
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        del os.environ[name]
    os.environ["PYTHONSAFEPATH"] = "1"  # multiprocessing starts its children by `python -c`
    os.environ["PATH"] = trusted_programs(os.environ.get("PATH", os.defpath))
    os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"] = "1"  # of Windows, before PATH


def trusted_programs(path: str) -> str:
    """Return a PATH without its relative entries; an empty one is the current folder too."""
    entries = path.split(os.pathsep)
    return os.pathsep.join(each for each in entries if os.path.isabs(each.strip('"')))  # noqa: PTH117


def trusted_path() -> list[str]:
    """Return `sys.path` without the current folder, unless this package is in it."""
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
    """Return the command for a Python that runs `code` with this process's import path.

    Isolated (`-I`): no Python variables, no current folder. Start it in `working_folder()`.
    """
    flags = ["-B"] if sys.dont_write_bytecode else []
    if sys.flags.utf8_mode:
        flags += ["-X", "utf8"]
    start = f"import sys; sys.path[:] = {trusted_path()!r}; {code}"
    return [sys.executable, "-I", *flags, "-c", start]


def temporary_variables(folder: object) -> dict[str, str]:
    """Return the environment variables that make a process use `folder` for temporary files."""
    return dict.fromkeys(TEMPORARY_VARIABLES, str(folder))


def working_folder() -> str:
    """Return the current folder for children, whatever the parent's: that of this package."""
    return _PACKAGE
