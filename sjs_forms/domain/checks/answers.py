"""Each answer judged by itself: required, well-formed, consistent with its neighbour."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from sjs_forms.base.finding_places import AnswerPlace
from sjs_forms.base.findings import Finding, error, warning
from sjs_forms.base.remedies import MendAnswer, Remedy
from sjs_forms.domain.application import REQUIRED, Application, LegalRepresentative, Liaison
from sjs_forms.domain.labels import Place, label_of, square_metres
from sjs_forms.domain.no_answer_words import no_answer
from sjs_forms.domain.unread_places import ALL_READ, Unread

_SEVERAL = re.compile(r"[/;,、，；]")
"""Between two numbers in one field."""
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|#)", re.IGNORECASE)
_BEIJING = "010"
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXYabcdefghjklmnpqrtuwxy"
"""Of a code: digits and letters without I, O, S, V and Z (GB 32100-2015)."""
_MISREAD = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
"""Letters that no code has, and what was most likely meant."""
_TEXTS = frozenset({"construction", "remarks", "opinion", "programme"})
"""Answers in which 无 is one, and keys that are none."""


def check_answers(application: Application, unread: Unread = ALL_READ) -> Iterator[Finding]:
    """Findings that need nothing but the answers themselves; an `unread` one is no blank."""
    yield from _required(application, (), unread)
    yield from _codes(application)
    yield from _dates(application)
    yield from _contact(application)
    yield from _areas(application)
    yield from _other_qualification(application, unread)
    yield from _people(application, unread)
    yield from _no_answers(application, ())
    yield from _left_blank(application, unread)


def _at(code: str, place: Place, message: str, remedy: Remedy | str) -> Finding:
    return error(code, AnswerPlace(tuple(place)), label_of(place), message, remedy)


def _required(model: BaseModel, place: tuple[str | int, ...], unread: Unread) -> Iterator[Finding]:
    """Blank required fields, wherever in the answers they stand."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        here = (*place, name)
        if field.json_schema_extra == REQUIRED and value in (None, ()):
            if unread.touches(*here):
                continue
            yield _at(
                "required-missing",
                here,
                f"“{label_of(here)}”没有填写。",
                MendAnswer("请在{}处填写。", (here,), link="的"),
            )
        elif isinstance(value, BaseModel):
            yield from _required(value, here, unread)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _required(item, (*here, index), unread)


def _codes(application: Application) -> Iterator[Finding]:
    from stdnum.cn import uscc

    coded: list[tuple[tuple[str | int, ...], str | None]] = [
        (("applicant", "uscc"), application.applicant.uscc)
    ]
    coded += [
        (("founders", index, "uscc"), founder.uscc)
        for index, founder in enumerate(application.founders)
    ]
    for place, code in coded:
        if code and not (uscc.is_valid(code) and uscc.compact(code) == code):
            yield _at(
                "uscc-invalid",
                place,
                f"“{label_of(place)}”{code} 不是有效的统一社会信用代码（{_code_fault(code)}）。",
                "请对照营业执照核对18位代码：大写字母和数字，不含 I、O、S、V、Z，不留空格。",
            )


def _code_fault(code: str) -> str:
    """What is wrong with a code: the first character that is none of a code's, else its length."""
    for number, character in enumerate(code, 1):
        plain = unicodedata.normalize("NFKC", character)
        if plain != character and len(plain) == 1 and plain in _CODE_CHARACTERS:
            return f"第{number}位“{character}”是全角字符，应为半角的 {plain}"
        if character.isspace() and len("".join(code.split())) == 18:
            return f"第{number}位是空格"
    if len(code) != 18:
        return f"应为18位，现为{len(code)}位"
    if code != code.upper():
        return "字母应为大写"
    for number, character in enumerate(code, 1):
        if character in _MISREAD:
            return f"第{number}位“{character}”不会出现在代码中，多半是 {_MISREAD[character]}"
        if character not in _CODE_CHARACTERS:
            return f"第{number}位“{character}”不会出现在代码中"
    return "校验位不符，可能有一位写错"


def _no_answers(model: BaseModel, place: tuple[str | int, ...]) -> Iterator[Finding]:
    """Lines that say 无 or 同上: the form would print them as the answer."""
    for name in type(model).model_fields:
        value, here = getattr(model, name), (*place, name)
        if isinstance(value, BaseModel):
            yield from _no_answers(value, here)
        elif isinstance(value, tuple) and name != "attachments":
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _no_answers(item, (*here, index))
        elif isinstance(value, str) and name not in _TEXTS and (said := no_answer(value)):
            label = label_of(here)
            yield warning(
                "no-answer",
                AnswerPlace(here),
                label,
                f"“{label}”写的是“{value}”，会照样印在表上。",
                "没有这一项的请留空。" if said == "nothing" else "请写出完整的内容。",
            )


def _dates(application: Application) -> Iterator[Finding]:
    term = application.term
    if term.start and term.end and term.end < term.start:
        yield _at(
            "date-order",
            ("term", "end"),
            f"起止年限的截止日期 {term.end} 早于开始日期 {term.start}。",
            MendAnswer("请核对{}与{}是否写反。", (("term", "start"), ("term", "end"))),
        )


def _contact(application: Application) -> Iterator[Finding]:
    contact = application.contact
    if contact.phone:
        yield from _phone(("contact", "phone"), contact.phone)
    if contact.email:
        yield from _email(("contact", "email"), contact.email)
    for name, person in _officers(application):
        for kind in ("mobile", "landline"):
            number = getattr(person, kind)
            if number:
                yield from _phone((name, kind), number)


