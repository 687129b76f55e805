"""LibreOffice on Windows: where it is found, and what it is told."""

import xml.etree.ElementTree as ET
from pathlib import Path

from sjs_forms.intake.office.libreoffice.installed_office import windows_places
from sjs_forms.intake.office.libreoffice.libreoffice_profile import (
    windows_environment,
    write_settings,
)

REGISTRY = "{http://openoffice.org/2001/registry}"


def test_the_registry_is_asked_first_and_the_current_folder_never() -> None:
    environment = {
        "PROGRAMFILES": r"C:\Program Files",
        "PATH": r'.;;soft;"D:\工具";\\server\bin;C:\x',
    }
    assert windows_places([r'"E:\LO\program\soffice.exe"'], environment) == [
        r"E:\LO\program\soffice.exe",
        r"C:\Program Files\LibreOffice\program\soffice.exe",
        r"D:\工具\soffice.exe",
        r"\\server\bin\soffice.exe",
        r"C:\x\soffice.exe",
    ]


def test_it_sees_no_folder_of_the_user() -> None:
    given = {"PATH": "C:\\", "SYSTEMROOT": "C:\\Windows", "USERPROFILE": "C:\\U", "SECRET": "x"}
    found = windows_environment(Path("D:/home"), given)
    assert found["PATH"] == "C:\\" and "SECRET" not in found
    assert {found[name] for name in ("USERPROFILE", "APPDATA", "TEMP", "HOME")} == {"D:/home"}


def test_fonts_that_windows_lacks_are_replaced_by_those_it_has(tmp_path: Path) -> None:
    for platform in ("linux", "win32"):
        write_settings(tmp_path / platform, platform)
    settings = "profile/user/registrymodifications.xcu"
    assert "Substitution" not in (tmp_path / "linux" / settings).read_text(encoding="utf-8")
    tree = ET.parse(tmp_path / "win32" / settings)
    pairs = {
        node.find(f"prop[@{REGISTRY}name='ReplaceFont']/value").text: node.find(  # type: ignore[union-attr]
            f"prop[@{REGISTRY}name='SubstituteFont']/value"
        ).text  # type: ignore[union-attr]
        for node in tree.iter("node")
    }
    assert pairs["仿宋_GB2312"] == "FangSong" and pairs["方正小标宋简体"] == "SimSun"
