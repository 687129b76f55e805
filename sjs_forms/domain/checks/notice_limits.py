"""The rules of the notice: dates, caps, category, qualification, authorisation."""

from collections.abc import Iterator, Sequence
from datetime import date

from sjs_forms.base.finding_places import AnswerPlace, MaterialPlace
from sjs_forms.base.findings import Finding, error, warning
from sjs_forms.base.remedies import MendAnswer
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.application_folder import Offered
from sjs_forms.domain.labels import Place, label_of, square_metres
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.unread_places import ALL_READ, Unread


def check_notice(
    programme: Programme,
    application: Application,
    offered: Sequence[Offered],
    unread: Unread = ALL_READ,
) -> Iterator[Finding]:
    """Findings that hold the answers against the notice, as far as those are known."""
    yield from _window(programme, application, unread)
    yield from _caps(programme, application, unread)
    yield from _category(application, unread)
    yield from _qualification(application, unread)
    yield from check_authorisation(programme, application, offered, unread)


def _window(programme: Programme, application: Application, unread: Unread) -> Iterator[Finding]:
    """五、申报时间: what falls outside becomes a 储备项目.

    An accreditation is held against it only where it is what the application rests on: a
    platform that moved in (新迁入) may have been accredited long before.
    """
    platform = application.platform
    dated: list[tuple[Place, date | None]] = [
        (("term", "start"), application.term.start),
        (("platform", "category", "date"), platform.category.date),
        (("signed_on",), application.signed_on),
    ]
    is_known = not unread.touches("platform", "category", "kind")
    if is_known and platform.category.kind != "newly_relocated":
        dated.append((("platform", "accredited_on"), platform.accredited_on))
    window = programme.window
    for place, day in dated:
        if day and not window.start <= day <= window.end:
            yield warning(
                "window-outside",
                AnswerPlace(tuple(place)),
                label_of(place),
                f"“{label_of(place)}”{day} 不在兑现范围 {window.start} 至 {window.end} 之内，"
                f"将视为{window.outside}，不列入本次评审。",
                "请核对日期；日期无误的，请先与受理部门联系确认。",
            )


def _caps(programme: Programme, application: Application, unread: Unread) -> Iterator[Finding]:
    """二、支持资金: an area above the cap is a fact that stays; a longer term can't be granted."""
    platform, support = application.platform, programme.support
    office = "rd_office_area_sqm"
    is_there = platform.rd_office_area_sqm is not None or unread.touches("platform", office)
    key = office if is_there else "total_area_sqm"
    area = getattr(platform, key)
    if area is not None and area > support.area_sqm:
        place = ("platform", key)
        yield warning(
            "area-over-limit",
            AnswerPlace(place),
            label_of(place),
            f"“{label_of(place)}”{square_metres(area)}超过补贴面积上限{square_metres(support.area_sqm)}，"
            "超出部分不予补贴。",
            "面积如实填写即可；请核对与租赁合同、发票是否一致。",
        )
    term = application.term
    if term.start and term.end and term.end >= _years_later(term.start, support.years):
        yield error(
            "term-too-long",
            AnswerPlace(("term", "end")),
            label_of(("term", "end")),
            f"起止年限 {term.start} 至 {term.end} 超过连续支持的上限 {support.years} 年。",
            f"请把起止年限改为不超过 {support.years} 年。",
        )


def _years_later(day: date, years: int) -> date:
    """The first day that is more than `years` after the span began, counting its first day.

    A span to the same date (2024-04-01 to 2027-04-01) is how people write three years, and is
    let pass.
    """
    try:
        same = day.replace(year=day.year + years)
    except ValueError:  # 29 February, or past the calendar's end
        same = date(min(day.year + years, date.max.year), 3, 1)
    return date.fromordinal(min(same.toordinal() + 1, date.max.toordinal()))


def _category(application: Application, unread: Unread) -> Iterator[Finding]:
    category, place = application.platform.category, ("platform", "category", "date")
    if category.kind and category.date is None and not unread.touches(*place):
        name = {"newly_accredited": "新认定的建设时间", "newly_relocated": "新迁入的迁入时间"}
        yield error(
            "category-date-missing",
            AnswerPlace(place),
            label_of(place),
            f"平台类别没有填写{name[category.kind]}。",
            MendAnswer("请在{}填写日期，如 2025-03-01。", (place,)),
        )


def _qualification(application: Application, unread: Unread) -> Iterator[Finding]:
    platform = application.platform
    other = ("platform", "other_qualification", "name")
    if unread.touches("platform", "qualifications") or unread.touches(*other):
        return
    if not platform.qualifications and not platform.other_qualification.name:
        place = ("platform", "qualifications")
        yield error(
            "qualification-missing",
            AnswerPlace(place),
            label_of(place),
            "平台资质一项都没有勾选。",
            MendAnswer("请在{}写明资质，或在{}写明其他类别。", (place, other[:2])),
        )


def check_authorisation(
    programme: Programme, application: Application, offered: Sequence[Offered], unread: Unread
) -> Iterator[Finding]:
    """三（二）4: several founders, or an applicant that is none of them."""
    founders, applicant = application.founders, application.applicant
    if _may_be_listed(programme, application, unread):
        return
    count = len(founders) + unread.beyond("founders", len(founders))
    is_known = not unread.within("founders", "name", "uscc")
    is_known = is_known and not unread.touches("applicant", "uscc")
    strangers = bool(is_known and founders and applicant.name) and not any(
        founder.name == applicant.name
        or (founder.uscc is not None and founder.uscc == applicant.uscc)
        for founder in founders
    )
    if not strangers and count < 2:
        return
    rule = programme.authorisation
    if any(
        word in item.title or word in item.file
        for item in offered
        if item.material.id == rule.material
        for word in rule.words
    ):
        return
    reason = "申报单位不是所列设立主体" if strangers else f"共有 {count} 个设立主体"
    material = programme.material(rule.material)
    yield error(
        "authorisation-missing",
        MaterialPlace(material.id),
        material.title,
        f"{reason}，但“{material.title}”中没有授权证明。",
        "请补充其他单位出具的授权证明，标题或文件名写明“授权证明”。",
    )


def _may_be_listed(programme: Programme, application: Application, unread: Unread) -> bool:
    """Whether an entry of the list that is not understood whole may be the authorisation."""
    if unread.within("attachments"):
        return True
    rule = programme.authorisation
    for index, entry in enumerate(application.attachments or ()):
        is_open = unread.touches("attachments", index, "material")
        if not is_open and entry.material != rule.material:
            continue
        names = ("title", entry.title), ("file", entry.file)
        if any(unread.touches("attachments", index, key) for key, _ in names):
            return True
        if is_open and any(word in (text or "") for word in rule.words for _, text in names):
            return True
    return False
