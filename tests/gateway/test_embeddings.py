"""A service that speaks like OpenAI's: what it is asked, and what is made of its faults."""

from collections.abc import Iterator
from typing import Any

import pytest

from centaure.gateway.embeddings import EmbeddingService, TextRefused
from centaure.kit.errors import InvalidInput, Refused, Unavailable


@pytest.fixture
def model(service: Any) -> Iterator[EmbeddingService]:
    made = EmbeddingService(service.address, "e5", key="k3y", timeout_s=5)
    yield made
    made.close()


def test_vectors_come_in_the_order_of_their_texts(model: EmbeddingService, service: Any) -> None:
    one, other = model.embed(["one", "other"])
    assert model.embed(["other"]) == [other]
    assert one != other
    assert service.asked[0] == {
        "model": "e5",
        "input": ["one", "other"],
        "encoding_format": "float",
    }
    assert set(service.keys) == {"Bearer k3y"}


@pytest.mark.parametrize(
    "answer",
    [
        b"no JSON",
        b"[]",
        b'{"data": []}',
        b'{"data": [{"index": 0}]}',
        b'{"data": [{"index": 1, "embedding": [1.0]}]}',
        b'{"data": [{"index": 0, "embedding": ["a"]}]}',
        b'{"data": [{"index": 0, "embedding": [1e999]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN]}]}',
    ],
)
def test_anything_but_vectors_is_no_answer(
    model: EmbeddingService, service: Any, answer: bytes
) -> None:
    service.answer = answer
    with pytest.raises(Unavailable):
        model.embed(["one"])


def test_a_text_that_it_will_not_take_is_told_from_other_faults(
    model: EmbeddingService, service: Any
) -> None:
    service.longest = 10
    with pytest.raises(TextRefused):
        model.embed(["short", "far too long for this model"])
    service.status = 401
    with pytest.raises(Refused, match="credentials"):
        model.embed(["short"])
    service.status = 500
    with pytest.raises(Refused):
        model.embed(["short"])


@pytest.mark.parametrize(
    "address",
    [
        "", "localhost/v1", "ftp://host/v1", "file:///etc/passwd", "http://[::1", "http://host:99999/v1",
        "https://user:secret@host/v1", "https://host/v1?key=secret", "http://models.example.org/v1",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        EmbeddingService(address, "e5")


@pytest.mark.parametrize("key", ["two\nlines", "with space", "clé"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        EmbeddingService("https://host/v1", "e5", key=key)
    assert key not in refused.value.message
