"""A service of reranking: what it is asked in each form, and what is made of its faults."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from centaure.gateway.embeddings import TextRefused
from centaure.gateway.reranking import RerankingService
from centaure.kit.errors import InvalidInput, Refused, Unavailable

Made = Callable[..., RerankingService]


@pytest.fixture
def made(reranking: Any) -> Iterator[Made]:
    services: list[RerankingService] = []

    def make(**options: Any) -> RerankingService:
        services.append(RerankingService(reranking.address, "model", key="k3y", **options))
        return services[-1]

    yield make
    for each in services:
        each.close()


def test_scores_come_in_the_order_of_their_texts(made: Made, reranking: Any) -> None:
    assert made().score("question", ["one", "three", "seventeen"]) == [3, 5, 9]
    assert reranking.asked == [
        {
            "model": "model", "query": "question", "documents": ["one", "three", "seventeen"],
            "top_n": 3,
        }
    ]  # fmt: skip
    assert reranking.keys == ["Bearer k3y"]


def test_tei_is_asked_and_answers_in_its_own_form(made: Made, reranking: Any) -> None:
    assert made(form="tei").score("question", ["one", "three"]) == [3, 5]
    assert reranking.asked == [{"query": "question", "texts": ["one", "three"], "truncate": True}]


@pytest.mark.parametrize(
    "answer",
    [
        b"no JSON",
        b"[]",
        b"7",
        b"[" * 100_000,
        b'{"results": []}',
        b'{"results": 7}',
        b'{"results": [{"index": 0, "relevance_score": 1}]}',
        b'{"results": [{"index": 0, "relevance_score": 1}, {"index": 0, "relevance_score": 1}]}',
        b'{"results": [{"index": 0, "relevance_score": 1}, {"index": 2, "relevance_score": 1}]}',
        b'{"results": [{"index": 0, "relevance_score": 1}, {"index": 1}]}',
        b'{"results": [{"index": 0, "relevance_score": 1}, {"index": 1, "relevance_score": "a"}]}',
        b'{"results": [{"index": 0, "relevance_score": 1}, {"index": 1, "relevance_score": NaN}]}',
        b'{"results": [{"index": 0, "relevance_score": 1}, {"index": 1, "relevance_score": 1e999}]}',
        b'{"results": [%s]}' % b",".join([b'{"index": 0, "relevance_score": 1}'] * 3),
    ],
)
def test_anything_but_a_score_for_each_text_is_no_answer(
    made: Made, reranking: Any, answer: bytes
) -> None:
    reranking.answer = answer
    with pytest.raises(Unavailable):
        made().score("question", ["one", "two"])


def test_a_text_that_it_will_not_take_is_told_from_other_faults(made: Made, reranking: Any) -> None:
    reranking.status = 413
    with pytest.raises(TextRefused):
        made().score("question", ["one"])
    reranking.status = 401
    with pytest.raises(Refused, match="credentials"):
        made().score("question", ["one"])
    reranking.status = 200
    reranking.answer = json.dumps({"results": []}).encode()
    assert made().score("question", []) == []


def test_a_service_that_drips_is_left(made: Made, reranking: Any) -> None:
    reranking.wait_s = 2.0
    with pytest.raises(Unavailable, match="in time"):
        made(timeout_s=0.2).score("question", ["one"])


@pytest.mark.parametrize(
    "address", ["", "ftp://host", "http://models.example.org/v1", "https://user:secret@host/v1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        RerankingService(address, "model")
