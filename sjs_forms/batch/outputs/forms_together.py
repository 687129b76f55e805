"""Writes 表格汇总.pdf: the forms of all applicants of a batch in order, to be printed at once."""

from collections.abc import Mapping, Sequence

from sjs_forms.batch.outputs.common_files import CommonFiles
from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.domain.programme import Programme

TOGETHER = "表格汇总.pdf"


def write_together(
    files: CommonFiles, verdicts: Sequence[Verdict], programmes: Mapping[int, Programme | None]
) -> None:
    """Write one PDF of the forms that were filled; remove that of an earlier run if there are none.

    Each form begins on a recto, so that all can be printed on both sides. Raises OSError.
    """
    import pikepdf

    from sjs_forms.pdf.objects import save

    with pikepdf.Pdf.new() as together:
        for verdict in verdicts:
            programme = programmes.get(verdict.number)
            if verdict.status != "filled" or verdict.folder is None or programme is None:
                continue
            for form in programme.forms:
                with pikepdf.open(files.out / verdict.folder / f"{form.stem}.pdf") as filled:
                    together.pages.extend(filled.pages)
                    size = filled.pages[0].mediabox
                if len(together.pages) % 2:
                    width, height = (float(size[at + 2]) - float(size[at]) for at in (0, 1))
                    together.add_blank_page(page_size=(width, height))
        if not together.pages:
            files.remove(TOGETHER)
            return
        fresh = files.out / f".{TOGETHER}.new"
        save(together, fresh)
    files.put(fresh, TOGETHER)
