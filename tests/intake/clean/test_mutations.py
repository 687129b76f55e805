"""Damaged copies of our own files: no crash, no hang, no lost page."""

import os
import random
import sys
from pathlib import Path

import pikepdf
import pytest

from sjs_forms import intake
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from tests.intake.annotations.test_annotations import layered_pdf
from tests.intake.clean.test_bookmarks_and_links import outlined_pdf
from tests.intake.conftest import annotate, made, saved
from tests.intake.images.test_images import encoded, scene

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))

from run_corpus import mutate

COUNT = int(os.environ.get("SJS_MUTATIONS", "80"))
"""How many are tried; more on demand, as by `make corpus`."""


def _originals() -> list[bytes]:
    stamped = made(2)
    annotate(stamped)
    flat = pikepdf.ObjectStreamMode.disable
    packed = pikepdf.ObjectStreamMode.generate
    return [
        saved(made(3), object_stream_mode=flat),
        saved(stamped, object_stream_mode=packed),
        saved(outlined_pdf(), object_stream_mode=flat),
        saved(layered_pdf(off=True), object_stream_mode=packed),
        encoded(scene("RGB", (300, 400)), "JPEG"),
        encoded(scene("RGB", (300, 400)), "PNG"),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_mutated_files(
    seed: int,
    facts_cache: intake.FactsCache,
    limits: IntakeLimits,
    tmp_path: Path,
    pool: WorkerPool,
) -> None:
    """Each ends in pages or in a refusal that names it; what readers show is all there."""
    from sjs_forms.intake.clean import readers
    from sjs_forms.intake.kinds import file_kinds

    chance = random.Random(seed)
    originals = _originals()
    path = tmp_path / "a.pdf"
    for _ in range(COUNT // 4):
        path.write_bytes(mutate(chance.choice(originals), chance))
        try:
            facts = intake.take_in(path, "材料.pdf", facts_cache, limits, None, Workers(pool))
        except intake.FileRefused as refusal:
            assert "材料.pdf" in refusal.message
            assert refusal.code.startswith("attachment-")
            assert refusal.code != "attachment-timeout"
            continue
        assert readers.pages_by_pdfium(facts.clean, None) == len(facts.pages)
        if file_kinds.kind_of(path) == file_kinds.PDF:
            assert len(facts.pages) >= len(readers.loadable_by_pdfium(path, None, 99))
