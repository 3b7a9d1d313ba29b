"""How a simulated language model judges sentences: by the words that they share with their passages.

It stands in for a real one in demonstrations, tests and measures; what it says is crude.
"""

import json
import re

from centaure.answering.generated.prompts import prompt
from centaure.gateway.by_rule import telling_words

_KEY = re.compile(r"\b[a-p]{32}\b")
_PASSAGE = re.compile(r'<passage-\w+ number="(\d{1,3})"[^<>]{0,1000}>([^<>]*)</passage-\w+>')
_SENTENCE = re.compile(
    r'<sentence-\w+ number="(\d{1,3})" passages="([\d ]{0,100})">([^<>]*)</sentence-\w+>'
)
_MOST, _LEAST = 0.7, 0.65
"""Shares of its words from which a sentence is borne out, and below which it is not."""


def by_rule(instructions: str, text: str) -> str | None:
    """The verdicts on the sentences of a text; None: the instructions are not those of a judge.

    Args:
        instructions: a prompt.
        text: what goes with it.
    """
    told = _KEY.sub("KEY", instructions)
    if told not in {prompt("judge", language).text for language in ("fr", "en")}:
        return None
    passages = {number: telling_words(said) for number, said in _PASSAGE.findall(text)}
    verdicts: list[dict[str, object]] = []
    for number, cited, said in _SENTENCE.findall(text):
        known = frozenset[str]().union(*(passages.get(one, ()) for one in cited.split()))
        words = telling_words(said)
        share = len(words & known) / max(1, len(words))
        verdict = "unsure"
        if share >= _MOST or share < _LEAST:
            verdict = "supported" if share >= _MOST else "unsupported"
        verdicts.append({"sentence": int(number), "verdict": verdict})
    return json.dumps({"verdicts": verdicts})
