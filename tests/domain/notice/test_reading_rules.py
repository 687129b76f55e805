"""What a notice wants compared on papers is checked when the notice is read."""

import shutil
from pathlib import Path

import pytest

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.resources import templates_folder
from sjs_forms.domain.installed_notices import read_notice
from tests.samples import is_chinese_sentence, the_programme


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of this year's notice with a change in programme.toml."""
    folder = tmp_path / the_programme().id
    shutil.copytree(templates_folder() / the_programme().id, folder)
    file = folder / "programme.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_this_year_s_notice_compares_the_papers_that_it_asks_for() -> None:
    rules = {rule.material: rule for rule in the_programme().reading}
    assert rules["licence"].answers["code"] == "applicant.uscc"
    assert rules["financials"].year == 2024
    assert rules["lease"].unit_price
    assert rules["bank-account"].sealed == ("bank",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "applicant.uscc"', 'code = "applicant.code"', "applicant.code"),
        ('[[reading]]\nmaterial = "lease"', '[[reading]]\nmaterial = "leases"', "leases"),
        ('papers = ["licence"]', 'papers = ["license"]', "licence"),
        ('lessee = "applicant.name"', 'tenant = "applicant.name"', "lessee"),
        ("unit_price = true", "unit_prices = true", "unit_prices"),
    ],
)
def test_a_mistake_in_it_is_told_to_the_author(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(SjsFormsError) as refused:
        read_notice(changed(tmp_path, old, new))
    assert said in refused.value.message
    assert "programme.toml" in refused.value.message
    assert is_chinese_sentence(refused.value.message)
