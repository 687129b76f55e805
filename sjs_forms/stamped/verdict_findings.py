"""Words the verdict on scanned pages as findings, and as questions that the user must answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, FilePlace, MaterialPlace
from sjs_forms.base.findings.remedies import DecideScanPage, PlainAction, TurnScanPage
from sjs_forms.domain.programme import Form
from sjs_forms.stamped.recognition import FormPage, Recognised, ScanVerdict

_CHANGES = 3
"""Differences named per page; further ones are counted."""


@dataclass(frozen=True, slots=True)
class ScanOrigin:
    """Where a scanned page comes from: the file as the user wrote it, and its page there,
    from 1.
    """

    file: str
    page: int


@dataclass(frozen=True, slots=True)
class Names:
    """Names for messages: the forms by id, their materials, page counts, and origins of scans.

    `applicant` is the number that tells whose page is meant, in a pile of many applicants' scans.
    """

    forms: Mapping[str, Form]
    materials: Mapping[str, MaterialPlace]
    lengths: Mapping[str, int]
    origins: Mapping[int, ScanOrigin]
    applicant: str = ""

    def place(self, page: FormPage) -> str:
        """Return 附4-1 第 2 页, or 附4-2 if it has only one page."""
        number = self.forms[page.form].number
        return f"{number} 第 {page.page} 页" if self.lengths[page.form] > 1 else number

    def option(self, number: int, page: FormPage | None, turn: int | None = None) -> str:
        """Return how the user states what a scanned page is: 3=附4-1:2."""
        if page is None:
            return f"{number}=不用"
        turned = "" if turn is None else f":{turn}"
        whose = f"{self.applicant}:" if self.applicant else ""
        return f"{number}={whose}{self.forms[page.form].number}:{page.page}{turned}"

    def scan(self, number: int) -> str:
        """Return 扫描件第 3 页, with the file if there are several."""
        origin = self.origins[number]
        if len({other.file for other in self.origins.values()}) == 1:
            return f"扫描件第 {number} 页"
        return f"扫描件第 {number} 页（“{origin.file}”第 {origin.page} 页）"

    def scans(self, numbers: Sequence[int]) -> str:
        """Return 第 2、4、6 页."""
        return f"第 {'、'.join(map(str, numbers))} 页"


def question(page: Recognised, names: Names) -> str:
    """Return the question about a page that is unsure."""
    start = names.scan(page.number)
    form = next(iter(names.forms.values())).number
    if page.state == "unsure" and page.page is not None:
        return (
            f"{start}像{names.place(page.page)}（{_guess(page)}），是吗？"
            f"[y 是 / n 不用这一页 / 或写出是哪一页，如 {form}:2；要转的再写转角，如 {form}:2:180]"
        )
    return f"{start}不像任何一张表。[n 不用这一页 / 或写出是哪一页，如 {form}:2]"


def _guess(page: Recognised) -> str:
    """Return the best guess on a page, with its certainty."""
    turned = f"，转 {page.turn}° 放正" if page.turn else ""
    return f"把握 {round(page.certainty * 100)}%{turned}"


def described(page: Recognised, names: Names) -> str:
    """Describe in one line what a scanned page was recognised as."""
    start = names.scan(page.number)
    if page.state == "placed" and page.page is not None:
        turned = f"（转 {page.turn}°）" if page.turn else ""
        return f"{start}：{names.place(page.page)}{turned}"
    words = {"blank": "空白", "left-out": "不用", "foreign": "不像任何一张表"}
    if page.state == "unsure" and page.page is not None:
        return f"{start}：可能是{names.place(page.page)}（{_guess(page)}）"
    return f"{start}：{words[page.state]}"


def findings_of(verdict: ScanVerdict, names: Names) -> Iterator[Finding]:
    """Yield everything that prevents filing the scans, and what was done to them."""
    for page in verdict.open:
        yield _unsure(page, names) if page.state == "unsure" else _foreign(page, names)
    for place, numbers in verdict.twice.items():
        yield _twice(place, numbers, names)
    for form in dict.fromkeys(place.form for place in verdict.missing):
        yield _missing(form, [p.page for p in verdict.missing if p.form == form], verdict, names)
    if not (verdict.complete or verdict.open or verdict.missing or verdict.twice):
        yield _nothing()
    yield from _done(verdict, names)


def _unsure(page: Recognised, names: Names) -> Finding:
    assert page.page is not None
    return error(
        "scan-page-unsure",
        place_of_scan(page, names),
        names.forms[page.page.form].title,
        f"{names.scan(page.number)}像{names.place(page.page)}，但没有把握（{_guess(page)}）。",
        DecideScanPage(
            "是的，请加{}（照原样放；要转正的再写转角，如{}）；是别的页，照样写明；不要这一页，加{}。",
            (
                names.option(page.number, page.page),
                names.option(page.number, page.page, page.turn or 180),
                names.option(page.number, None),
            ),
        ),
    )


def _foreign(page: Recognised, names: Names) -> Finding:
    return error(
        "scan-page-foreign",
        place_of_scan(page, names),
        "盖章扫描件",
        f"{names.scan(page.number)}不像这份申报的任何一张表。",
        DecideScanPage(
            "不是表里的，加{}；确实是的，照{}的样子写明是哪一页，或按原大、端正地重扫。",
            (names.option(page.number, None), _example(page.number, names)),
        ),
    )


def _example(number: int, names: Names) -> str:
    """Return an example of how the user states what a page is."""
    return names.option(number, FormPage(next(iter(names.forms)), 1))


def _twice(place: FormPage, numbers: Sequence[int], names: Names) -> Finding:
    return error(
        "scan-page-twice",
        names.materials[place.form],
        names.forms[place.form].title,
        f"扫描件{names.scans(numbers)}都是{names.place(place)}。",
        DecideScanPage(
            f"请留下签字盖章清楚的一页，其余的加{'、'.join(['{}'] * len(numbers))}中的相应一项。",
            tuple(names.option(number, None) for number in numbers),
        ),
    )


def _missing(form: str, pages: Sequence[int], verdict: ScanVerdict, names: Names) -> Finding:
    there = names.lengths[form] - len(pages)
    doubt = "；也可能就在上面没有认准的页里" if verdict.open else ""
    return error(
        "scan-page-missing",
        names.materials[form],
        names.forms[form].title,
        f"{names.forms[form].number} 缺{names.scans(pages)}（共 {names.lengths[form]} 页，"
        f"已有 {there} 页）。",
        f"请补扫后，与已有的扫描件一起再放入{doubt}。",
    )


def _nothing() -> Finding:
    return error(
        "scan-empty",
        WHOLE,
        "盖章扫描件",
        "扫描件里没有一页可以放入。",
        "请检查给出的文件；是否扫描了背面？",
    )


def _done(verdict: ScanVerdict, names: Names) -> Iterator[Finding]:
    """Yield what was done without asking; nothing of it changes the content of a page."""
    blank = [page.number for page in verdict.pages if page.state == "blank"]
    if blank:
        yield warning(
            "scan-page-blank",
            WHOLE,
            "盖章扫描件",
            f"扫描件{names.scans(blank)}是空白页，不放入。",
            DecideScanPage(
                "请看一眼：是纸的背面就可以不管；上面有内容的，请重扫，或用{}的样子写明是哪一页。",
                (_example(blank[0], names),),
            ),
        )
    placed = [page for page in verdict.pages if page.state == "placed"]
    for page in placed:
        if page.overruled is not None:
            yield _overruled(page, names)
    turned = [page.number for page in placed if page.turn and page.by != "hand"]
    if turned:
        yield warning(
            "scan-page-turned",
            WHOLE,
            "盖章扫描件",
            f"扫描件{names.scans(turned)}没有放正，放入时转正。",
            TurnScanPage(_untouched(placed, turned[0], names)),
        )
    for form in names.forms:
        order = [page.page.page for page in placed if page.page and page.page.form == form]
        if order != sorted(order):
            yield warning(
                "scan-pages-sorted",
                names.materials[form],
                names.forms[form].title,
                f"{names.forms[form].number} 的页扫乱了（依次是{names.scans(order)}），"
                "放入时按页排好。",
                "请打开放好的扫描件，看一遍页的次序。",
            )


def _untouched(placed: Sequence[Recognised], number: int, names: Names) -> str:
    """Return how the user states that a filed page must not be turned."""
    page = next(page.page for page in placed if page.number == number)
    return names.option(number, page, 0)


def _overruled(page: Recognised, names: Names) -> Finding:
    assert page.page is not None
    return warning(
        "scan-page-not-upright",
        place_of_scan(page, names),
        names.forms[page.page.form].title,
        f"{names.scan(page.number)}照写明的放为{names.place(page.page)}，没有转动；"
        f"看起来要转 {page.overruled}° 才正。",
        DecideScanPage(
            "请看一眼：要转的，改写{}；不转的，写{}。",
            (
                names.option(page.number, page.page, page.overruled),
                names.option(page.number, page.page, 0),
            ),
        ),
    )


def outdated(page: Recognised, changes: Sequence[str], names: Names) -> Finding:
    """Return a warning that a page was printed before the answers were changed."""
    assert page.page is not None
    more = f"等 {len(changes)} 处" if len(changes) > _CHANGES else ""
    shown = "、".join(f"“{change}”" for change in changes[:_CHANGES])
    return warning(
        "scan-page-outdated",
        place_of_scan(page, names),
        names.forms[page.page.form].title,
        f"{names.scan(page.number)}与现在生成的{names.place(page.page)}不同：现在的表上有{shown}{more}，扫描件上不是。",
        "打印之后若改过申报内容，请用新表重新签字盖章；若是别家单位的表，请换下。"
        "确实没有改过的，可不用管。",
    )


def awaited(form: str, names: Names) -> Finding:
    """Return a warning that no page of a form was among the scans."""
    return warning(
        "scan-awaited",
        names.materials[form],
        names.forms[form].title,
        f"{names.forms[form].number} {names.forms[form].title}不在这些扫描件里，还没有盖章扫描件。",
        "扫描后再放入一次即可，已放入的不受影响。",
    )


def taken_already(form: str, file: str, names: Names) -> Finding:
    """Return an error: an earlier scan would be replaced."""
    return error(
        "scan-exists",
        FilePlace(file),
        names.forms[form].title,
        f"{names.forms[form].number} {names.forms[form].title}已有扫描件“{FILE}”，没有替换。",
        PlainAction.REPLACE_SCAN,
        file,
    )


def too_many(count: int, limit: int) -> Finding:
    """Return an error: more pages than the limit."""
    return error(
        "scan-too-many",
        WHOLE,
        "盖章扫描件",
        f"扫描件共 {count} 页，超过 {limit} 页的上限。",
        "请只给出盖章表格的扫描件，附件请另放进各项材料。",
    )


def place_of_scan(page: Recognised, names: Names) -> FilePlace:
    """Return where a scanned page is: its file, and its page there."""
    origin = names.origins[page.number]
    return FilePlace(origin.file, origin.page)
