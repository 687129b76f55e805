"""What each kind of process loads when it starts, because that is most of its start."""

import subprocess

import pytest

from sjs_forms.base.processes.isolated_python import python_command, working_folder


def loaded(code: str) -> frozenset[str]:
    """Return the top-level modules that a new process has loaded after it ran `code`."""
    shown = "print(' '.join({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        python_command(f"{code}; {shown}"),
        capture_output=True,
        check=True,
        cwd=working_folder(),
        text=True,
    )
    return frozenset(done.stdout.split())


@pytest.mark.parametrize(
    "entry", ["sjs_forms.intake.worker", "sjs_forms.typesetting.typesetting_process"]
)
def test_processes_that_know_no_notice_load_no_models(entry: str) -> None:
    assert not loaded(f"import {entry}") & {"pydantic", "openpyxl", "pypdf", "weasyprint", "docx"}


def test_filled_templates_are_read_without_the_modules_that_made_their_contexts() -> None:
    """They are pickled with plain values only (see FilledTemplate)."""
    code = (
        "import pickle; from dataclasses import dataclass; "
        "from sjs_forms.domain.notice.notice_templates import NoticeTemplates; "
        "from sjs_forms.typesetting.typesetter import FilledTemplate; "
        "from sjs_forms.volume.plan_views import ContentsRow; "
        "rows = (ContentsRow('a', 1, '1.1', '合同', 3),); "
        "page = FilledTemplate(NoticeTemplates('n', None, {}), 't', {'rows': rows}); "
        "assert b'plan_views' not in pickle.dumps(page); "
        "assert page.context['rows'][0]['title'] == '合同'"
    )
    assert loaded(code)


def test_openpyxl_is_loaded_without_numpy() -> None:
    pytest.importorskip("numpy")
    code = (
        "from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl; "
        "load_openpyxl().Workbook()"
    )
    assert "numpy" not in loaded(code)
    assert "numpy" in loaded(f"{code}; import numpy")


def test_rosters_are_read_without_what_fills_templates() -> None:
    assert not loaded("import sjs_forms.batch.batch_run") & {"jinja2", "docxtpl", "docx"}


def test_the_start_of_a_command_loads_no_notice() -> None:
    """Typesetting starts beside the loading of models, which takes as long."""
    code = "from sjs_forms.cli.commands.main_group import main; main.callback(None)"
    assert not loaded(code) & {"pydantic", "tomllib"}


def test_typesetting_loads_no_font_subsetter_that_it_does_not_use() -> None:
    """They take a third of the time in which WeasyPrint loads."""
    code = (
        "from sjs_forms.typesetting.weasyprint_loader import load_weasyprint; load_weasyprint(); "
        "import sys; assert not [each for each in sys.modules "
        "if each.startswith(('fontTools.subset', 'fontTools.varLib'))]"
    )
    assert "weasyprint" in loaded(code)


def test_what_weasyprint_seldom_uses_is_loaded_when_it_is_called() -> None:
    code = (
        "from sjs_forms.typesetting.weasyprint_loader import load_weasyprint; load_weasyprint(); "
        "from weasyprint.pdf.fonts import subset; assert subset.Options(hinting=False); "
        "import fontTools.subset, fontTools.varLib.instancer as own; "
        "assert type(own).__name__ == 'module'"
    )
    assert "weasyprint" in loaded(code)


def test_pypdf_is_loaded_without_fonttools() -> None:
    assert "fontTools" not in loaded("import sjs_forms.pdf.pypdf_names")
