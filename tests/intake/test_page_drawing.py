"""Pages drawn in a worker: a crash, a hang or a huge page costs a worker and no more."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sjs_forms import intake
from sjs_forms.base.errors import UsageFault
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import page_drawing
from sjs_forms.intake.page_drawing import PageDrawing, PageUndrawable
from sjs_forms.intake.process import worker_process
from sjs_forms.intake.process.worker_pool import WorkerPool
from tests.intake.conftest import made, saved


@pytest.fixture
def drawing(facts_cache: intake.FactsCache, pool: WorkerPool) -> PageDrawing:
    return PageDrawing(facts_cache, pool)


def _size(png: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(png)) as image:
        return image.size


def test_a_page_comes_as_png_with_the_count_of_pages(
    drawing: PageDrawing, limits: IntakeLimits, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(made(3)))
    from_file = drawing.page(limits, path, 2, 72)
    assert from_file.pages == 3 and _size(from_file.png) == (595, 842)
    assert drawing.page(limits, path.read_bytes(), 2, 72) == from_file
    assert drawing.page(limits, path, 1, 72).png != from_file.png


def test_a_picture_is_drawn_once_and_anew_where_the_file_is_another(
    drawing: PageDrawing, limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(made(1)))
    first = drawing.page(limits, path, 1, 30)
    with monkeypatch.context() as patched:
        patched.setattr(page_drawing, "in_a_worker", None)
        assert drawing.page(limits, path, 1, 30) is first
    path.unlink()
    path.write_bytes(saved(made(2)))
    assert drawing.page(limits, path, 1, 30).pages == 2


def test_kept_pictures_are_bounded(
    drawing: PageDrawing, limits: IntakeLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = saved(made(4))
    room = 2 * len(drawing.page(limits, data, 1, 30).png) + 100
    monkeypatch.setattr(page_drawing, "MAX_KEPT", room)
    for page in (1, 2, 3, 4):
        drawing.page(limits, data, page, 30)
    asked: list[int] = []
    real = page_drawing.in_a_worker

    def counted(*given: Any, **how: Any) -> Any:
        asked.append(how["page"])
        return real(*given, **how)

    monkeypatch.setattr(page_drawing, "in_a_worker", counted)
    for page in (4, 1):
        drawing.page(limits, data, page, 30)
    assert asked == [1]


def test_a_huge_page_is_drawn_coarsely(drawing: PageDrawing, limits: IntakeLimits) -> None:
    pdf = made(1)
    pdf.pages[0].obj.MediaBox = [0, 0, 14400, 14400]
    wide, high = _size(drawing.page(limits, saved(pdf), 1, 300).png)
    assert wide == high and wide * high <= 16_100_000


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there_is_told(
    drawing: PageDrawing, limits: IntakeLimits, tmp_path: Path, page: int
) -> None:
    with pytest.raises(UsageFault, match="共 3 页"):
        drawing.page(limits, saved(made(3)), page, 30)
    with pytest.raises(UsageFault, match="不在了"):
        drawing.page(limits, tmp_path / "没有.pdf", 1, 30)


def test_what_is_no_pdf_is_undrawable(drawing: PageDrawing, limits: IntakeLimits) -> None:
    with pytest.raises(PageUndrawable):
        drawing.page(limits, b"%PDF-1.7 rubbish", 1, 30)
    assert drawing.page(limits, saved(made(1)), 1, 30).pages == 1


@pytest.mark.parametrize(
    "program",
    [
        "os.abort()",
        "time.sleep(60)",
        "open(request['target'], 'wb').write(b'<script>'); print('{\"plain\": {\"pages\": 1}}')",
    ],
)
def test_a_worker_that_crashes_hangs_or_lies_harms_nobody(
    drawing: PageDrawing,
    limits: IntakeLimits,
    pool: WorkerPool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
) -> None:
    script = tmp_path / "fake.py"
    script.write_text(
        "import json, os, sys, time\nrequest = json.loads(sys.stdin.readline())\n"
        f"print({json.dumps(json.dumps({'step': 'draw'}))}, flush=True)\n{program}\n",
        encoding="utf-8",
    )
    real = subprocess.Popen
    with monkeypatch.context() as patched:
        pool.dismiss()
        patched.setattr(page_drawing, "MAX_SECONDS", 0.7)
        patched.setattr(
            worker_process.subprocess,
            "Popen",
            lambda command, **how: real([sys.executable, str(script)], **how),
        )
        with pytest.raises(PageUndrawable):
            drawing.page(limits, saved(made(1)), 1, 30)
    pool.dismiss()
    assert drawing.page(limits, saved(made(1)), 1, 30).pages == 1


def test_the_text_of_every_page_is_read(drawing: PageDrawing, limits: IntakeLimits) -> None:
    assert drawing.texts(limits, saved(made(2))) == ("", "")


def test_drawing_that_has_ended_draws_nothing(drawing: PageDrawing, limits: IntakeLimits) -> None:
    drawing.close()
    with pytest.raises(PageUndrawable):
        drawing.page(limits, saved(made(1)), 1, 30)


def test_importing_is_light() -> None:
    heavy: Any = "{'pypdf', 'pikepdf', 'pypdfium2', 'PIL', 'img2pdf'}"
    code = f"import sys, sjs_forms.intake.page_drawing; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
