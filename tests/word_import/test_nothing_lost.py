"""Whatever is written into a form is an answer, the form's own wording, or on the list."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.typesetting.form_context import form_context
from sjs_forms.word_import.form_pattern import squeezed
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.transcript import Transcript
from sjs_forms.word_import.word_blocks import Block, DocumentText, Spot
from tests.samples import Application, sample_answers
from tests.word_import.conftest import FORMS, PROGRAMME, filled, transcript_of
from tests.word_import.test_hand_filled import ANSWERS, VARIANTS

FILLED = [
    filled(form, form_context(PROGRAMME, Application.model_validate(answers)))
    for answers in (ANSWERS, sample_answers(), {})
    for form in FORMS
]
STARTS = [*VARIANTS.values(), *FILLED]


def said(transcript: Transcript) -> str:
    """Everything that came out of a reading, as one text without spaces."""
    values = json.dumps(merged({}, transcript.values), ensure_ascii=False)
    listed = [left.text for left in transcript.unplaced]
    told = [found.message for found in transcript.findings if found.code == "word-unsure"]
    return squeezed("\n".join([values.replace("\\n", ""), *listed, *told]))


@st.composite
def tampered(draw: Any) -> tuple[DocumentText, list[str]]:
    """A form into which strange words were written, and these words."""
    blocks = list(draw(st.sampled_from(STARTS)).blocks)
    words = []
    for number in range(draw(st.integers(1, 4))):
        word = "误笔" + "某乙丙丁"[number] + "入"
        at = draw(st.integers(0, len(blocks) - 1))
        how = draw(st.sampled_from(["inside", "line", "block", "instead", "joined", "dropped"]))
        block = blocks[at]
        if how == "inside" and block.lines:
            line = draw(st.integers(0, len(block.lines) - 1))
            text = block.lines[line]
            cut = draw(st.integers(0, len(text)))
            lines = list(block.lines)
            lines[line] = text[:cut] + word + text[cut:]
            if sum(known in lines[line] for known in words) < sum(known in text for known in words):
                continue  # within an earlier word
            blocks[at] = Block(tuple(lines), block.spot)
        elif how == "line":
            line = draw(st.integers(0, len(block.lines)))
            blocks[at] = Block((*block.lines[:line], word, *block.lines[line:]), block.spot)
        elif how == "block":
            blocks.insert(at, Block((word,), block.spot))
        elif how == "instead":
            lost = [known for known in words if known in block.text]
            blocks[at] = Block((word, *lost), block.spot)
        elif how == "joined" and at + 1 < len(blocks):
            following = blocks.pop(at + 1)
            blocks[at] = Block((*block.lines, *following.lines, word), block.spot)
        elif how == "dropped" and not any(known in block.text for known in words):
            blocks.pop(at)
            continue
        else:
            continue
        words.append(word)
    return DocumentText(tuple(blocks) or (Block((), Spot(1)),)), words


@settings(max_examples=40)
@given(case=tampered())
def test_every_word_in_a_form_is_an_answer_or_on_the_list(
    case: tuple[DocumentText, list[str]],
) -> None:
    written, words = case
    transcript = transcript_of(written)
    if transcript.values:
        assert [word for word in words if squeezed(word) not in said(transcript)] == []
