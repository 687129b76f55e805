"""A notice as frozen models: rules, materials, forms, print and binding."""

from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, model_validator

from sjs_forms.base.files.safe_names import safe_name
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.notice.frozen_model import FrozenModel, WrongAt
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.notice.notice_templates import NoticeTemplates
from sjs_forms.domain.print_rules import Binding, Print
from sjs_forms.domain.reading_rules import ReadingRule


class Material(FrozenModel):
    """One of the kinds of material that the notice asks for (四（一）).

    `form` is the generated form used until its stamped scan exists. `stamped` means that the notice
    wants a scan with the seal, `word` that the portal also wants the form's Word file. Colours are
    CSS hex; `colour_name` is the common name of the divider's colour.
    """

    id: str
    title: str
    short: str
    colour: str = Field(pattern=r"^#[0-9A-F]{6}$")
    colour_name: str
    ink: str = Field(pattern=r"^#[0-9A-F]{6}$")
    hint: str = ""
    form: str | None = None
    stamped: bool = False
    word: bool = False

    @model_validator(mode="after")
    def _word_is_of_a_form(self) -> Self:
        if self.word and not self.form:
            raise ValueError(f"材料“{self.id}”写了 word，须同时写 form")
        return self


class Form(FrozenModel):
    """One of the notice's forms. `number` is 附1, `title` 申请表."""

    id: str
    number: str
    title: str

    @property
    def stem(self) -> str:
        """The file name without its suffix: 附1_申请表."""
        return f"{self.number}_{self.title}"


class CoverLine(FrozenModel):
    """A line of the cover: its label and the answers at these paths, separated by a dash.

    `blank` is printed for an answer that will be written by hand.
    """

    label: str
    answers: tuple[str, ...] = Field(min_length=1)
    blank: str = ""


class ReviewColumn(FrozenModel):
    """A column by which reviewers compare applicants: its label and the answers at these paths.

    If `shared`, the table names other applicants with the same answer.
    """

    label: str
    answers: tuple[str, ...] = Field(min_length=1)
    shared: bool = False


class VolumeWords(FrozenModel):
    """Words printed on the volume's own pages, and the lines of its cover."""

    cover_title: str
    cover_lines: tuple[CoverLine, ...]
    contents_title: str
    placeholder_title: str
    draft_mark: str


class Window(FrozenModel):
    """The period of the notice (五), inclusive. `outside` is the status of applications
    outside it.
    """

    start: date
    end: date
    outside: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise WrongAt("end 不能早于 start", "end")
        return self


