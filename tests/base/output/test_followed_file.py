"""A file that is hashed and written to disk while it grows has the digest that others give it."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.output.followed_file import followed


@given(parts=st.lists(st.binary(max_size=40), max_size=6), told=st.lists(st.booleans(), max_size=6))
def test_digest_is_that_of_the_whole_file_whatever_was_told_of_its_parts(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], told: list[bool]
) -> None:
    path = tmp_path_factory.mktemp("followed") / "file"
    with followed(path) as file, path.open("wb") as target:
        for part, tells in zip(parts, [*told, *[False] * len(parts)], strict=False):
            target.write(part)
            target.flush()
            if tells:
                file.final_to(target.tell())
        assert file.sha256() == sha256(b"".join(parts)).hexdigest()


def test_what_is_not_final_may_still_change(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with followed(path) as file, path.open("w+b") as target:
        target.write(b"head" + b"?" * 4)
        target.flush()
        file.final_to(4)
        target.seek(4)
        target.write(b"tail")
        target.flush()
        assert file.sha256() == sha256(b"headtail").hexdigest()


def test_file_whose_digest_was_asked_for_is_on_the_disk_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(os.fstat(fd).st_size))
    path = tmp_path / "file"
    path.write_bytes(b"x" * 3_000_000)
    with followed(path) as file:
        file.sha256()
    assert synced == [3_000_000]


def test_fault_of_the_disk_is_raised_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with pytest.raises(OSError, match="no space"), followed(path) as file:
        assert file.sha256() == sha256(b"x").hexdigest()
