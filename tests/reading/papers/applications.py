"""Applications with such papers: application.json, the files, and what stands in them.

truth.json beside application.json has, for each file, the kind of paper, its layout, how it was
copied, the seals of each page in millimetres, and the facts that can be read there.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.reading.papers import (
    accreditations,
    audit_reports,
    bank_sheets,
    invoices,
    leases,
    licences,
)
from tests.reading.papers.cases import Case
from tests.reading.papers.copies import COPIES
from tests.reading.papers.parts import Sheet, pdf_of

_SAMPLE = Path(__file__).parent.parent.parent.parent / "fixtures" / "sample" / "application.json"
TRUTH = "truth.json"
KINDS: dict[str, tuple[ModuleType, str, str]] = {
    "lease": (leases, "lease", "2-场地租赁合同/租赁合同.pdf"),
    "invoice": (invoices, "lease", "2-场地租赁合同/租金发票.pdf"),
    "accreditation": (accreditations, "evidence", "3-证明材料/认定文件.pdf"),
    "licence": (licences, "licence", "4-营业执照/营业执照.pdf"),
    "audit": (audit_reports, "financials", "5-财务材料/审计报告.pdf"),
    "bank": (bank_sheets, "bank-account", "6-开户信息/开户信息.pdf"),
}
"""Each kind of paper: its layouts, its material, and its file under attachments."""


def layout_of(case: Case, kind: str) -> Callable[[Case], list[Sheet]]:
    """The layout of a paper."""
    layouts: tuple[Callable[[Case], list[Sheet]], ...] = KINDS[kind][0].LAYOUTS
    return layouts[(case.number + list(KINDS).index(kind)) % len(layouts)]


def sheets_of(case: Case, kind: str) -> list[Sheet]:
    """The pages of a paper."""
    return layout_of(case, kind)(case)


def copy_of(case: Case, kind: str) -> int:
    """Which of COPIES a paper went through: each layout goes through each."""
    return (case.number // 4 + list(KINDS).index(kind)) % len(COPIES)


@cache
def paper(case: Case, kind: str) -> bytes:
    """The file of a paper, as it lies in the folder."""
    text = text_paper(case.number, kind)
    return COPIES[copy_of(case, kind)](text, case.number * 10 + list(KINDS).index(kind))


@cache
def text_paper(number: int, kind: str) -> bytes:
    """The paper of a case as a PDF with text."""
    case = Case(number)
    return pdf_of(sheets_of(case, kind), case.number * 10 + list(KINDS).index(kind))


def write_application(case: Case, folder: Path) -> None:
    """Write the folder of one application."""
    truth = {}
    for kind, (_, _, name) in KINDS.items():
        path = folder / "attachments" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper(case, kind))
        truth[f"attachments/{name}"] = {
            "kind": kind,
            "layout": layout_of(case, kind).__name__,
            "copy": COPIES[copy_of(case, kind)].__name__,
            "seals": [[asdict(seal) for seal in sheet.seals] for sheet in sheets_of(case, kind)],
            "facts": facts(case)[kind],
        }
    _write_json(folder / "application.json", answers(case))
    _write_json(folder / TRUTH, truth)


def facts(case: Case) -> dict[str, dict[str, Any]]:
    """What each paper says of what the form asks; not every layout says all of it."""
    owner = {"name": case.name, "uscc": case.code}
    return {
        "lease": {
            "lessee": case.name,
            "lessor": case.lessor,
            "area": float(case.area),
            "unit_price": float(case.unit_price),
            "start": str(case.start),
            "end": str(case.end),
        },
        "invoice": {
            **owner,
            "seller": case.lessor,
            "seller_uscc": case.lessor_code,
            "number": case.invoice_number,
            "date": str(case.invoice_date),
            "total": f"{case.invoice_total / 100:.2f}",
            "qr": case.invoice_payload,
        },
        "accreditation": {
            "name": case.name,
            "platform": case.platform,
            "authority": case.authority,
            "date": str(case.accredited_on),
        },
        "licence": {**owner, "legal": case.legal, "address": case.address},
        "audit": {"name": case.name, "year": case.audit_year, "auditor": case.auditor},
        "bank": {"name": case.name, "account": case.account, "bank": case.bank},
    }


def answers(case: Case) -> dict[str, Any]:
    """The answers of an applicant to whom all these papers belong."""
    known: dict[str, Any] = json.loads(_SAMPLE.read_text(encoding="utf-8"))
    known["applicant"] = {"name": case.name, "uscc": case.code}
    known["term"] = {"start": str(case.start), "end": str(case.end)}
    known["contact"]["name"] = case.contact
    known["platform"] |= {
        "name": case.platform,
        "address": case.address,
        "accredited_on": str(case.accredited_on),
        "accredited_by": case.authority,
        "construction": "建设面向行业的公共服务平台，提供检测、评测和培训服务。",
        "category": {"kind": "newly_accredited", "date": str(case.accredited_on)},
        "total_area_sqm": float(case.area),
        "rd_office_area_sqm": float(case.rd_area),
        "other_qualification": None,
    }
    known["founders"] = [{"name": case.name, "uscc": case.code, "address": case.address}]
    known["legal_representative"]["name"] = case.legal
    known["liaison"]["name"] = case.contact
    known["remarks"] = None
    known["attachments"] = [
        {"material": material, "file": f"attachments/{name}"}
        for _, material, name in KINDS.values()
    ]
    return known


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