class Support(BaseModel):
    """The caps of the support (二): numbers whose names the notice chooses.

    The rules of fields.toml refer to them: notice.support.years.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, float]


class Authorisation(FrozenModel):
    """The document that `needs_file` rules require, and how it is recognised.

    It is a file of `material` with one of `words` in its title or file name. `title` is its name
    (三（二）4: 授权证明).
    """

    title: str
    material: str
    words: tuple[str, ...] = Field(min_length=1)


class Blanks(FrozenModel):
    """The characters that the forms print for a ticked and an empty box."""

    tick_on: str
    tick_off: str


class SealRule(FrozenModel):
    """A place of the seal: the cover, the fore-edge of all sheets, or in a material.

    In a material it is on the `first` side of the first document, the `last` side of the last, or
    the first side of `each`.
    """

    title: str
    at: Literal["cover", "fore-edge", "first", "last", "each"]
    material: str | None = None

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.material is None) != (self.at in ("cover", "fore-edge")):
            raise ValueError(
                f"盖章处“{self.title}”：at 是 first、last、each 的须写 material，其余的不写"
            )
        return self


class Portal(FrozenModel):
    """How files are prepared for the portal (四（一）在线申报).

    The scans of a merged file above `max_file_mb` (millions of bytes) are reduced to `dpi`; grey
    and colour become JPEG of `jpeg_quality`.
    """

    max_file_mb: float = Field(gt=0)
    dpi: int = Field(ge=100, le=600)
    jpeg_quality: int = Field(ge=50, le=95)

    @property
    def max_bytes(self) -> int:
        """The limit in bytes."""
        return round(self.max_file_mb * 1_000_000)


class Programme(FrozenModel):
    """A notice: its rules and questions, its materials, its forms and how it is printed."""

    id: str
    title: str
    notice: str
    year: int = Field(ge=1900, le=9999)
    issuers: tuple[str, ...]
    submit_to: str
    volume: VolumeWords
    window: Window | None = None
    support: Support = Support()
    authorisation: Authorisation | None = None
    blanks: Blanks
    print: Print
    binding: Binding
    portal: Portal
    intake: IntakeLimits
    seals: tuple[SealRule, ...]
    review: tuple[ReviewColumn, ...] = ()
    reading: tuple[ReadingRule, ...] = ()
    materials: tuple[Material, ...] = Field(min_length=1)
    forms: tuple[Form, ...]
    fields: InstanceOf[NoticeFields]
    folder: Path

    @model_validator(mode="after")
    def _ids_are_told_apart(self) -> Self:
        for name, listed in (("materials", self.materials), ("forms", self.forms)):
            ids = [each.id for each in listed]
            for number, id_ in enumerate(ids):
                if id_ in ids[:number]:
                    raise WrongAt(f"前面已经有一个 id 是“{id_}”", name, number, "id")
        return self

    @model_validator(mode="after")
    def _names_are_names_of_files(self) -> Self:
        names = [("materials", n, "short", one.short) for n, one in enumerate(self.materials)]
        names += [("forms", n, "number", one.number) for n, one in enumerate(self.forms)]
        names += [("forms", n, "title", one.title) for n, one in enumerate(self.forms)]
        for holder, number, key, name in names:
            if safe_name(name) != name:
                raise WrongAt(
                    f"“{name}”要用作文件名，不能有 / : * 等字符，也不能太长", holder, number, key
                )
        stems = [form.stem for form in self.forms]
        for number, stem in enumerate(stems):
            if stem in stems[:number]:
                raise WrongAt(f"前面已经有一张表叫“{stem}”", "forms", number, "number")
        return self

    @model_validator(mode="after")
    def _materials_and_forms_are_known(self) -> Self:
        forms = {form.id for form in self.forms}
        for number, material in enumerate(self.materials):
            if material.form is not None and material.form not in forms:
                said = f"“{material.form}”不是任何一张表，[[forms]] 里没有这个 id"
                raise WrongAt(said, "materials", number, "form")
        known = {None, *(material.id for material in self.materials)}
        for number, seal in enumerate(self.seals):
            if seal.material not in known:
                raise WrongAt(f"没有“{seal.material}”这种材料", "seals", number, "material")
        if self.authorisation is not None and self.authorisation.material not in known:
            said = f"没有“{self.authorisation.material}”这种材料"
            raise WrongAt(said, "authorisation", "material")
        return self

    @model_validator(mode="after")
    def _needed_file_is_described(self) -> Self:
        if self.authorisation is None and any(r.name == "needs_file" for r in self.fields.rules):
            raise ValueError("有 needs_file 规则，缺少 [authorisation]")
        return self

    @model_validator(mode="after")
    def _cover_has_known_answers(self) -> Self:
        for line in self.volume.cover_lines:
            for path in line.answers:
                if self.fields.answer_at(tuple(path.split("."))) is None:
                    said = f"封面“{line.label}”：没有“{path}”这一项"
                    raise WrongAt(said, "volume", "cover_lines")
        return self

    @model_validator(mode="after")
    def _review_has_known_answers(self) -> Self:
        for column in self.review:
            for path in column.answers:
                place = tuple(path.split("."))
                if not self.fields.question_at(place):
                    said = f"评审汇总“{column.label}”：没有“{path}”这一项"
                    raise WrongAt(said, "review")
        return self

    @model_validator(mode="after")
    def _reading_has_known_answers(self) -> Self:
        materials = {material.id for material in self.materials}
        for number, rule in enumerate(self.reading):
            if rule.material not in materials:
                raise WrongAt(f"没有“{rule.material}”这种材料", "reading", number, "material")
            for path in rule.answers.values():
                if self.fields.answer_at(tuple(path.split("."))) is None:
                    said = f"“{rule.material}”：没有“{path}”这一项"
                    raise WrongAt(said, "reading", number, "answers")
        return self

    @property
    def dated(self) -> date:
        """The date stored in files, which is the notice's so that it is always the same."""
        return self.window.start if self.window else date(self.year, 1, 1)

    @property
    def templates(self) -> NoticeTemplates:
        """The notice's templates."""
        places = {answer.label: ".".join(map(str, answer.place)) for answer in self.fields.fields}
        return NoticeTemplates(self.id, self.folder, places)

    @property
    def needed_file(self) -> Authorisation:
        """The document that `needs_file` rules require; only for a notice with such rules."""
        assert self.authorisation is not None
        return self.authorisation

    def material(self, material_id: str) -> Material:
        """Return the material with this id. Raises KeyError."""
        for material in self.materials:
            if material.id == material_id:
                return material
        raise KeyError(material_id)

    def number_of(self, material: Material) -> int:
        """Return the material's number in the notice, from 1."""
        return self.materials.index(material) + 1

    def form(self, form_id: str) -> Form:
        """Return the form with this id. Raises KeyError."""
        for form in self.forms:
            if form.id == form_id:
                return form
        raise KeyError(form_id)
