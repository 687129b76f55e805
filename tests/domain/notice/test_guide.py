"""The guide for authors of notices says what is so."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from sjs_forms.base.resources import fonts_folder, starter_folder
from sjs_forms.domain.expressions import typing_rules
from sjs_forms.domain.notice.field_tables import KINDS
from sjs_forms.domain.notice.fields_file import read_fields
from sjs_forms.domain.notice.notice_fields import Role, RuleName
from sjs_forms.domain.print_rules import Gutter, PaperStock, Print, SpineRules
from sjs_forms.domain.programme import (
    Authorisation,
    Blanks,
    CoverLine,
    Form,
    Material,
    Portal,
    Programme,
    ReviewColumn,
    SealRule,
    VolumeWords,
    Window,
)
from sjs_forms.domain.reading_rules import Compared, PaperKind, ReadingRule

ROOT = Path(__file__).parents[3]
CHINESE = starter_folder() / "编写说明.md"
GUIDES = [
    pytest.param(path.read_text(encoding="utf-8"), id=language)
    for language, path in (("english", ROOT / "docs" / "notices.md"), ("chinese", CHINESE))
]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_example_of_the_guide_is_read(tmp_path: Path, guide: str) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    file = tmp_path / "fields.toml"
    file.write_text(example, encoding="utf-8")
    fields = read_fields(file, {})
    assert fields.label_of(("equipment", 1, "price")) == "设备2金额（万元）"
    assert [rule.code for rule in fields.rules] == ["notice-cost"]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_names_every_kind_role_rule_and_function(guide: str) -> None:
    functions = [name for name in typing_rules.FUNCTIONS if name[0].isalpha()]
    named = {
        *KINDS,
        *get_args(Role),
        *get_args(PaperKind),
        *get_args(Compared),
        *get_args(RuleName),
        *functions,
    } - {"negative"}
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", guide)] == []
    kinds = re.findall(r"^\| `(\w+)` \| .* \| .*\|$", guide, re.MULTILINE)
    assert set(kinds) == set(KINDS)


@pytest.mark.parametrize(
    "model",
    [
        Programme,
        Material,
        Form,
        CoverLine,
        ReviewColumn,
        VolumeWords,
        Window,
        Authorisation,
        Blanks,
        PaperStock,
        SpineRules,
        Print,
        SealRule,
        Gutter,
        Portal,
        ReadingRule,
    ],
)
def test_the_chinese_guide_names_every_key_of_programme_toml(model: type[BaseModel]) -> None:
    guide = CHINESE.read_text(encoding="utf-8")
    own = {"fields", "folder"}  # no keys: the questions, and where the notice lies
    lacking = [key for key in model.model_fields if key not in own and key not in guide]
    assert lacking == []


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_names_every_bundled_font(guide: str) -> None:
    loaded = re.findall(
        r'font-family: "([^"]+)"; src', (fonts_folder() / "fonts.css").read_text("utf-8")
    )
    assert [family for family in loaded if family not in guide] == []
