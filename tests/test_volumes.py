"""A volume too thick is built as several, each in a folder of its own."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from sjs_forms.finished import VOLUME
from sjs_forms.job import Options
from sjs_forms.pipeline import Built, build
from sjs_forms.portal import PORTAL
from sjs_forms.resources import sample_folder
from sjs_forms.verify import verify_folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample in one volume, though --split was asked for: it is thin enough."""
    return build(sample_folder(), tmp_path_factory.mktemp("whole") / "成册", Options(split=True))


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample in volumes of at most sixteen sheets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sjs_forms.spine.most_sheets", lambda *_: 16)
        return build(
            sample_folder(), tmp_path_factory.mktemp("split") / "成册", Options(split=True)
        )


def _manifest(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def test_what_can_be_bound_in_one_is(whole: Built) -> None:
    assert len(whole.volumes) == 1
    assert (whole.folder / VOLUME).is_file()


def test_each_volume_has_its_own_folder_with_all_its_files(split: Built) -> None:
    assert len(split.volumes) >= 3
    for volume in split.volumes:
        folder = split.folder / volume.plan.edition.ordinal
        names = {path.name for path in folder.iterdir()}
        assert names == {VOLUME, "封面书脊.pdf", "印制单.pdf", "manifest.json"}
        assert volume.plan.sheets <= 16
    assert [v.plan.edition.ordinal for v in split.volumes][:2] == ["第一册", "第二册"]
    assert (split.folder / "附4-1_申报书.docx").is_file()
    assert [path.parent for path in split.folder.rglob(PORTAL)] == [split.folder]


def test_the_volumes_together_show_what_the_one_shows(whole: Built, split: Built) -> None:
    def shown(built: Built) -> list[tuple[str | None, int | None, str]]:
        return [
            (side.source, side.source_page, side.kind)
            for volume in built.volumes
            for side in volume.plan.sides
            if side.kind in ("form", "attachment")
        ]

    assert shown(split) == shown(whole)


def test_numbers_run_on_and_the_cover_names_the_volume(split: Built) -> None:
    before = 0
    for volume in split.volumes:
        numbers = [side.number for side in volume.plan.sides if side.number is not None]
        assert numbers[0] == before + 1
        before = numbers[-1]
        document = pypdfium2.PdfDocument(split.folder / volume.plan.edition.ordinal / VOLUME)
        text = document[0].get_textpage()
        assert volume.plan.edition.ordinal in "".join(text.get_text_bounded().split())
        text.close()
        document.close()


def test_the_folder_above_lists_all_and_verifies(split: Built) -> None:
    manifest = _manifest(split.folder)
    assert [volume["folder"] for volume in manifest["volumes"]] == [
        volume.plan.edition.ordinal for volume in split.volumes
    ]
    assert len(manifest["sides"]) == sum(len(volume.plan.sides) for volume in split.volumes)
    assert verify_folder(split.folder) == ()


def test_a_change_in_one_of_the_volumes_is_found_from_above(split: Built, tmp_path: Path) -> None:
    folder = tmp_path / "成册"
    for path in split.folder.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(split.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "第二册" / VOLUME).write_bytes(b"%PDF-1.4")
    assert "output-changed" in {found.code for found in verify_folder(folder)}


def test_built_again_into_the_same_folder_it_takes_the_place_of_the_first(
    split: Built, tmp_path: Path
) -> None:
    out = tmp_path / "成册"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sjs_forms.spine.most_sheets", lambda *_: 16)
        build(sample_folder(), out, Options(split=True))
    build(sample_folder(), out)
    assert not (out / "第一册").exists()
    assert (out / VOLUME).is_file()
