"""Parses application.json into an `Application`, or into findings that say why not."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sjs_forms.base.findings.finding import MAX_FINDINGS, Finding, blocking, capped, error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.remedies import (
    ANSWERS_FILE,
    MendAnswersFile,
)
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.answers.written_answers import understand_answers
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.installed_notices import (
    installed_programmes,
    load_programme,
    readable_programmes,
)
from sjs_forms.domain.json_text.answer_faults import fault_finding, place_of_fault, written_twice
from sjs_forms.domain.json_text.json_mistakes import mistake_of
from sjs_forms.domain.json_text.text_encodings import kind_of_bytes, program_of_bytes
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import written_at
from sjs_forms.domain.programme import Programme

MAX_BYTES = 5_000_000
"""Limit on the file in bytes; no real application.json is larger."""

MAX_VALUES = 50_000
"""Limit on values, keys and items included; a real one has some hundreds."""

_SHOWN = 60
"""Characters of a line that a message quotes."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[A-Za-z]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parsed application.json. Everything `unread` is blank.

    `application` is None if the file as a whole cannot be parsed; the findings of `unread` say why.
    """

    application: Application | None
    unread: UnreadPlaces = ALL_READ


def parse_application(data: bytes) -> tuple[Application | None, tuple[Finding, ...]]:
    """Return the answers, or None and all errors of syntax, keys and types at once."""
    parsed = read_answers(data)
    findings = parsed.unread.findings
    return (None if blocking(findings) else parsed.application), findings


def read_answers(
    data: bytes, called: str = ANSWERS_FILE, programme_id: str | None = None
) -> Parsed:
    """Return the answers in `data` that can be parsed, and a finding for each that cannot.

    `called` is the name of the file in messages. Answers that name no notice belong to the one with
    `programme_id`. If there are more faults than are reported for one application, no answer is
    used.
    """
    raw, repeated, problem = _json_object(data, called)
    if raw is None:
        return Parsed(None, UnreadPlaces(findings=problem))
    if programme_id and raw.get("programme") in (None, ""):
        raw["programme"] = programme_id
    programme = notice_of(raw)
    fields, model = programme.fields, application_model(programme)
    findings = [written_twice(fields, place) for place in repeated[:MAX_FINDINGS]]
    judged = understand_answers(fields, raw)
    findings += judged.findings[:MAX_FINDINGS]
    count, waiting, places = len(repeated) + len(judged.findings), repeated, set(repeated)
    places |= judged.places
    while True:
        application, faults = _validated(model, raw)
        findings += [fault_finding(fields, fault) for fault in faults[:MAX_FINDINGS]]
        count += len(faults)
        if not faults and not waiting:
            return Parsed(application, UnreadPlaces(frozenset(places), tuple(findings)))
        if count > MAX_FINDINGS:
            break
        # Backwards, so that removing list items does not shift those still to be removed.
        found = [place for fault in reversed(faults) for place in _blank_out(raw, fault)]
        if not waiting and places.issuperset(found):
            break
        for place in waiting:
            _remove(raw, place)
        places |= {*found, *_misspelt(fields, raw, found)}
        waiting = ()
    return Parsed(None, UnreadPlaces(findings=capped(findings[:MAX_FINDINGS], _unreported(count))))


def notice_of(raw: Mapping[str, Any]) -> Programme:
    """Return the notice that an application answers: the one that it names.

    If it names none that is installed, that is the one with whose questions most of its keys
    agree. Notices that cannot be read are skipped. Raises BadNotice if that is the named or the
    only one, UsageFault if no notice is installed.
    """
    known = installed_programmes()
    named = raw.get("programme")
    if named in known:
        return load_programme(str(named))
    if len(known) < 2:
        return load_programme()
    return max(
        readable_programmes(),
        key=lambda each: len(set(raw).intersection(each.fields.known_keys(()))),
    )


def _validated(
    model: type[Application], raw: dict[str, Any]
) -> tuple[Application | None, Sequence[ErrorDetails]]:
    try:
        return model.model_validate(raw), ()
    except ValidationError as problem:
        return None, problem.errors(include_url=False)


def _blank_out(raw: dict[str, Any], fault: ErrorDetails) -> Iterator[tuple[str | int, ...]]:
    """Remove what pydantic refused; yields the places left blank.

    An item that should be an object becomes an empty one, so that later items keep their indices.
    """
    place = place_of_fault(fault)
    value = written_at(raw, place)
    if fault["type"] == "too_long":
        most = fault["ctx"]["max_length"]
        yield from ((*place, index) for index in range(most, len(value)))
        del value[most:]
    elif fault["type"] == "string_unicode" and isinstance(value, dict):
        for key in [key for key in value if not _is_text(key)]:
            yield (*place, key)
            del value[key]
    elif fault["type"] == "model_type" and isinstance(place[-1], int):
        yield place
        written_at(raw, place[:-1])[place[-1]] = {}
    else:
        yield place
        _remove(raw, place)


def _is_text(key: str) -> bool:
    """Return whether a key has no lone surrogate."""
    return not any("\ud800" <= character <= "\udfff" for character in key)


def _misspelt(
    fields: NoticeFields, raw: dict[str, Any], refused: Iterable[tuple[str | int, ...]]
) -> Iterator[tuple[str | int, ...]]:
    """Yield the places that unknown keys were probably meant for."""
    for *holder, key in refused:
        known = fields.known_keys(holder)
        if isinstance(key, str) and key not in known:
            meant = nearest(key, known)
            if meant and not written_at(raw, (*holder, meant)):
                yield (*holder, meant)


def _remove(raw: dict[str, Any], place: tuple[str | int, ...]) -> None:
    """Remove a key or a list item if it exists."""
    holder = written_at(raw, place[:-1])
    if isinstance(holder, dict):
        holder.pop(place[-1], None)
    elif isinstance(holder, list) and isinstance(place[-1], int):
        del holder[place[-1]]


def _json_object(
    data: bytes, called: str
) -> tuple[dict[str, Any] | None, Sequence[tuple[str | int, ...]], tuple[Finding, ...]]:
    """Return the root object and the places of duplicate keys; or what is wrong."""
    if len(data) > MAX_BYTES:
        return None, (), (_too_large(called, f"超过 {MAX_BYTES // 1_000_000} MB"),)
    if foreign := _no_text(called, data):
        return None, (), (foreign,)
    try:
        raw, repeated = _load(data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        return None, (), (_not_utf8(called, data, problem),)
    except json.JSONDecodeError as problem:
        return None, (), (_bad_syntax(called, problem),)
    except _TooManyValues:
        return None, (), (_too_large(called, f"里的内容超过 {MAX_VALUES:,} 项"),)
    except (RecursionError, ValueError):
        return None, (), (_not_understood(called, *_DEEP),)
    if not isinstance(raw, dict):
        return None, (), (_not_understood(called, *_NO_OBJECT),)
    return raw, repeated, ()


def _too_large(called: str, how: str) -> Finding:
    return error(
        "json-too-large",
        WHOLE,
        called,
        f"{called} {how}，不像是手工填写的申报数据。",
        MendAnswersFile("请检查是否误把其他文件存成了{}。"),
    )


_DEEP = "的内容嵌套过深，或含有过长的数字，无法读取。", "把内容照样填入"
_NO_OBJECT = "最外层应是一对花括号 { }。", "改正写法"


def _not_understood(called: str, what: str, then: str) -> Finding:
    return error(
        "json-syntax",
        WHOLE,
        called,
        f"{called} {what}",
        MendAnswersFile(f"请对照一份空白的{{}}，{then}。", has_model=True),
    )


def _unreported(count: int) -> int:
    """Return how many of so many errors are not reported individually."""
    return max(0, count - MAX_FINDINGS)


class _Object(dict[str, Any]):
    """A JSON object that records duplicate keys."""

    repeated: tuple[str, ...] = ()


def _load(text: str) -> tuple[Any, tuple[tuple[str | int, ...], ...]]:
    """Return the JSON value and the place of every duplicate key."""

    def as_object(pairs: list[tuple[str, Any]]) -> _Object:
        made = _Object(pairs)
        if len(made) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            made.repeated = tuple(sorted(key for key, count in counts.items() if count > 1))
        return made

    def not_json(constant: str) -> Any:
        raise json.JSONDecodeError(f"{constant} is not JSON", text, _position(text, constant))

    value = json.loads(text, object_pairs_hook=as_object, parse_constant=not_json)
    return value, tuple(_repeated(value))


def _repeated(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of each duplicate key. Raises _TooManyValues."""
    waiting: deque[tuple[tuple[str | int, ...], Any]] = deque([((), value)])
    seen = 0
    while waiting:
        place, value = waiting.popleft()
        if isinstance(value, _Object):
            for key in value.repeated:
                yield (*place, key)
            inner: Iterable[tuple[str | int, Any]] = value.items()
        elif isinstance(value, list):
            inner = enumerate(value)
        else:
            continue
        seen += len(value)
        if seen > MAX_VALUES:
            raise _TooManyValues
        waiting.extend(((*place, step), below) for step, below in inner)


