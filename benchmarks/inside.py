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
from pathlib import Path
from typing import Any

Job = Callable[[], dict[str, Any]]


def own_pages(application: str) -> Iterator[Job]:
    """Forms, cover, contents and dividers painted, each time for another applicant."""
    from benchmarks.applications import another
    from benchmarks.pages import painted_pages, subject_of

    subject = subject_of(Path(application))
    for number in itertools.count():
        who = another(subject.application, number)

        def job() -> dict[str, Any]:
            return {"bytes": sum(map(len, painted_pages(subject, who)))}  # noqa: B023

        yield job


def whole_build(application: str, out: str) -> Iterator[Job]:
    """The main job, over and over; after the first, all attachments are known."""
    from sjs_forms.pipeline import build

    def job() -> dict[str, Any]:
        build(Path(application), Path(out))
        return {}

    return itertools.repeat(job)


TASKS: dict[str, Callable[..., Iterator[Job]]] = {
    "own-pages": own_pages,
    "whole-build": whole_build,
}


def main() -> None:
    """Answer until nobody asks any more."""
    jobs = TASKS[sys.argv[1]](*sys.argv[2:])
    for _ in sys.stdin:
        job = next(jobs)
        wall, cpu = time.perf_counter(), time.process_time()
        found = job()
        found["wall"], found["cpu"] = time.perf_counter() - wall, time.process_time() - cpu
        found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
