"""LibreOffice is found where it is, also if it was installed a moment ago."""

import subprocess
import sys
from pathlib import Path

import pytest

ASKS_TWICE = """
import os, sys
from sjs_forms.intake.office.libreoffice import installed_office
installed_office.USUAL_PLACES = ()
os.environ["PATH"] = ""
print(installed_office.soffice())
os.environ["PATH"] = sys.argv[1]
print(installed_office.soffice())
os.environ["PATH"] = ""
print(installed_office.soffice())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the registry says where it is")
def test_a_program_that_is_installed_while_a_page_is_open_is_found(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    command = [sys.executable, "-c", ASKS_TWICE, str(tmp_path)]
    told = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert told.splitlines() == ["None", str(program), str(program)]
