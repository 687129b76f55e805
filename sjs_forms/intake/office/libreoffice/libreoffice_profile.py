"""The settings, fonts and environment variables for LibreOffice."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from sjs_forms.base.resources import fonts_folder

_FAMILIES = {
    "FandolFang": (
        "仿宋_GB2312",
        "仿宋",
        "FangSong",
        "FangSong_GB2312",
        "STFangsong",
        "华文仿宋",
    ),
    "Noto Sans SC": (
        "黑体",
        "SimHei",
        "微软雅黑",
        "Microsoft YaHei",
        "等线",
        "DengXian",
        "华文黑体",
    ),
    "Noto Serif SC": (
        "宋体",
        "SimSun",
        "新宋体",
        "NSimSun",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "FZXiaoBiaoSong-B05S",
        "华文中宋",
        "STZhongsong",
        "楷体",
        "楷体_GB2312",
        "KaiTi",
    ),
    "DejaVu Sans": ("Segoe UI Symbol",),
}
_SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "2"},
    "/org.openoffice.Office.Common/Load": {"UpdateDocMode": "0"},
    "/org.openoffice.Office.Calc/Formula/Load": {"OOXMLRecalcMode": "1", "ODFRecalcMode": "1"},
    "/org.openoffice.Setup/L10N": {"ooSetupSystemLocale": "zh-CN"},
    "/org.openoffice.Setup/Office": {"OfficeRestartInProgress": "false"},
}
_TABLE = "/org.openoffice.Office.Common/Font/Substitution"
_WINDOWS_FONTS = {
    "FangSong": ("仿宋_GB2312", "FangSong_GB2312", "STFangsong", "华文仿宋"),
    "SimHei": ("华文黑体", "STHeiti"),
    "SimSun": (
        *("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S"),
        *("华文中宋", "STZhongsong"),
    ),
    "KaiTi": ("楷体_GB2312", "KaiTi_GB2312"),
}
"""Fonts of every Chinese Windows, for those that other machines have."""
_OF_WINDOWS = (
    *("PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "OS"),
    *("PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "COMMONPROGRAMFILES"),
    *("NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
)
_OF_THE_USER = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP")
_NOWHERE = "http://127.0.0.1:9"


def environment(home: Path) -> dict[str, str]:
    """Return the environment: our fonts first, its own home directory, no network access.

    On Windows it takes the fonts of the system; see `write_settings`.
    """
    found = windows_environment(home, os.environ) if sys.platform == "win32" else _on_posix(home)
    for name in ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"):
        found[name] = found[name.upper()] = _NOWHERE
    return found


def windows_environment(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that programs need on Windows, with `home` for all user folders."""
    found = {name: given[name] for name in _OF_WINDOWS if name in given}
    return found | dict.fromkeys(_OF_THE_USER, str(home))


def _on_posix(home: Path) -> dict[str, str]:
    kept = ("PATH", "TEMP", "TMP", "LD_LIBRARY_PATH")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    language = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    found |= {
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": language,
        "LC_ALL": language,
        "SAL_USE_VCLPLUGIN": "svp",
        "FONTCONFIG_FILE": str(_write_fonts(home)),
    }
    return found


def write_settings(home: Path, platform: str = sys.platform) -> None:
    """Write a profile that never runs macros and never loads linked content.

    On Windows, where LibreOffice does not use fontconfig, it also maps fonts that Office documents
    name, and that the machine may lack, to Windows' own fonts.
    """
    items = [
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    ]
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        + "\n".join([*items, *(_substitutions() if platform == "win32" else ())])
        + "\n</oor:items>\n",
        encoding="utf-8",
    )


def _substitutions() -> Iterator[str]:
    """Yield LibreOffice's table of replacements for missing fonts."""
    yield (
        f'<item oor:path="{_TABLE}"><prop oor:name="Replacement" oor:op="fuse">'
        "<value>true</value></prop></item>"
    )
    pairs = [(name, ours) for ours, names in _WINDOWS_FONTS.items() for name in names]
    for number, (name, ours) in enumerate(pairs):
        values = {
            "ReplaceFont": name,
            "SubstituteFont": ours,
            "Always": "true",
            "OnScreenOnly": "false",
        }
        properties = "".join(
            f'<prop oor:name="{key}" oor:op="fuse"><value>{escape(value)}</value></prop>'
            for key, value in values.items()
        )
        yield (
            f'<item oor:path="{_TABLE}/FontPairs"><node oor:name="_{number}" oor:op="replace">'
            f"{properties}</node></item>"
        )


def _write_fonts(home: Path) -> Path:
    """Write a fontconfig file: our fonts, then the system's, and aliases for Office font names."""
    aliases = [
        '<match target="pattern"><test name="family" compare="eq">'
        f"<string>{escape(name)}</string></test>"
        '<edit name="family" mode="assign" binding="strong">'
        f"<string>{ours}</string><string>Noto Serif SC</string>"
        "<string>Noto Serif SC Rare</string></edit></match>"
        for ours, names in _FAMILIES.items()
        for name in names
    ]
    target = home / "fonts.conf"
    target.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"<dir>{escape(str(fonts_folder()))}</dir>\n"
        "<dir>/usr/share/fonts</dir>\n<dir>/usr/local/share/fonts</dir>\n"
        f"<cachedir>{escape(str(home / 'fontcache'))}</cachedir>\n"
        + "\n".join(aliases)
        + "\n</fontconfig>\n",
        encoding="utf-8",
    )
    return target
