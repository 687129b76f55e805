"""WeasyPrint loaded without searches of the system, and at work undisturbed."""

import ctypes.util
import subprocess
import sys
from pathlib import Path

import pytest

from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting import html_pages
from sjs_forms.typesetting.windows_libraries import bundled_folder, finder
from tests.counting import HANGS


@pytest.fixture
def programme() -> Programme:
    return load_programme(installed_programmes()[0])


def _in_a_fresh_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=HANGS
    )
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux searches by starting programs")
def test_loading_starts_no_other_program() -> None:
    code = (
        "import sys\n"
        "started = []\n"
        "sys.addaudithook(lambda event, told: started.append(told[0])"
        " if event == 'subprocess.Popen' else None)\n"
        "from sjs_forms.typesetting.weasyprint_loader import load_weasyprint\n"
        "load_weasyprint()\n"
        "print(started)\n"
    )
    assert _in_a_fresh_process(code) == "[]\n"


def test_the_search_for_libraries_is_as_it_was_afterwards() -> None:
    search = ctypes.util.find_library
    from sjs_forms.typesetting.weasyprint_loader import load_weasyprint

    load_weasyprint()
    assert ctypes.util.find_library is search


def test_where_no_library_is_known_by_name_it_is_searched_for() -> None:
    code = (
        "import cffi, ctypes.util\n"
        "real, search = cffi.FFI.dlopen, ctypes.util.find_library\n"
        "def dlopen(self, name, flags=0):\n"
        "    if ctypes.util.find_library is not search:\n"
        "        raise OSError(name)\n"
        "    return real(self, name, flags)\n"
        "cffi.FFI.dlopen = dlopen\n"
        "from sjs_forms.typesetting.weasyprint_loader import load_weasyprint\n"
        "print(load_weasyprint().__name__)\n"
    )
    assert _in_a_fresh_process(code) == "weasyprint\n"


def test_without_libraries_it_says_what_to_install_and_prints_no_result() -> None:
    code = (
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(name)\n"
        "cffi.FFI.dlopen = dlopen\n"
        "from sjs_forms.base.errors import MachineLacks\n"
        "from sjs_forms.typesetting.weasyprint_loader import load_weasyprint\n"
        "try:\n"
        "    load_weasyprint()\n"
        "except MachineLacks as problem:\n"
        "    print(problem.remedy)\n"
    )
    told = _in_a_fresh_process(code)
    assert told.startswith("Debian/Ubuntu：sudo apt-get install libpango") and "\n" not in told[:-1]


WINDOWS_LIBRARIES = {
    "gobject-2.0-0": "libgobject-2.0.so.0",
    "pango-1.0-0": "libpango-1.0.so.0",
    "harfbuzz": "libharfbuzz.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
    "fontconfig-1": "libfontconfig.so.1",
    "pangoft2-1.0-0": "libpangoft2-1.0.so.0",
}
"""The DLLs of gstreamer-libs that WeasyPrint loads, and the same in Linux."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "layout_libraries" / "bin"
    folder.mkdir(parents=True)
    for name in (*WINDOWS_LIBRARIES, "glib-2.0-0"):
        (folder / f"{name}.dll").touch()
    return folder


def test_the_libraries_of_the_windows_package_are_found_where_it_is_installed(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(package.parents[1])
    assert bundled_folder("layout_libraries") == package
    assert bundled_folder("no_such_libraries") is None
    find = finder(package)
    assert find("glib-2.0-0") == find("glib-2.0-0.dll") == str(package / "glib-2.0-0.dll")
    assert find("c") is None


@pytest.mark.skipif(sys.platform != "linux", reason="the DLLs are represented by Linux' libraries")
def test_weasyprint_asks_for_each_by_a_name_that_the_windows_package_has(package: Path) -> None:
    code = (
        "import cffi, os, sys\n"
        "from pathlib import Path\n"
        "from sjs_forms.typesetting.windows_libraries import dll_folder, finder\n"
        f"package, linux = Path({str(package)!r}), {WINDOWS_LIBRARIES!r}\n"
        "real, find, found = cffi.FFI.dlopen, finder(package), []\n"
        "def dlopen(self, name, flags=0):\n"
        "    path = None if name in linux.values() else find(name)\n"
        "    if path is None:\n"
        "        raise OSError(name)\n"
        "    found.append(Path(path).stem)\n"
        "    return real(self, linux[found[-1]], flags)\n"
        "cffi.FFI.dlopen = dlopen\n"
        "with dll_folder(package):\n"
        "    assert os.environ['WEASYPRINT_DLL_DIRECTORIES'] == str(package)\n"
        "    import weasyprint\n"
        "assert 'WEASYPRINT_DLL_DIRECTORIES' not in os.environ\n"
        "print(*sorted(found))\n"
    )
    assert _in_a_fresh_process(code).split() == sorted(WINDOWS_LIBRARIES)


def test_fonts_are_compressed_once_and_read_back(programme: Programme, tmp_path: Path) -> None:
    import pikepdf

    html = '<link rel="stylesheet" href="pages/pages.css"><p class="divider-title">样例</p>'
    place = tmp_path / "page.pdf"
    place.write_bytes(html_pages.paint(html_pages.lay_out(programme.templates, html)))
    with pikepdf.open(place) as pdf:
        fonts = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream)
            and thing.read_bytes()[:4] in (b"OTTO", b"\0\1\0\0")
        ]
        assert fonts and all(font.Filter == "/FlateDecode" for font in fonts)


def test_loading_it_changes_nothing_of_how_pictures_are_read() -> None:
    """WeasyPrint has Pillow take pictures that are cut short for whole, in the whole process."""
    from PIL import ImageFile

    from sjs_forms.typesetting.weasyprint_loader import load_weasyprint

    load_weasyprint.__wrapped__()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
