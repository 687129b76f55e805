"""What it costs to start: importing click, `--help`, `check`."""

import sys

from benchmarks.bench import Bench, clear, sjs_forms
from benchmarks.measuring import Command
from benchmarks.race import commands, race
from benchmarks.results import Case, Target, difference, ratio

CLICK = 'python -c "import click"'
HELP = "sjs_forms --help"
CHECK = "sjs_forms check, attachments in the cache"
NEW = "sjs_forms check, attachments never seen"


def measure(bench: Bench) -> Case:
    """Beside the least that a command line made with click can cost."""
    cache = bench.scratch / "start-cache"
    check = sjs_forms("check", bench.sample, cache=cache)
    rows = race(
        [
            commands(CLICK, [Command((sys.executable, "-c", "import click"))]),
            commands(HELP, [sjs_forms("--help", cache=cache)]),
            commands(NEW, [check], lambda: clear(cache)),
            commands(CHECK, [check]),  # known by the one before
        ],
        bench.sizes.runs,
    )
    click, shown, _, checked = rows
    targets = (
        Target("`--help`, of importing click", ratio(shown, click), 2.0, "×"),
        Target(
            "`check` of known attachments, more than that", difference(checked, click), 0.5, "s"
        ),
    )
    return Case("start", rows, targets)
