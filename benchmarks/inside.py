"""What runs in a process that stays: one job for every line that comes in, one answer each.

    python -m benchmarks.inside TASK ARGUMENT…

An answer is JSON: `wall` and `cpu` seconds of the job, `peak` bytes of memory so far, and what
else the task has to say. What is the same for all jobs of a process is made before the first.
"""

import itertools
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sjs_forms.domain.application import Application

Job = Callable[[], dict[str, Any]]


def own_pages(application: str, cache: str) -> Iterator[Job]:
    """Forms, cover, contents and dividers painted, each time for another applicant."""
    from benchmarks.applications import another
    from benchmarks.pages import painted_pages, subject_of

    subject = subject_of(Path(application), Path(cache))

    def job(who: "Application") -> dict[str, Any]:
        return {"bytes": sum(map(len, painted_pages(subject, who)))}

    for number in itertools.count():
        yield partial(job, another(subject.application, number))


def whole_build(application: str, out: str) -> Iterator[Job]:
    """The main job, over and over, with one typesetter; attachments are known after the first."""
    from sjs_forms.jobs.pipeline import build
    from sjs_forms.typesetting.typesetting_process import typesetter_of_job

    with typesetter_of_job() as typesetter:

        def job() -> dict[str, Any]:
            build(Path(application), Path(out), typesetting=lambda: nullcontext(typesetter))
            return {}

        yield from itertools.repeat(job)


def builds(source: str, out: str, first: str, step: str) -> Iterator[Job]:
    """Of a folder of applications, every one of a share, each built once, none kept."""
    import shutil

    from sjs_forms.jobs.pipeline import build
    from sjs_forms.typesetting.typesetting_process import local_typesetter

    with local_typesetter() as typesetter:

        def job(place: Path) -> dict[str, Any]:
            target = Path(out) / place.name
            build(place, target, typesetting=lambda: nullcontext(typesetter))
            shutil.rmtree(target)
            return {}

        for place in sorted(Path(source).iterdir())[int(first) :: int(step)]:
            yield partial(job, place)


def staged_build(application: str, out: str) -> Iterator[Job]:
    """The main job, typesetting inside it, and how long each of its stages took."""
    from benchmarks.stages import seconds_by_stage

    def job() -> dict[str, Any]:
        with seconds_by_stage() as spent:
            from sjs_forms.jobs.pipeline import build
            from sjs_forms.typesetting.typesetting_process import local_typesetter

            build(Path(application), Path(out), typesetting=local_typesetter)
        return {"stages": spent}

    return itertools.repeat(job)


def typst_pages(application: str, cache: str, fonts: str) -> Iterator[Job]:
    """The same pages by Typst, each time for another applicant; the data lies ready."""
    from benchmarks.pages import subject_of
    from benchmarks.routes import others_data
    from benchmarks.typeset import Typesetter

    data = others_data(subject_of(Path(application), Path(cache)), _APPLICANTS)
    typesetter = Typesetter(fonts)

    def job(told: str) -> dict[str, Any]:
        return {"bytes": sum(map(len, typesetter.pages(told).values()))}

    for told in itertools.cycle(data):
        yield partial(job, told)


def overview(out: str, count: str) -> Iterator[Job]:
    """Overview and letters of so many applicants; nothing of an earlier job is known."""
    import shutil

    from benchmarks.verdicts import verdicts_of
    from sjs_forms.batch.outputs.overview import write_overview

    verdicts, programmes, answers = verdicts_of(int(count))

    def job() -> dict[str, Any]:
        shutil.rmtree(out)
        Path(out).mkdir()
        write_overview(Path(out), verdicts, programmes, answers)
        return {}

    return itertools.repeat(job)


TASKS: dict[str, Callable[..., Iterator[Job]]] = {
    "own-pages": own_pages,
    "whole-build": whole_build,
    "builds": builds,
    "staged-build": staged_build,
    "overview": overview,
    "typst-pages": typst_pages,
}
_APPLICANTS = 12
"""Before the first comes again, Typst has long forgotten it."""


def main() -> None:
    """Answer until nobody asks any more."""
    task, *told = sys.argv[1:]
    jobs = TASKS[task](*told)
    for _ in sys.stdin:
        job = next(jobs)
        wall, cpu = time.perf_counter(), time.process_time()
        found = job()
        found["wall"], found["cpu"] = time.perf_counter() - wall, time.process_time() - cpu
        found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
