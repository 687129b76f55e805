"""A header that may be two questions' is nobody's: it is told as unknown and never guessed."""

from pathlib import Path

from sjs_forms.batch.roster.columns import columns_by_key, header_key
from sjs_forms.domain.notice.fields_file import read_fields
from sjs_forms.domain.notice.notice_fields import NoticeFields

_FIELDS = """
[roles]
applicant = "name"

[[field]]
at = "name"
label = "申报单位"
kind = "line"

[[field]]
at = "use"
label = "用途"
kind = "choices"
choices = { train = "训练", other = "其他" }

[[field]]
at = "source"
label = "来源"
kind = "choices"
choices = { rent = "租用", other = "其他" }
"""


def _fields(folder: Path) -> NoticeFields:
    file = folder / "fields.toml"
    file.write_text(_FIELDS, encoding="utf-8")
    return read_fields(file, {})


def test_a_choice_of_two_questions_is_no_header_by_itself(tmp_path: Path) -> None:
    known = columns_by_key(_fields(tmp_path))
    assert header_key("其他") not in known
    assert known[header_key("训练")].label == "用途：训练"
    assert known[header_key("来源：其他")].place == ("source",)
    assert known[header_key("source.other")].label == "来源：其他"


def test_the_path_of_several_choices_is_a_list_of_them_not_the_first_choice(tmp_path: Path) -> None:
    column = columns_by_key(_fields(tmp_path))[header_key("use")]
    assert column.tick is None and column.label == "用途"
