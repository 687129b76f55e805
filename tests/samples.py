"""Applications and files that tests start from."""

import copy
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace
from sjs_forms.domain.answers.answer_schema import json_schema
from sjs_forms.domain.application import application_model
from sjs_forms.domain.checks import check_application
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.domain.places import place_of
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import PageFacts, SourceFacts
from sjs_forms.domain.sources import Source

FIXTURES = Path(__file__).parent.parent / "fixtures"
MINIMAL = FIXTURES / "minimal"
SAMPLE = FIXTURES / "sample"
REFUSED = FIXTURES / "refused"

Answers = dict[str, Any]
Step = str | int

MATERIALS = (
    "application-form",
    "lease",
    "evidence",
    "licence",
    "financials",
    "bank-account",
    "commitment",
)


def minimal_answers() -> Answers:
    """The required answers and no more."""
    return _answers(MINIMAL)


def sample_answers() -> Answers:
    """An answer for every key."""
    return _answers(SAMPLE)


def _answers(folder: Path) -> Answers:
    answers: Answers = json.loads((folder / "application.json").read_text(encoding="utf-8"))
    return answers


def write_application(folder: Path, answers: Any) -> Path:
    """Put answers into a folder as its application.json; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(answers, ensure_ascii=False, indent=2)
    (folder / "application.json").write_text(text, encoding="utf-8")
    return folder


def write_pdf(path: Path, pages: int = 1, mark: str = "") -> Path:
    """A PDF of blank A4 pages; files with different marks have different bytes."""
    import pikepdf

    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(A4_WIDTH, A4_HEIGHT))
        pdf.docinfo["/Title"] = pikepdf.String(mark)
        pdf.save(path, deterministic_id=True)
    return path


def steps_of(path: str) -> tuple[Step, ...]:
    """`founders[0].uscc` as ("founders", 0, "uscc")."""
    return tuple(
        int(index) if index else key for index, key in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    )


def put(answers: Answers, path: str, value: Any) -> Answers:
    """A copy of the answers with one of them changed; missing objects on the way are made."""
    changed = copy.deepcopy(answers)
    holder: Any = changed
    *way, last = steps_of(path)
    for step in way:
        holder = holder.setdefault(step, {}) if isinstance(step, str) else holder[step]
    holder[last] = value
    return changed


def without(answers: Answers, path: str) -> Answers:
    """A copy of the answers with one of them taken out."""
    changed = copy.deepcopy(answers)
    holder: Any = changed
    *way, last = steps_of(path)
    for step in way:
        holder = holder[step]
    del holder[last]
    return changed


def the_programme() -> Programme:
    """The first notice that is installed."""
    return load_programme(installed_programmes()[0])


def placed(where: str) -> Any:
    """The place of a finding that is printed so."""
    if not where:
        return WHOLE
    return FilePlace(where) if "/" in where else AnswerPlace(place_of(where))


Application = application_model(the_programme())
"""The answers to the questions of that notice."""

QUALIFICATIONS = tuple(
    choice.id
    for choice in the_programme().fields.answer_at(("platform", "qualifications")).kind.choices
)


def offered_file(material: str, title: str = "文件", **others: Any) -> Offered:
    """An attachment as if it had been found on disk."""
    file = f"attachments/{title}.pdf"
    values = {
        "place": placed(others.pop("where", file)),
        "file": file,
        "path": Path(file),
        **others,
    }
    return Offered(material=the_programme().material(material), title=title, **values)


def source_of(
    material: str,
    title: str = "文件",
    *,
    sha256: str | None = None,
    pages: Sequence[int] = (0,),
    facts: Sequence[PageFacts] = (PageFacts(A4_WIDTH, A4_HEIGHT, scanned=True),),
    remarks: tuple[Finding, ...] = (),
    **others: Any,
) -> Source:
    """An opened attachment; by default one scanned page with bytes of its own."""
    found = SourceFacts(
        sha256 or f"{material}/{title}", Path("x.pdf"), tuple(facts), remarks=remarks
    )
    return Source(offered_file(material, title, **others), found, tuple(pages))


def all_materials() -> list[Source]:
    """One scanned document of every kind that the notice asks for."""
    return [source_of(material, f"{material}-授权证明") for material in MATERIALS]


def judge(answers: Answers, offered: Sequence[Offered] = ()) -> tuple[Finding, ...]:
    """Findings about the answers."""
    return check_application(the_programme(), Application.model_validate(answers), offered)


def only(findings: Iterable[Finding], code: str) -> Finding:
    """The one finding of that code."""
    (found,) = [finding for finding in findings if finding.code == code]
    return found


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes, sorted."""
    return sorted(finding.code for finding in findings)


def errors(findings: Iterable[Finding]) -> list[str]:
    """The codes of those that block, sorted."""
    return codes(finding for finding in findings if finding.severity == "error")


def resolves(where: str, answers: Any, folder: Path | None = None) -> bool:
    """Whether `where` leads to a place: a file, a key that is written, or one of the schema's."""
    if not where or (folder and (folder / where.partition("#")[0]).exists()):
        return True
    if where == "attachments":
        return False
    if where.startswith("material:"):
        return where in {f"material:{material.id}" for material in the_programme().materials}
    schema = _schema()
    rule: Any = schema
    value = answers
    for step in steps_of(where):
        written = (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        rule = _below(rule, step)
        if not written and (rule is None or isinstance(step, int)):
            return False
        value = value[step] if written else None
    return True


@cache
def _schema() -> dict[str, Any]:
    return json_schema(the_programme().fields)


def _below(rule: Any, step: Step) -> Any:
    for known in (rule or {}).get("anyOf", [rule or {}]):
        if isinstance(step, int) and "items" in known:
            return known["items"]
        if step in known.get("properties", {}):
            return known["properties"][step]
    return None


def is_chinese_sentence(text: str) -> bool:
    """Whether a text is Chinese and ends like a sentence."""
    return text.endswith("。") and any("\u4e00" <= character <= "\u9fff" for character in text)
