"""What doctor advises."""

import pytest

from sjs_forms.jobs import doctor
from sjs_forms.typesetting.weasyprint_loader import no_pango

_NOT_ON_WINDOWS = ("Debian", "Ubuntu", "apt", "brew", "sudo", "Linux", "bubblewrap", "TMPDIR")


def test_on_windows_no_remedy_names_what_is_of_another_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also with everything optional missing, each remedy is one for a Windows user."""
    monkeypatch.setattr(doctor, "soffice", lambda: None)
    monkeypatch.setattr(doctor, "means", lambda: None)
    monkeypatch.setattr(doctor, "worker_means", tuple)
    remedies = [found.remedy for found in doctor.examine("win32")]
    remedies.append(no_pango("win32").remedy)
    assert any("libreoffice.org" in remedy for remedy in remedies)
    assert any("安装程序" in remedy for remedy in remedies)
    for remedy in remedies:
        assert not [word for word in _NOT_ON_WINDOWS if word in remedy], remedy


def test_on_linux_remedies_name_the_command() -> None:
    """What is installed by a command is named with it."""
    remedies = [found.remedy for found in doctor.examine("linux")]
    assert any("apt-get install libreoffice" in remedy for remedy in remedies)
    assert "apt-get install libpango" in no_pango("linux").remedy
