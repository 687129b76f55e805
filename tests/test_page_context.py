"""What the volume's own pages are filled from."""

import pytest

from sjs_forms.page_context import COVER_LINE, even_measure


@pytest.mark.parametrize("length", range(1, 120))
def test_a_long_name_breaks_into_as_few_lines_as_it_needs_of_even_length(length: int) -> None:
    measure = even_measure("字" * length)
    assert measure <= COVER_LINE + 1
    lines = -(-length // COVER_LINE)
    if lines > 1:
        last = length - (lines - 1) * measure
        assert lines * measure >= length
        assert last > measure / 2 - lines


def test_a_name_that_fits_has_the_whole_line() -> None:
    assert even_measure("可信大模型评测中心") == COVER_LINE
