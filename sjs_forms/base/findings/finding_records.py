"""Findings as plain values that can be stored or sent, and findings made from them.

`Finding.as_dict` is what readers see; a record holds everything in a finding.
"""

from dataclasses import fields
from typing import Any, cast, get_args

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Severity
from sjs_forms.base.findings.finding_places import FindingPlace
from sjs_forms.base.findings.remedies import Remedy

_KINDS = {kind.__name__: kind for kind in (*get_args(FindingPlace), *get_args(Remedy))}


def record_of(found: Finding) -> dict[str, Any]:
    """Return a finding as plain values for JSON."""
    return {**found.as_dict(), "place": _tagged(found.place), "action": _tagged(found.action)}


def finding_of(record: dict[str, Any]) -> Finding:
    """Return the finding of a record.

    Raises ValueError, TypeError, KeyError or AttributeError if it is not a record.
    """
    code, label, message = (str(record[key]) for key in ("code", "label", "message"))
    severity = cast(Severity, str(record["severity"]))  # the catalogue refuses any other
    place, action = _untagged(record["place"]), _untagged(record["action"])
    return Finding(code, severity, place, label, message, action)


def _tagged(value: Any) -> dict[str, Any]:
    """Return the fields of a place or a remedy, and the name of its class."""
    of = {field.name: getattr(value, field.name) for field in fields(value)}
    return {"kind": type(value).__name__, **of}


def _untagged(record: dict[str, Any]) -> Any:
    """Return the place or remedy, with tuples for lists. Raises KeyError or TypeError."""
    of = {key: _frozen(value) for key, value in record.items() if key != "kind"}
    return _KINDS[record["kind"]](**of)


def _frozen(value: Any) -> Any:
    """Return a plain value with tuples for lists. Raises TypeError for anything else."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    if value is not None and type(value) not in (str, int, bool):
        raise TypeError(f"{type(value).__name__} in a record of a finding")
    return value
