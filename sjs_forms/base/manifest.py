"""The model of manifest.json, with which it is written and read.

Names and order of keys are those of the file. Keys missing in an earlier version have defaults;
additional keys of a later version are ignored.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.base.system_errors import is_system_error, unreadable_file

MANIFEST = "manifest.json"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


Text = Annotated[str, PlainValidator(_text)]
"""Text that may contain lone surrogates, as file names that are not UTF-8 do."""
Number = int | float


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    def saying(self, **more: Any) -> Self:
        """Return a copy with those of `more` that are neither None nor False, which the
        file omits.
        """
        return self.model_copy(update={name: value for name, value in more.items() if value})


class Tool(_Entry):
    """The program that wrote the folder."""

    name: Text
    version: Text = ""


class ApplicantEntry(_Entry):
    """The applicant as in the answers."""

    name: Text | None = None
    uscc: Text | None = None


class Input(_Entry):
    """An input file: its path as the user wrote it, SHA-256 in hexadecimal, page count."""

    file: Text
    sha256: Text
    pages: int


class File(_Entry):
    """An output file: its path in the folder, SHA-256 in hexadecimal, size in bytes."""

    file: Text
    sha256: Text
    bytes: int


class VolumeEntry(_Entry):
    """One of several volumes, which has its own manifest in `folder`."""

    folder: Text
    sheets: int = 0
    spine_mm: Number = 0


class PartEntry(_Entry):
    """A run of sides that a bookmark leads to. `volume` is its folder if there are several."""

    volume: Text = ""
    id: Text
    material: Text | None
    title: Text
    first_side: int
    last_side: int
    label: Text | None = None
    awaits_stamp: bool = False
    continued: bool = False
    goes_on: bool = False


class SideEntry(_Entry):
    """A face of paper, numbered from 1. `sha256` is the digest of what it shows, if known."""

    volume: Text = ""
    side: int
    sheet: int
    face: Literal["recto", "verso"]
    kind: Text
    label: Text | None
    coloured: bool = False
    part: Text | None
    source: Text | None
    source_page: int | None
    source_part: int | None = None
    sha256: Text | None = None


class Stock(_Entry):
    """A paper."""

    id: Text
    title: Text
    caliper_mm: Number


class DividerSheet(_Entry):
    """A coloured sheet."""

    sheet: int
    side: int
    material: Text | None
    colour: Text
    colour_name: Text


class SheetRun(_Entry):
    """Consecutive sheets of one kind of paper or ink."""

    first_sheet: int
    last_sheet: int
    coloured: bool


class Seal(_Entry):
    """A place for the company's seal, and its state."""

    place: Text
    side: int | None
    sheet: int | None
    last_sheet: int | None
    label: Text | None
    state: Text
    awaits_stamp: bool


class PrintEntry(_Entry):
    """The print job. For several volumes only what applies to all."""

    copies: int = 0
    sides_per_copy: int = 0
    sheets_per_copy: int = 0
    sheets_in_all: int = 0
    coloured_sheets: tuple[int, ...] = ()
    paper: Text = ""
    stock: Stock | None = None
    cover: Stock | None = None
    duplex: Text = ""
    binding: Text = ""
    binding_margin_mm: Number = 0
    trim_mm: tuple[Number, ...] = ()
    bleed_mm: Number = 0
    wrap_mm: tuple[Number, ...] = ()
    spine_mm: Number = 0
    spine_text: tuple[Text, ...] = ()
    spine_text_pt: Number | None = None
    spine_note: Text = ""
    dividers: Text = ""
    divider_sheets: tuple[DividerSheet, ...] = ()
    ranges: tuple[SheetRun, ...] = ()
    seals: tuple[Seal, ...] = ()
    missing: tuple[Text, ...] = ()


class FindingEntry(_Entry):
    """A finding as in `check --json`."""

    code: Text
    severity: Text
    where: Text
    label: Text
    message: Text
    remedy: Text


class Moved(_Entry):
    """A sheet that is still good, and its number in the earlier volume."""

    sheet: int
    was: int | None


class Reprinted(_Entry):
    """A sheet that replaces one of the earlier volume, and the reason."""

    sheet: int
    was: int | None
    reason: Text


class Since(_Entry):
    """The comparison with an earlier build, which is identified by the digests of its files.

    Sheets are of the new volume, `was` and `gone` of the earlier one.
    """

    files: tuple[File, ...]
    unchanged: tuple[int, ...]
    moved: tuple[Moved, ...]
    reprint: tuple[Reprinted, ...]
    new: tuple[int, ...]
    gone: tuple[int, ...]


class Manifest(_Entry):
    """The record of a build: its inputs and outputs, of one volume or of a folder with several."""

    tool: Tool
    programme: Text = ""
    applicant: ApplicantEntry = ApplicantEntry()
    inputs: tuple[Input, ...] = ()
    files: tuple[File, ...]
    volumes: tuple[VolumeEntry, ...] | None = None
    parts: tuple[PartEntry, ...] = ()
    sides: tuple[SideEntry, ...] = ()
    print: PrintEntry = PrintEntry()
    draft: bool = False
    findings: tuple[FindingEntry, ...] = ()
    since: Since | None = None

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a build folder. Raises UsageFault if the folder is not one
        of ours, or if the manifest cannot be read now.
        """
        if not (folder / MANIFEST).is_file():
            raise UsageFault(
                f"“{FILE}”里没有“{MANIFEST}”，不是生成好的文件夹。",
                PlainAction.CHOOSE_BUILD,
                folder,
            )
        try:
            found = cls.parse(read_record(folder / MANIFEST))
        except OSError as problem:
            if is_system_error(problem):  # the manifest may be whole
                raise unreadable_file(folder / MANIFEST, problem) from problem
            raise unreadable(folder) from problem
        except ValueError as problem:
            raise unreadable(folder) from problem
        if not found.model_fields_set.issuperset({"parts", "sides"}):
            raise unreadable(folder)
        return found

    @classmethod
    def parse(cls, data: bytes) -> "Manifest":
        """Parse the bytes of a manifest. Raises ValueError if they are invalid."""
        try:
            return cls.model_validate(_with_tuples(json.loads(data)))
        except (ValidationError, RecursionError) as problem:
            raise ValueError("no manifest") from problem

    def as_bytes(self) -> bytes:
        """Return the bytes of the file. Keys that were not set are omitted."""
        return json_bytes(self.model_dump(exclude_unset=True))


def _with_tuples(value: Any) -> Any:
    """Return the value with tuples for lists, as strict models require."""
    if isinstance(value, list):
        return tuple(_with_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return value


def unreadable(folder: Path) -> UsageFault:
    """Return the error for a folder whose manifest is not one of ours."""
    return UsageFault(f"“{FILE}”里的“{MANIFEST}”读不懂，可能被改动过。", "请重新生成一次。", folder)


def as_plain(entries: Iterable[PartEntry] | Iterable[SideEntry]) -> list[dict[str, Any]]:
    """Return parts or sides as in the file."""
    return [entry.model_dump(exclude_unset=True) for entry in entries]
