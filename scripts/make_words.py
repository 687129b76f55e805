"""Make templates/words/words.txt from the dictionary of jieba 0.42.1 and words of this field.

    python scripts/make_words.py jieba/dict.txt templates/words/words.txt

jieba (PyPI, MIT) reads 350,000 words in a second each time it starts; here the common ones are
kept, those with the same first character on one line, so that a process reads only the lines it has
need of: the character, then pairs of a word's further characters (none for the character itself)
and its cost, -4·ln(share of all words), rounded. Run only to renew the file; the result is in the
repository.
"""

import sys
from collections import defaultdict
from math import log
from pathlib import Path

MIN, LONGEST = 20, 6
"""A word of the dictionary is kept from that count on, up to that many characters."""
SCALE = 4
FIELD = 2000
"""The count that a word of this field is given."""
FIELD_WORDS = Path(__file__).with_name("field_words.txt")
"""Words of this field, which the dictionary lacks or takes for rare."""
MISTAKEN = {"第一分", "省级重点", "一分公司", "报书"}
"""Entries of the dictionary that cut words of this field in two."""


def main(source: Path, target: Path) -> None:
    """Write `target`."""
    counts = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        counts[word] = int(count)
    total = sum(counts.values())
    kept = {
        word: max(count, 1)
        for word, count in counts.items()
        if all("\u4e00" <= one <= "\u9fff" for one in word) and word not in MISTAKEN
        if len(word) == 1 or (count >= MIN and len(word) <= LONGEST)
    }
    kept.update(
        {
            word: max(FIELD, kept.get(word, 0))
            for word in FIELD_WORDS.read_text(encoding="utf-8").split()
        }
    )
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for word, count in sorted(kept.items()):
        by_first[word[0]].append(f"{word[1:]} {round(SCALE * log(total / count))}")
    lines = [" ".join([first, *pairs]) for first, pairs in by_first.items()]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
