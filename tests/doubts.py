"""Sentences that the check leaves in doubt, whatever it has learned."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from centaure.answering.generated import support
from centaure.answering.groundedness import Judgement, Passage, check


def doubt(patch: pytest.MonkeyPatch, *words: str) -> None:
    """Let each sentence that holds one of some words be in doubt."""

    def checked(answer: str, passages: Sequence[Passage], question: str) -> list[Judgement]:
        return [
            replace(one, outcome="unchecked", claims=True)
            if any(word in answer[one.start : one.end] for word in words)
            else one
            for one in check(answer, passages, question)
        ]

    patch.setattr(support, "check", checked)
