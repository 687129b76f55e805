"""What is wrong with papers by themselves: another document, an invoice twice, no seal, unreadable.

Pure; every finding is a warning, with the place on the page as evidence where there is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.remedies import PlainAction, ReplaceFile
from sjs_forms.domain.reading_rules import PaperKind, ReadingRule
from sjs_forms.reading.checks.comparison import Paper
from sjs_forms.reading.facts import Fact
from sjs_forms.reading.rules.invoice import invoice_code

KIND_NAMES: dict[PaperKind, str] = {
    "licence": "营业执照",
    "lease": "租赁合同",
    "invoice": "发票",
    "bank": "开户信息",
    "audit": "审计报告",
    "accreditation": "认定文件",
    "receipt": "付款回单",
    "tax": "纳税或税务登记材料",
    "statement": "财务报表",
    "agreement": "协议",
}
_CHECK = "请打开文件核对。"
_OLD = 8
"""Digits of the number of an invoice that has a 发票代码 too."""
_MISREAD = 2
"""Digits of a number that recognition may have mistaken."""


def material_faults(rule: ReadingRule, papers: Sequence[Paper]) -> Iterator[Finding]:
    """Yield the findings about the papers of one material."""
    for paper in papers:
        if rule.papers and paper.kind is not None and paper.kind not in rule.papers:
            yield _other_document(rule, paper)
    if rule.unit_price:
        yield from _no_unit_price([paper for paper in papers if paper.kind == "lease"])
    if rule.year is not None:
        yield from _other_year([paper for paper in papers if paper.kind == "audit"], rule.year)
    for paper in papers:
        if paper.kind in rule.sealed:
            yield from _no_seal(paper)
        if paper.kind == "invoice":
            yield from _qr_differs(paper)


def invoices_twice(papers: Sequence[Paper]) -> Iterator[Finding]:
    """Yield a finding for each invoice that is there before."""
    seen: dict[str, tuple[Paper, int]] = {}
    for paper in papers:
        for number, fact in _numbers(paper):
            first, page = seen.get(number, (None, 0))
            seen[number] = paper, fact.page
            if first is None or (first.file == paper.file and fact.page <= page + 1):
                continue  # further pages of one invoice, or its other copies
            here, earlier = paper.page_name(fact.page), first.page_name(page)
            message = f"{here}的发票 {number} 前面已经有了（{earlier}）。"
            yield _told("read-invoice-twice", paper, message, "重复的请移走。", fact, "")


def _numbers(paper: Paper) -> Iterator[tuple[str, Fact]]:
    """Yield the invoices' numbers: of a page with a QR code, which has a check sum, that in it.

    The eight digits of an older invoice are unique only together with its 发票代码. Where that was
    not read, or a page has several, it is not compared.
    """
    coded = {fact.page: fact for fact in paper.says("qr")}
    for fact in coded.values():
        told = invoice_code(fact.value)
        assert told is not None, "only codes of invoices are facts"
        yield from _whole_number(told.series, told.number, fact)
    for fact in paper.says("number"):
        if fact.page not in coded:
            series = {one.value for one in paper.says("series") if one.page == fact.page}
            yield from _whole_number(series.pop() if len(series) == 1 else "", fact.value, fact)


def _whole_number(series: str, number: str, fact: Fact) -> Iterator[tuple[str, Fact]]:
    if len(number) > _OLD:
        yield number, fact
    elif series:
        yield f"{number}（代码 {series}）", fact


def page_faults(paper: Paper) -> Iterator[Finding]:
    """Yield a finding for each page that is upside down, blank, too dark, too faint or blurred.

    One names the photographs that can be straightened.
    """
    if paper.photographs:
        yield _photographs(paper)
    for page in paper.pages:
        quality, name = page.reading.quality, paper.page_name(page.reading.page)
        if page.reading.source != "none" and (page.reading.turned - paper.rotate // 90) % 4 == 2:
            yield _of_page("read-upside-down", paper, f"{name}是倒着的。", _TURN)
        if quality.blank:
            yield _of_page("read-blank", paper, f"{name}是空白页。", "不需要的页请去掉。")
        for held, code, said in (
            (quality.dark, "read-dark", "太暗"),
            (quality.faint, "read-faint", "太淡"),
            (quality.blurred, "read-blurred", "模糊"),
        ):
            if held:
                message = f"{name}{said}，打印后看不清。"
                yield _of_page(code, paper, message, "请重新扫描，再换上。")


def _photographs(paper: Paper) -> Finding:
    pages = "、".join(map(str, paper.photographs))
    which = f"第 {pages} 页" if len(paper.pages) > 1 else ""
    message = (
        f"“{paper.title}”{which}像是拍的照片，纸外面的桌面也会装订进去；纸的四边看得清，可以拉平。"
    )
    return warning(
        "read-photograph", paper.place, paper.title, message, PlainAction.STRAIGHTEN_FILE
    )


_TURN = "请把这一页转正：在材料的这个文件里写明转 180 度，或重新扫描。"


def _other_document(rule: ReadingRule, paper: Paper) -> Finding:
    assert paper.kind is not None
    wanted = "、".join(KIND_NAMES[kind] for kind in rule.papers[:3])
    message = f"“{paper.title}”看起来是{KIND_NAMES[paper.kind]}，这里要的是{wanted}。"
    return _of_page("read-other-document", paper, message, f"{_CHECK}放错的请换到所属的材料下。")


def _no_unit_price(leases: Sequence[Paper]) -> Iterator[Finding]:
    if not leases or not all(paper.is_whole for paper in leases):
        return
    if any(paper.says("unit_price") for paper in leases):
        return
    message = f"“{leases[0].title}”里没有读到单价。"
    advice = f"{_CHECK}确实没有的，请补上写明单价的补充协议或附件。"
    yield _of_page("read-no-unit-price", leases[0], message, advice)


def _other_year(reports: Sequence[Paper], year: int) -> Iterator[Finding]:
    """Yield a finding for each audit report if none is of the year that the notice wants."""
    told = [(paper, fact) for paper in reports for fact in paper.says("year")]
    if any(fact.value == str(year) for _, fact in told) or len(told) < len(reports):
        return  # or the one that was not read may be of it
    for paper, fact in told:
        message = f"“{paper.title}”是 {fact.value} 年度的，通知要的是 {year} 年度。"
        advice = f"{_CHECK}拿错的，请换上 {year} 年度的审计报告。"
        yield _told("read-year-differs", paper, message, advice, fact, str(year))


def _no_seal(paper: Paper) -> Iterator[Finding]:
    """Yield a finding if no page has a red seal. Grey copies are not judged."""
    if not paper.shows_colour or paper.has_seal:
        return
    message = f"“{paper.title}”各页都没有看到红色公章。"
    advice = "请核对原件；应盖章的，请用盖章后的彩色扫描件换上。"
    yield _of_page("read-no-seal", paper, message, advice)


def _qr_differs(paper: Paper) -> Iterator[Finding]:
    """Compare the QR code of each invoice with what is printed beside it."""
    for code in paper.says("qr"):
        told = invoice_code(code.value)
        assert told is not None
        numbers = [fact for fact in paper.says("number") if fact.page == code.page]
        amounts = [f.value for f in paper.says("amount") if f.verified]
        page = paper.page_name(code.page)
        if numbers and all(_is_another(fact, told.number) for fact in numbers):
            message = f"{page}的二维码里发票号码是 {told.number}，票面上是 {numbers[0].value}。"
            yield _told("read-qr-differs", paper, message, _CHECK, numbers[0], told.number)
        elif numbers and amounts and _is_missing(told.amount, amounts):
            message = f"{page}的二维码里金额是 {told.amount}，票面上没有这个数。"
            yield _told("read-qr-differs", paper, message, _CHECK, code, told.amount)


def _is_missing(amount: str, amounts: Sequence[str]) -> bool:
    """Return whether an amount is for certain none of those printed on the invoice's pages."""
    try:
        wanted = Decimal(amount)
        return all(Decimal(printed) != wanted for printed in amounts)
    except InvalidOperation:
        return False


def _is_another(fact: Fact, number: str) -> bool:
    """Return whether it is another number. Recognition mistakes single digits."""
    differing = sum(a != b for a, b in zip(fact.value, number, strict=False))
    differing += abs(len(fact.value) - len(number))
    return differing > (0 if fact.verified else _MISREAD)


def _of_page(code: str, paper: Paper, message: str, advice: str) -> Finding:
    return warning(code, paper.place, paper.title, message, ReplaceFile(advice))


def _told(code: str, paper: Paper, message: str, advice: str, fact: Fact, expected: str) -> Finding:
    found = _of_page(code, paper, message, advice)
    return replace(found, evidence=paper.evidence(fact, expected))
