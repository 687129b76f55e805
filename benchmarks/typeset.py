"""The generated pages by Typst: the floor, for it is compiled code that does nothing else.

    python -m benchmarks.typeset DATA FONTS OUT

Imports nothing of ours, so that a process of it costs no more than Typst does.
"""

import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "typst"
PARTS = ("application-form", "commitment", "volume")


class Typesetter:
    """One compiler, its fonts loaded once."""

    def __init__(self, fonts: str) -> None:
        import typst

        self._compiler = typst.Compiler(
            root=str(SOURCES), font_paths=[fonts], ignore_system_fonts=True
        )

    def pages(self, data: str) -> dict[str, bytes]:
        """Each part as PDF, filled from the JSON `data`."""
        return {part: self._pdf(part, {"data": data}) for part in PARTS}

    def _pdf(self, part: str, given: dict[str, str]) -> bytes:
        source = str(SOURCES / f"{part}.typ")
        pdf = self._compiler.compile(input=source, sys_inputs=given, format="pdf")
        assert isinstance(pdf, bytes)
        return pdf


def main() -> None:
    """Compile once and write the PDFs."""
    data, fonts, out = sys.argv[1:]
    for part, pdf in Typesetter(fonts).pages(Path(data).read_text(encoding="utf-8")).items():
        (Path(out) / f"{part}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    main()
