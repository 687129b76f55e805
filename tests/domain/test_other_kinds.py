"""Who gives a command a file of another kind is told the command that is meant."""

from pathlib import Path

import pytest

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.sources.batch_source import read_rows
from sjs_forms.domain.folder.application_folder import read_folder

KINDS = [
    ("名册.xlsx", "batch"),
    ("名册.CSV", "batch"),
    ("申报书.docx", "import"),
    ("扫描件.pdf", "stamped"),
    ("申报.zip", "解压"),
]


@pytest.mark.parametrize(("name", "meant"), KINDS)
def test_a_file_that_is_no_application_is_not_read_as_one(
    tmp_path: Path, name: str, meant: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageFault) as caught:
        read_folder(path)
    assert name in caught.value.message and meant in caught.value.remedy
    assert path.read_bytes() == b"PK\x03\x04"


@pytest.mark.parametrize(("name", "meant"), KINDS[2:])
def test_nor_as_a_source_of_many(tmp_path: Path, name: str, meant: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageFault) as caught:
        read_rows(path, tmp_path / "成册")
    assert meant in caught.value.remedy
