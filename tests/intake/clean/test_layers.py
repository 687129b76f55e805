"""Of layers the volume has what a viewer prints."""

from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from sjs_forms.domain.source_facts import SourceFacts
from tests.intake.conftest import Take, saved, seen

_CODE = "attachment-layers"


def _layered(usages: dict[str, dict[str, str]], events: list[str], **config: object) -> bytes:
    """A page with a word on each layer; `usages` give their states by event, "" for the default."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    groups, content = {}, b"BT /F 20 Tf 50 700 Td (base) Tj ET "
    for at, (name, states) in enumerate(usages.items()):
        group = Dictionary(Type=Name.OCG, Name=name)
        usage = Dictionary()
        for event, state in states.items():
            if event:
                usage[f"/{event}"] = Dictionary({f"/{event}State": Name(f"/{state}")})
        group.Usage = usage
        groups[name] = pdf.make_indirect(group)
        words = f"/OC /{name} BDC BT /F 20 Tf 50 {600 - 50 * at} Td ({name}) Tj ET EMC "
        content += words.encode()
    listed = Array(list(groups.values()))
    off = Array([groups[name] for name, states in usages.items() if states.get("") == "OFF"])
    applied = [
        Dictionary(Event=Name(f"/{event}"), Category=Array([Name(f"/{event}")]), OCGs=listed)
        for event in events
    ]
    pdf.Root.OCProperties = Dictionary(
        OCGs=listed, D=Dictionary(OFF=off, AS=Array(applied), **config)
    )
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F=font), Properties=Dictionary(**groups))
    page.Contents = Stream(pdf, content)
    return saved(pdf)


def _words(facts: SourceFacts, *layers: str) -> set[str]:
    """Which words are seen on the page: the base and those of the layers, 50 points apart."""
    shown = seen(facts.clean).convert("L")
    scale = shown.height / 842
    found = set()
    heights = {"base": 700} | {name: 600 - 50 * at for at, name in enumerate(layers)}
    for name, at in heights.items():
        band = shown.crop((0, int((812 - at) * scale), 300, int((852 - at) * scale)))
        if min(band.tobytes()) < 128:
            found.add(name)
    return found


def _codes(facts: SourceFacts) -> set[str]:
    return {remark.code for remark in facts.remarks} & {_CODE}


@pytest.mark.parametrize(
    ("states", "events", "shown", "told"),
    [
        ({"Print": "OFF", "View": "ON"}, ["View", "Print"], False, True),
        ({"Print": "ON", "View": "OFF"}, ["View", "Print"], True, True),
        ({"Print": "ON", "View": "ON"}, ["View", "Print"], True, False),
        ({"Print": "OFF", "View": "OFF"}, ["View", "Print"], False, False),
        ({"Print": "OFF", "View": "ON"}, [], True, False),
        ({"Print": "OFF"}, ["Print"], False, True),
        ({"View": "OFF"}, ["View"], False, False),
        ({"Export": "OFF"}, ["Export"], True, False),
        ({"": "OFF", "Print": "ON"}, ["Print"], True, True),
        ({"": "OFF", "Print": "ON"}, ["Export"], False, False),
    ],
)
def test_a_layer_is_printed_as_its_usage_for_print_says(
    take: Take, states: dict[str, str], events: list[str], shown: bool, told: bool
) -> None:
    facts = take(_layered({"mark": states, "other": {}}, events))
    assert _words(facts, "mark", "other") == {"base", "other"} | ({"mark"} if shown else set())
    assert _codes(facts) == ({_CODE} if told else set())


def test_a_layer_that_is_not_meant_to_be_hidden_stays(take: Take, tmp_path: Path) -> None:
    """PDF 32000-1, 8.11.2.3: a group with the intent Design alone has no effect on what is seen."""
    path = tmp_path / "given.pdf"
    path.write_bytes(_layered({"mark": {"": "OFF"}}, []))
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.OCProperties.OCGs[0].Intent = Name.Design
        pdf.save(path)
    assert _words(take(path), "mark") == {"base", "mark"}
