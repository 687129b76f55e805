"""The child process in which files are opened: one JSON request a line in, one answer out.

`{"kind", "source", "target", "password", "limits", "after"}` comes on standard input; lines
`{"step": …}` and at last one of `{"plain": …}`, `{"refusal": [code, message, remedy]}` and
`{"fault": …}` go back. Whatever happens to this process happens to no other.
"""

import contextlib
import json
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sjs_forms.intake import kinds, unusable
from sjs_forms.intake.shelf import plainly
from sjs_forms.intake.unusable import Unusable
from sjs_forms.programme import IntakeLimits

if TYPE_CHECKING:
    from sjs_forms.intake.document import Plain


def main() -> None:
    """Serve requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing a library prints may look like an answer
    warnings.simplefilter("ignore")
    sys.addaudithook(_no_network)

    def answer(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value, ensure_ascii=True, default=plainly) + "\n")
        answers.flush()

    for line in sys.stdin:
        request = json.loads(line)
        limits = IntakeLimits.model_validate(request["limits"])
        _bound(limits)
        answer(_answer_to(request, limits, lambda step: answer({"step": step})))


def _no_network(event: str, _: tuple[Any, ...]) -> None:
    """Refuse what no reading of a file needs."""
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "os.system"):
        raise PermissionError(event)


def _answer_to(
    request: dict[str, Any], limits: IntakeLimits, announce: Callable[[str], None]
) -> dict[str, Any]:
    try:
        source, target = Path(request["source"]), Path(request["target"])
        if request["kind"] == kinds.IMAGE:
            from sjs_forms.intake.images import take_in_image

            announce("image")
            return {"plain": _looked_at(take_in_image(source, target, limits), target, limits)}
        from sjs_forms.intake.pdfs import Job, take_in_pdf

        job = Job(source, target, request["password"], limits)
        taken = take_in_pdf(job, announce, request["after"])
        return {"plain": _looked_at(taken, target, limits)}
    except Unusable as found:
        refusal = found
    except MemoryError:
        refusal = unusable.out_of_memory()
    except RecursionError:
        refusal = unusable.unreadable("内部结构层层嵌套")
    except Exception as problem:  # any other fault of a reader: the file's own
        return {"fault": f"{type(problem).__name__}: {problem}"}
    return {"refusal": [refusal.code, refusal.message, refusal.remedy]}


def _looked_at(taken: "Plain", clean: Path, limits: IntakeLimits) -> "Plain":
    """Plain facts, with where each page bears ink as far as that can be seen, and digests."""
    import pikepdf

    from sjs_forms.intake.ink import looked_at
    from sjs_forms.intake.losses import with_losses
    from sjs_forms.intake.objects import large_streams

    try:
        pages = looked_at(clean, taken.pages, limits.max_seconds / 3)
    except Exception:  # what is not seen is taken for inked and coloured: never refuse for it
        pages = tuple(replace(page, coloured=True) for page in taken.pages)
    streams: dict[int, str] = {}
    with contextlib.suppress(Exception), pikepdf.open(clean) as pdf:  # nobody depends on them
        streams = large_streams(pdf)
    seen = replace(taken, pages=pages, streams=streams)
    return with_losses(seen, clean, limits.max_decoded_bytes)


def _bound(limits: IntakeLimits) -> None:
    """Bound memory, time and output of this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.max_seconds) + 5
    bounds = (
        (resource.RLIMIT_AS, limits.max_memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 4 * limits.max_bytes),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, bound in bounds:
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            if hard != resource.RLIM_INFINITY:
                bound = min(bound, hard)
            resource.setrlimit(kind, (bound, hard))


def run() -> NoReturn:
    """Serve, then end at once: no reader's clean-up can hang or crash what is done."""
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        main()
    os._exit(0)


if __name__ == "__main__":
    run()
