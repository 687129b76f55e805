"""A volume too thick is built as several, each in a folder of its own."""

import json
import shutil
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from sjs_forms.base.resources import sample_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.jobs.options import Options
from sjs_forms.jobs.pipeline import BuildResult, build
from sjs_forms.portal import PORTAL
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.binding_plan import WHOLE, Document, Page, Section, front_sheets
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.volume.layout import start_volumes
from sjs_forms.volume.verify import verify_folder
from tests.samples import MINIMAL, Application, write_pdf


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """The sample in one volume, though --split was asked for: it is thin enough."""
    return build(sample_folder(), tmp_path_factory.mktemp("whole") / "成册", Options(split=True))


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """The sample in volumes of at most sixteen sheets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sjs_forms.printing.spine.most_sheets", lambda *_: 16)
        return build(
            sample_folder(), tmp_path_factory.mktemp("split") / "成册", Options(split=True)
        )


def _manifest(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application with an audit report of 130 pages."""
    place = Path(shutil.copytree(MINIMAL, tmp_path_factory.mktemp("long") / "某单位"))
    write_pdf(place / "attachments/5-财务材料/2024年度审计报告.pdf", 130, "审计")
    return place


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory, long: Path) -> BuildResult:
    """The same, in volumes of at most forty sheets: the report is cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sjs_forms.printing.spine.most_sheets", lambda *_: 40)
        return build(long, tmp_path_factory.mktemp("cut") / "成册", Options(split=True))


def _text(path: Path, page: int) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        text = document[page].get_textpage()
        shown = "".join(text.get_text_bounded().split())
        text.close()
        return shown
    finally:
        document.close()


def test_a_long_document_is_cut_into_volumes_alike(cut: BuildResult) -> None:
    sheets = [volume.plan.sheets for volume in cut.volumes]
    assert len(sheets) == 3
    assert max(sheets) <= 40 and max(sheets) - min(sheets) <= 8
    pages = [
        side.source_page
        for volume in cut.volumes
        for side in volume.plan.sides
        if side.source and "审计报告" in side.source
    ]
    assert pages == list(range(1, 131))
    assert "spine-too-thick" not in {found.code for found in cut.findings}
    assert verify_folder(cut.folder) == ()


def test_a_cut_document_keeps_its_number_and_its_id(cut: BuildResult) -> None:
    manifest = _manifest(cut.folder)
    parts = [part for part in manifest["parts"] if part["id"] == "financials-1"]
    assert [(part["volume"], part["title"]) for part in parts] == [
        ("第一册", "2024年度审计报告"),
        ("第二册", "2024年度审计报告（续）"),
        ("第三册", "2024年度审计报告（续）"),
    ]
    assert [part.get("continued", False) for part in parts] == [False, True, True]
    assert [part.get("goes_on", False) for part in parts] == [True, True, False]


def test_each_cover_says_which_of_how_many_and_each_contents_which_holds_what(
    cut: BuildResult,
) -> None:
    for volume in cut.volumes:
        path = cut.folder / volume.plan.edition.ordinal / VOLUME
        ordinal = volume.plan.edition.ordinal
        assert f"{ordinal}共三册" in _text(path, 0)
        contents = _text(path, 2)
        assert "各册内容" in contents and f"{ordinal}（本册）" in contents
        assert "五、财务材料（5.1未完）" in contents
        assert "五、财务材料（5.1续，未完）" in contents
        assert "五、财务材料（5.1续）" in contents
        for other in cut.volumes:
            numbers = [side.number for side in other.plan.sides if side.number]
            assert f"{numbers[0]}—{numbers[-1]}" in contents


def test_a_seal_is_asked_for_in_the_volume_that_has_its_page(cut: BuildResult) -> None:
    places = [place.title for volume in cut.volumes for place in volume.job.seals if place.side]
    assert len([title for title in places if title.startswith("封面")]) == 3
    others = [title for title in places if not title.startswith("封面")]
    assert len(others) == len(set(others)) == 4


def test_a_cut_volume_is_compared_with_its_earlier_self(
    cut: BuildResult, long: Path, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sjs_forms.printing.spine.most_sheets", lambda *_: 40)
        made = build(long, tmp_path / "又", Options(split=True, since=cut.folder))
    assert [volume.reprint and volume.reprint.to_print for volume in made.volumes] == [()] * 3


def test_longer_contents_are_allowed_for_by_cutting_anew() -> None:
    """Contents of two leaves where one was reckoned with make no volume too thick."""
    programme = load_programme()
    page = (Page(0, 595, 842),)
    papers = tuple(Document(f"证明{n}", "attachment", "a", page) for n in range(230))
    whole = (Section(programme.materials[2], 3, papers),)
    volumes = start_volumes(programme, Application(), whole, LocalTypesetter(), (), WHOLE, 84)()
    assert {front_sheets(volume.plan) for volume in volumes} == {3}
    assert all(volume.plan.sheets <= 84 for volume in volumes)
    assert len(volumes) == 3


def test_what_can_be_bound_in_one_is(whole: BuildResult) -> None:
    assert len(whole.volumes) == 1
    assert (whole.folder / VOLUME).is_file()


def test_each_volume_has_its_own_folder_with_all_its_files(split: BuildResult) -> None:
    assert len(split.volumes) >= 3
    for volume in split.volumes:
        folder = split.folder / volume.plan.edition.ordinal
        names = {path.name for path in folder.iterdir()}
        assert names == {VOLUME, "封面书脊.pdf", "印制单.pdf", "manifest.json"}
        assert volume.plan.sheets <= 16
    assert [v.plan.edition.ordinal for v in split.volumes][:2] == ["第一册", "第二册"]
    assert (split.folder / "附4-1_申报书.docx").is_file()
    assert [path.parent for path in split.folder.rglob(PORTAL)] == [split.folder]


def test_the_volumes_together_show_what_the_one_shows(
    whole: BuildResult, split: BuildResult
) -> None:
    def shown(built: BuildResult) -> list[tuple[str | None, int | None, str]]:
        return [
            (side.source, side.source_page, side.kind)
            for volume in built.volumes
            for side in volume.plan.sides
            if side.kind in ("form", "attachment")
        ]

    assert shown(split) == shown(whole)


def test_numbers_run_on_and_the_cover_names_the_volume(split: BuildResult) -> None:
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


def test_the_folder_above_lists_all_and_verifies(split: BuildResult) -> None:
    manifest = _manifest(split.folder)
    assert [volume["folder"] for volume in manifest["volumes"]] == [
        volume.plan.edition.ordinal for volume in split.volumes
    ]
    assert len(manifest["sides"]) == sum(len(volume.plan.sides) for volume in split.volumes)
    assert verify_folder(split.folder) == ()


def test_a_change_in_one_of_the_volumes_is_found_from_above(
    split: BuildResult, tmp_path: Path
) -> None:
    folder = tmp_path / "成册"
    for path in split.folder.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(split.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "第二册" / VOLUME).write_bytes(b"%PDF-1.4")
    assert "output-changed" in {found.code for found in verify_folder(folder)}


def test_built_again_into_the_same_folder_it_takes_the_place_of_the_first(
    split: BuildResult, tmp_path: Path
) -> None:
    out = tmp_path / "成册"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sjs_forms.printing.spine.most_sheets", lambda *_: 16)
        build(sample_folder(), out, Options(split=True))
    build(sample_folder(), out)
    assert not (out / "第一册").exists()
    assert (out / VOLUME).is_file()
