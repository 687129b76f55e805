"""The guide for authors of notices says what is so."""

import re
from pathlib import Path
from typing import get_args

from sjs_forms.domain.expressions import typing_rules
from sjs_forms.domain.notice.field_tables import KINDS
from sjs_forms.domain.notice.fields_file import read_fields
from sjs_forms.domain.notice.notice_fields import Role, RuleName

GUIDE = (Path(__file__).parents[3] / "docs" / "notices.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    file = tmp_path / "fields.toml"
    file.write_text(example, encoding="utf-8")
    fields = read_fields(file, {})
    assert fields.label_of(("equipment", 1, "price")) == "设备2金额（万元）"
    assert [rule.code for rule in fields.rules] == ["notice-cost"]


def test_the_guide_names_every_kind_role_rule_and_function() -> None:
    functions = [name for name in typing_rules.FUNCTIONS if name[0].isalpha()]
    named = {*KINDS, *get_args(Role), *get_args(RuleName), *functions} - {"negative"}
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", GUIDE)] == []
    kinds = re.findall(r"^\| `(\w+)` \| .* \| .*\|$", GUIDE, re.MULTILINE)
    assert set(kinds) == set(KINDS)
