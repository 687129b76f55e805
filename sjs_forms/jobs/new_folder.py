"""Implements `new`: creates a folder to fill in, empty or with the complete sample."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import OutputUnwritable
from sjs_forms.base.output.output_folder import refuse_foreign, swap_folder, work_folder
from sjs_forms.base.resources import sample_folder
from sjs_forms.base.stable_bytes import json_bytes
from sjs_forms.domain.application import application_model
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER, material_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.places import where
from sjs_forms.domain.programme import Programme

GUIDE_FILE = "填写说明.md"


def make_folder(target: Path, programme_id: str | None = None) -> None:
    """An application.json with every key blank, a folder for each material, and a guide."""
    programme = load_programme(programme_id)

    def write(work: Path) -> None:
        (work / APPLICATION_FILE).write_bytes(json_bytes(_blank_application(programme)))
        (work / GUIDE_FILE).write_text(_guide(programme), encoding="utf-8")
        for material in programme.materials:
            (work / material_folder(programme, material)).mkdir(parents=True)

    _make(target, write)


def make_sample(target: Path) -> None:
    """Write the complete fictional application, ready to be built."""
    _make(target, lambda work: shutil.copytree(sample_folder(), work, dirs_exist_ok=True))


def _make(target: Path, write: Callable[[Path], Any]) -> None:
    if _holds_something(target):
        raise OutputUnwritable(
            f"“{target}”已经存在，里面有内容。", "请换一个文件夹名，以免覆盖已有的申报材料。"
        )
    refuse_foreign(target)
    with work_folder(target) as work:
        write(work)
        swap_folder(work, target)


def _holds_something(target: Path) -> bool:
    try:
        return any(target.iterdir())
    except OSError:
        return False


def _blank_application(programme: Programme) -> dict[str, Any]:
    """Every key of the notice, null; without `attachments`, so that the folders are searched.

    A table that must have rows begins with the first of them.
    """
    blank = application_model(programme)().model_dump(mode="json")
    blank.pop("attachments")
    blank["programme"] = programme.id
    fields = programme.fields
    for question in fields.fields:
        if isinstance(question.kind, RowsKind):
            keys = dict.fromkeys(fields.known_keys((*question.place, 0)))
            holder: Any = blank
            for step in question.place[:-1]:
                holder = holder[step]
            holder[question.place[-1]] = [dict(keys) for _ in range(question.kind.least)]
    return blank


def _guide(programme: Programme) -> str:
    lines = [
        f"# {programme.title}：怎样填写\n",
        f"1. 用记事本等编辑器打开 {APPLICATION_FILE}，把 null 换成双引号括起的内容；"
        '日期写成 "2025-03-01"，面积写数字；不填的保留 null。\n',
        "2. 把材料放进下面对应的文件夹；文件按名称排序，可用 01-、02- 开头排定先后：\n",
    ]
    for material in programme.materials:
        hint = f"（{material.hint}）" if material.hint else ""
        lines.append(f"   - {material_folder(programme, material)}：{material.title}{hint}")
    lines += [
        "\n3. 检查：`sjs-forms check 本文件夹`；生成两张表：`sjs-forms fill 本文件夹 -o 表格`。",
        "\n4. 表格打印、签字、盖章、扫描后放回对应的文件夹，"
        "再生成装订版：`sjs-forms build 本文件夹 -o 成册`。",
        f"\n要自己排定次序、只取某几页，可在 {APPLICATION_FILE} 中加 {ATTACHMENTS_FOLDER} 一项。\n",
    ]
    lines += ["\n各项内容：\n", *_questions(programme)]
    return "\n".join(lines)


def _questions(programme: Programme) -> Iterator[str]:
    """A line for each answer: its label, its key, and what to enter."""
    group = ""
    for answer in programme.fields.answers():
        if answer.group != group:
            group = answer.group
            yield f"\n{group}\n"
        required = "，必填" if answer.required else ""
        yield f"- {answer.label}（`{where(answer.place)}`{required}）：{_what(answer)}"


def _what(answer: Field) -> str:
    """What to enter; of choices, the words that may be written."""
    choices = getattr(answer.kind, "choices", ())
    if choices:
        return f"可写：{'、'.join(choice.label for choice in choices)}。"
    if isinstance(answer.kind, TextKind):
        return f"可写多段，换段写 \\n，最多 {answer.kind.limit:,} 个字。"
    return answer.ask()
