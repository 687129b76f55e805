"""What a notice wants compared between its papers and its answers, by material."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PaperKind = Literal[
    "licence", "lease", "invoice", "bank", "audit", "accreditation",
    "receipt", "tax", "statement", "agreement",
]  # fmt: skip
"""The kinds of paper whose words are known: 营业执照, 租赁合同, 发票, 开户信息, 审计报告, 认定文件;
回单, 纳税申报表, 财务报表, 合作协议.
"""

Compared = Literal[
    "code", "name", "legal", "lessee", "buyer", "account", "company", "area", "start", "end",
    "recognised", "recognised_on", "recognised_by",
]  # fmt: skip
"""What a paper says that an answer says too.

`code` and `name` are those of the owner of a licence, `legal` its legal representative, `lessee`
and `buyer` those of a lease and an invoice, `account` the holder of a bank account, `company` the
one that was audited; `area` in square metres, `start` and `end` of a lease. `recognised` is what an
authority recognised, `recognised_on` when and `recognised_by` which one: these two are compared
only on papers that name that, since others recognise something else.
"""


class ReadingRule(BaseModel):
    """What is compared on the papers of one material.

    `papers` are the kinds that belong there; one that is surely of another kind is told. `answers`
    are the answers by what a paper says, as paths. `year` is the year that an audit report must be
    of. `unit_price` says that a lease must name a price for the square metre. `sealed` are kinds
    that bear a seal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    material: str
    papers: tuple[PaperKind, ...] = ()
    answers: Mapping[Compared, str] = Field(default_factory=dict)
    year: int | None = None
    unit_price: bool = False
    sealed: tuple[PaperKind, ...] = ()
