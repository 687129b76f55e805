"""Findings as plain values that can be stored or sent, and findings made from them.

`Finding.as_dict` is what readers see; a record holds everything in a finding.
"""

from dataclasses import fields, is_dataclass
from typing import Any, cast, get_args

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Severity
from sjs_forms.base.findings.finding_places import FindingPlace
from sjs_forms.base.findings.remedies import PlainAction, Remedy

_KINDS = {kind.__name__: kind for kind in (*get_args(FindingPlace), *get_args(Remedy))}


def record_of(found: Finding) -> dict[str, Any]:
    """Return a finding as plain values for JSON."""
    return {
        **found.as_dict(),
        "place": _tagged(found.place),
        "action": _tagged(found.action),
        "template": found.template,
        "files": list(found.files),
    }


def finding_of(record: dict[str, Any]) -> Finding:
    """Return the finding of a record.

    Raises ValueError, TypeError, KeyError or AttributeError if it is not a record.
    """
    code, label, template = (str(record[key]) for key in ("code", "label", "template"))
    severity = cast(Severity, str(record["severity"]))  # the catalogue refuses any other
    place, action = _untagged(record["place"]), _untagged(record["action"])
    if not isinstance(place, FindingPlace) or not isinstance(action, Remedy):
        raise TypeError("a record without a place or an action")
    files = tuple(map(str, record["files"]))
    return Finding(code, severity, place, label, template, action, files=files)


def _tagged(value: Any) -> Any:
    """Return the fields of a place or a remedy, and the name of its class; a plain value as is."""
    if isinstance(value, tuple):
        return [_tagged(item) for item in value]
    if isinstance(value, PlainAction):
        return {"kind": PlainAction.__name__, "name": value.name}
    if not is_dataclass(value):
        return value
    of = {field.name: _tagged(getattr(value, field.name)) for field in fields(value)}
    return {"kind": type(value).__name__, **of}


def _untagged(record: Any) -> Any:
    """Return the place or remedy, with tuples for lists. Raises KeyError or TypeError."""
    if isinstance(record, list | tuple):
        return tuple(_untagged(item) for item in record)
    if not isinstance(record, dict):
        return _plain(record)
    of = {key: _untagged(value) for key, value in record.items() if key != "kind"}
    if record["kind"] == PlainAction.__name__:
        return PlainAction[of["name"]]
    return _KINDS[record["kind"]](**of)


def _plain(value: Any) -> Any:
    """Return a plain value. Raises TypeError for anything else."""
    if value is not None and type(value) not in (str, int, float, bool):
        raise TypeError(f"{type(value).__name__} in a record of a finding")
    return value
