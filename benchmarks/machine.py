"""On what it was measured: cores, memory, versions."""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from benchmarks import routes
from sjs_forms import __version__

_PACKAGES = ("weasyprint", "pypdf", "pikepdf", "pypdfium2", "docxtpl", "typst")


def machine() -> dict[str, str]:
    """Facts by name; a route that is not installed is named so."""
    facts = {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": str(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        ),
        "memory": _memory(),
        "Python": platform.python_version(),
        "sjs_forms": __version__,
    }
    facts |= {name: _package(name) for name in _PACKAGES}
    return facts | {
        "LibreOffice": _program("soffice", "--version"),
        "Chromium": _program("chromium", "--version"),
        "qpdf": _program("qpdf", "--version"),
    }


def _package(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _program(name: str, asking: str) -> str:
    found = routes.program(name)
    if found is None:
        return "not installed"
    told = subprocess.run([found, asking], capture_output=True, text=True, check=False).stdout
    words = told.split("\n")[0].split()
    return next((word for word in words if word[:1].isdigit()), "unknown")


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if not known.is_file():
        return platform.processor() or "unknown"
    named = [
        line
        for line in known.read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return named[0].split(":", 1)[1].strip() if named else platform.processor() or "unknown"


def _memory() -> str:
    import psutil

    return f"{psutil.virtual_memory().total / 2**30:.0f} GiB"
