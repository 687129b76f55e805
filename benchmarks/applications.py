"""The applications that are built: the sample, the same with other answers, many small ones."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sjs_forms.base.resources import sample_folder
from sjs_forms.domain.application import Application

MINIMAL = Path(__file__).resolve().parents[1] / "fixtures" / "minimal"

_SCANNED = ("lease", "evidence", "licence", "financials", "bank-account")
_SURNAMES = "周林许沈韩杨朱秦尤何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"


def another(application: Application, number: int) -> Application:
    """The same application from somebody else: as long, with other text in every paragraph."""
    platform = application.platform
    told = platform.construction or ""
    told = "\n".join(_turned(paragraph, number) for paragraph in told.split("\n"))
    name = f"{_surname(number)}{application.applicant.name}"
    return application.model_copy(
        update={
            "applicant": application.applicant.model_copy(update={"name": name}),
            "platform": platform.model_copy(update={"construction": told}),
        }
    )


def _turned(paragraph: str, number: int) -> str:
    """The same characters, begun elsewhere; the last stays, so that a heading stays one."""
    if len(paragraph) < 3:
        return paragraph
    by = number % (len(paragraph) - 1)
    return paragraph[by:-1] + paragraph[:by] + paragraph[-1]


def _surname(number: int) -> str:
    return _SURNAMES[number % len(_SURNAMES)]


def copy_sample(folder: Path) -> Path:
    """A fresh copy of the sample application."""
    return _fresh(sample_folder(), folder)


def scanned_application(folder: Path, scans: Sequence[Path]) -> Path:
    """The sample's answers, with `scans` (five at least) for attachments of every material."""
    folder.mkdir(parents=True, exist_ok=True)
    known = json.loads((sample_folder() / "application.json").read_text(encoding="utf-8"))
    attachments = []
    for number, scan in enumerate(scans):
        place = folder / "attachments" / scan.name
        place.parent.mkdir(exist_ok=True)
        if not place.is_file() or not place.samefile(scan):
            place.unlink(missing_ok=True)
            _link(scan, place)
        material = _SCANNED[number * len(_SCANNED) // len(scans)]
        title = f"授权证明等扫描件（{number + 1}）"
        attachments.append(
            {"material": material, "file": f"attachments/{scan.name}", "title": title}
        )
    return _write(folder, {**known, "attachments": attachments})


def many_applications(folder: Path, count: int) -> Path:
    """A folder of `count` application folders, no two with the same answers or attachments."""
    import pikepdf

    known = json.loads((MINIMAL / "application.json").read_text(encoding="utf-8"))
    if folder.is_dir() and len(list(folder.iterdir())) == count:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(count):
        place = _fresh(MINIMAL, folder / f"{number + 1:04}")
        name = f"北京{_surname(number)}氏{number + 1}号样例研究院有限公司"
        answers = {**known, "applicant": {**known["applicant"], "name": name}}
        answers["founders"] = [{**known["founders"][0], "name": name}]
        _write(place, answers)
        for path in sorted(place.rglob("*.pdf")):
            with pikepdf.open(path, allow_overwriting_input=True) as pdf:
                pdf.docinfo["/Title"] = f"{path.stem} {number + 1}"
                pdf.save(path, deterministic_id=True)
    return folder


def _fresh(source: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return Path(shutil.copytree(source, folder))


def _write(folder: Path, answers: dict[str, Any]) -> Path:
    text = json.dumps(answers, ensure_ascii=False, indent=1)
    (folder / "application.json").write_text(text, encoding="utf-8")
    return folder


def _link(source: Path, place: Path) -> None:
    try:
        place.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, place)
