"""Writes the applications into a folder: python -m tests.reading.papers FOLDER [NUMBER …]."""

import sys
from pathlib import Path

from tests.reading.papers.applications import write_application
from tests.reading.papers.cases import cases


def main(arguments: list[str]) -> None:
    wanted = {int(each) for each in arguments[1:]}
    for case in cases():
        if not wanted or case.number in wanted:
            write_application(case, Path(arguments[0]) / f"{case.number:02d}")


if __name__ == "__main__":
    main(sys.argv[1:])
