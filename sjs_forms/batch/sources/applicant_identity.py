"""Who the applicant of a row is: his code and his name, written in one way for comparison."""

from dataclasses import dataclass

from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.plain_names import plain_name


@dataclass(frozen=True, slots=True)
class ApplicantIdentity:
    """An applicant's code and plain name; "" for what is not known of him."""

    code: str
    name: str

    def may_be(self, other: "ApplicantIdentity") -> bool:
        """Return whether both have one name, and their codes do not say otherwise."""
        return bool(self.name) and self.name == other.name and not (self.code and other.code)


def identity_of(row: SourceRow) -> ApplicantIdentity:
    """Return the identity of a row's applicant.

    A folder's name stands for that of an applicant who is not read. A place in a file, such as
    第3行, stands for nobody.
    """
    read, code = row.application, ""
    if read.programme and read.application:
        code = role_of(read.programme.fields, read.application, "applicant_code") or ""
    return ApplicantIdentity(plain_name(code), plain_name(row.name) if row.is_named else "")


def says_who(row: SourceRow) -> bool:
    """Return whether the answers of a row say who its applicant is."""
    read = row.application
    if read.programme is None or read.application is None:
        return False
    fields, answers = read.programme.fields, read.application
    return any(role_of(fields, answers, role) for role in ("applicant", "applicant_code"))