def _officers(
    application: Application,
) -> tuple[tuple[str, LegalRepresentative | Liaison], ...]:
    return (
        ("legal_representative", application.legal_representative),
        ("liaison", application.liaison),
    )


def _phone(place: tuple[str, ...], written: str) -> Iterator[Finding]:
    if not all(_dialable(number, place[-1]) for number in _SEVERAL.split(written)):
        kind = "手机号码" if place[-1] == "mobile" else "电话号码"
        yield _at(
            "phone-invalid",
            place,
            f"“{label_of(place)}”{written} 不像有效的{kind}。",
            "手机写11位数字；座机写区号和号码，如 010-68863654；分机写成 转123。",
        )


def _dialable(written: str, kind: str) -> bool:
    """Whether a number can be dialled in China; eight digits alone are taken as Beijing's."""
    import phonenumbers

    try:
        number = phonenumbers.parse(_EXTENSION.split(written)[0], "CN")
        local = phonenumbers.parse(f"{_BEIJING}{number.national_number}", "CN")
    except phonenumbers.NumberParseException:
        return False
    if kind == "mobile":
        return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    return (
        phonenumbers.is_valid_number(number)
        or phonenumbers.is_valid_short_number(number)
        or (len(str(number.national_number)) == 8 and phonenumbers.is_valid_number(local))
    )


def _email(place: tuple[str, ...], written: str) -> Iterator[Finding]:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(written, check_deliverability=False)
    except EmailNotValidError:
        yield _at(
            "email-invalid",
            place,
            f"“{label_of(place)}”{written} 不是有效的邮箱地址。",
            "请核对，应为 name@example.cn 的样子，用英文半角字符，中间不留空格。",
        )


def _areas(application: Application) -> Iterator[Finding]:
    platform = application.platform
    total, office = platform.total_area_sqm, platform.rd_office_area_sqm
    if total is not None and office is not None and office > total:
        yield _at(
            "area-order",
            ("platform", "rd_office_area_sqm"),
            f"研发及办公面积（{square_metres(office)}）大于总面积（{square_metres(total)}）。",
            "请核对两个面积：研发及办公面积是总面积的一部分。",
        )


def _other_qualification(application: Application, unread: Unread) -> Iterator[Finding]:
    other, place = application.platform.other_qualification, ("platform", "other_qualification")
    if place in unread.places or place[:1] in unread.places:
        return
    keys = type(other).model_fields
    given = [key for key in keys if getattr(other, key) or unread.touches(*place, key)]
    missing = [key for key in keys if key not in given]
    if given and missing:
        names = {"name": "名称", "level": "级别（国家级/市级）", "authority": "认定部门"}
        yield _at(
            "other-qualification-incomplete",
            (*place, missing[0]),
            "平台资质的其他类别没有写全，还缺：" + "、".join(names[key] for key in missing) + "。",
            MendAnswer(
                "通知要求同时写明名称、级别和认定部门；没有其他类别的，请把{}留空。", (place,)
            ),
        )


def _people(application: Application, unread: Unread) -> Iterator[Finding]:
    for name, person in _officers(application):
        is_unread = any(unread.touches(name, kind) for kind in ("mobile", "landline"))
        if person.name and not (person.mobile or person.landline or is_unread):
            yield _at(
                "contact-number-missing",
                (name, "mobile"),
                f"“{label_of((name,))}”只写了姓名，没有手机或座机。",
                MendAnswer("请在{}或{}至少填一个号码。", ((name, "mobile"), (name, "landline"))),
            )


_AS_ONE: Mapping[tuple[str | int, ...], tuple[str | int, ...]] = {
    ("term", "start"): ("term",),
    ("term", "end"): ("term",),
    ("platform", "category", "kind"): ("platform", "category"),
    ("legal_representative", "name"): ("legal_representative",),
    ("liaison", "name"): ("liaison",),
}
"""Answers that are named as what they are part of."""


def _left_blank(application: Application, unread: Unread) -> Iterator[Finding]:
    """One warning for all optional blanks, so that none is left open unawares."""
    platform, term = application.platform, application.term
    answers: dict[tuple[str | int, ...], object] = {
        ("applicant", "uscc"): application.applicant.uscc,
        ("term", "start"): term.start,
        ("term", "end"): term.end,
        ("platform", "accredited_on"): platform.accredited_on,
        ("platform", "accredited_by"): platform.accredited_by,
        ("platform", "construction"): platform.construction,
        ("platform", "category", "kind"): platform.category.kind,
        ("platform", "total_area_sqm"): platform.total_area_sqm,
        ("platform", "rd_office_area_sqm"): platform.rd_office_area_sqm,
        ("legal_representative", "name"): application.legal_representative.name,
        ("liaison", "name"): application.liaison.name,
    }
    for index, founder in enumerate(application.founders):
        answers["founders", index, "uscc"] = founder.uscc
        answers["founders", index, "address"] = founder.address
    blank = dict.fromkeys(
        _AS_ONE.get(place, place)
        for place, answer in answers.items()
        if not answer and not unread.touches(*place)
    )
    if blank:
        first = next(iter(blank))
        yield warning(
            "blank-left",
            AnswerPlace(first),
            label_of(first),
            "以下各项没有填写，表上将留空：" + "、".join(label_of(place) for place in blank) + "。",
            "确实要手填的可以不管；否则请补填后再生成。",
        )
