"""Another way to answer the same question: for whoever compares models, prompts or searches."""

from dataclasses import dataclass

from centaure.knowledge.retrieval.finding import Stage


@dataclass(frozen=True, slots=True)
class Variant:
    """How an answer is made, where it is not as for everybody; rights, checks and quotas stay as they are.

    Attributes:
        model: the name of the one that is to write it; empty: the rules choose.
        wishes: for its form, in the words of whoever asks or of a prompt that they chose; empty: none.
        search: how far the search goes.
    """

    model: str = ""
    wishes: str = ""
    search: Stage = "reranked"


USUAL = Variant()
