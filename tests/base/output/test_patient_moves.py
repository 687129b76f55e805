"""A file is written as a whole, or nothing of it stays."""

import errno
from pathlib import Path

import pytest

from sjs_forms.base.output import patient_moves


def test_a_file_that_does_not_fit_on_the_disk_leaves_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "总览.xlsx"
    target.write_bytes(b"earlier")

    def fill_up(path: Path, data: bytes) -> None:
        with path.open("wb") as stream:
            stream.write(data[:2])
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OSError, match="full"):
        patient_moves.write(target, b"later")
    assert [each.name for each in tmp_path.iterdir()] == [target.name]
    assert target.read_bytes() == b"earlier"