class _TooManyValues(ValueError):
    """Raised for more values than a real application has."""


def _position(text: str, constant: str) -> int:
    """Return the position of a constant such as NaN in JSON text, ignoring strings."""
    for token in _TOKEN.finditer(text):
        if token[0] == constant:
            return token.start()
    return 0


def _not_utf8(called: str, data: bytes, problem: UnicodeDecodeError) -> Finding:
    line = data.count(b"\n", 0, problem.start) + 1
    known = kind_of_bytes(data)
    is_what = f"看来是 {known}" if known else f"第 {line} 行起无法识别"
    return error(
        "json-encoding",
        WHOLE,
        called,
        f"{called} 不是 UTF-8 编码（{is_what}）。",
        MendAnswersFile("请用记事本打开，“另存为”时把编码选为 UTF-8，再试。"),
    )


def _no_text(called: str, data: bytes) -> Finding | None:
    """Return the finding on a file of another program that was named application.json."""
    program = program_of_bytes(data)
    if program is None:
        return None
    return error(
        "json-encoding",
        WHOLE,
        called,
        f"{called} 不是纯文本，而是{program}的文件。",
        MendAnswersFile("请用记事本填写，存成编码为 UTF-8 的{}。", has_model=True),
    )


def _bad_syntax(called: str, problem: json.JSONDecodeError) -> Finding:
    text, mistake = problem.doc, mistake_of(problem)
    start = text.rfind("\n", 0, mistake.at) + 1
    line, column = text.count("\n", 0, mistake.at) + 1, mistake.at - start + 1
    whole = text[start:].partition("\n")[0]
    shown = whole[max(0, column - _SHOWN // 2) :] if len(whole) > _SHOWN else whole
    return error(
        "json-syntax",
        WHOLE,
        called,
        f"{called} 第 {line} 行第 {column} 列附近写法有误"
        f"（{mistake.hint}）：“{shown.strip()[:_SHOWN]}”。",
        MendAnswersFile(
            "请检查这一处及其上一行：引号、逗号、冒号须用英文半角，成对出现；最后一项后面不能有逗号。"
        ),
    )
