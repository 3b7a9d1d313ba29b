"""Events are read wherever they are cut, and what they say is told from what makes no sense."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.gateway.chat import Delta, ToolCallPart, Usage
from centaure.gateway.chunks import Chunks, whole_answer
from centaure.gateway.events import EventReader
from centaure.kit.errors import Unavailable


def said(content: Any = None, finish: str | None = None, **more: Any) -> bytes:
    delta = {key: value for key, value in {"content": content, **more}.items() if value is not None}
    return json.dumps({"choices": [{"delta": delta, "finish_reason": finish}]}).encode()


@given(
    st.lists(st.text(max_size=12), min_size=1, max_size=6),
    st.lists(st.integers(0, 600), max_size=15),
    st.sampled_from(["\n\n", "\r\n\r\n"]),
    st.sampled_from(["", ": a comment", "event: x\nid: 3"]),
)
def test_events_are_whole_wherever_their_bytes_are_cut(
    texts: list[str], cuts: list[int], end: str, beside: str
) -> None:
    beside = beside.replace("\n", end[: len(end) // 2])
    line = end[: len(end) // 2]
    sent = "".join(
        f"{beside + line if beside else ''}data: {json.dumps(text, ensure_ascii=False)}{end}"
        for text in texts
    ).encode()
    reader, found = EventReader(), list[bytes]()
    places = [0, *sorted({cut for cut in cuts if cut < len(sent)}), len(sent)]
    for start, stop in itertools.pairwise(places):
        found += reader.feed(sent[start:stop])
    assert [json.loads(event) for event in found] == texts
    assert reader.end() == []


def test_an_event_may_be_many_lines_and_the_last_may_have_no_end() -> None:
    reader = EventReader()
    assert reader.feed(b"data: {\ndata: }\n\ndata: [DONE]") == [b"{\n}"]
    assert reader.end() == [b"[DONE]"]


def test_what_comes_together_is_one_piece() -> None:
    chunks = Chunks("host", 10)
    usage = b'{"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}'
    got = chunks.merged(
        [said(""), said("Good "), said("day"), said(finish="stop"), usage, b"[DONE]"]
    )
    assert got == Delta("Good day", (), "stop", Usage(3, 2))
    assert chunks.ended
    assert chunks.last() is None


_TEXTS = st.text(st.sampled_from('ab é"\\\n\x00~:{},😀'), max_size=8)
_EVENTS = st.builds(
    lambda content, finish, other, after, spaced, raw: json.dumps(
        {
            "id": other,
            "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}],
            **({"obfuscation": other} if after else {}),
        },
        separators=(", ", ": ") if spaced else (",", ":"),
        ensure_ascii=not raw,
    ).encode(),
    _TEXTS | st.none() | st.just('"content":"no"'),
    st.sampled_from([None, None, None, "stop"]),
    st.sampled_from(["one", "one", "one", "other", '"content": "x"']),
    st.sampled_from([False, False, True]),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(_EVENTS, max_size=12))
def test_events_that_repeat_themselves_are_read_as_if_each_were_the_first(
    events: list[bytes],
) -> None:
    together = Chunks("host", 100)
    alone = [Chunks("host", 100).merged([event]) for event in events]
    assert [together.merged([event]) for event in events] == alone


@pytest.mark.parametrize(
    "event",
    [
        b'{"choices": [{"delta": {"content": "a\x01b"}}]}',
        b'{"choices": [{"delta": {"content": "a"b"}}]}',
        b'{"choices": [{"delta": {"content": "a\\"}}]}',
        b'{"choices": [{"delta": {"content": "}}]}',
        b'{"choices": [{"delta": {"content": "\xff"}}]}',
    ],
)
def test_an_event_like_those_before_still_has_to_make_sense(event: bytes) -> None:
    chunks = Chunks("host", 10)
    for _ in range(3):
        like = b'{"choices": [{"delta": {"content": "day"}}]}'
        assert chunks.merged([like]) == Delta("day")
    with pytest.raises(Unavailable, match="no sense"):
        chunks.merged([event])


def test_thoughts_are_a_sign_of_life_and_no_answer() -> None:
    chunks = Chunks("host", 10)
    assert chunks.merged([said(reasoning_content="Hm")]) is None
    assert chunks.begun
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "Day"}]
    assert chunks.merged([said(parts)]) == Delta("Day")


def test_an_answer_that_was_all_thoughts_still_says_what_it_used() -> None:
    chunks = Chunks("host", 10)
    thought = [said(reasoning_content="Hm"), said(finish="length")]
    assert chunks.merged(thought) == Delta(finish="length")
    usage = b'{"choices": [], "usage": {"prompt_tokens": 50000, "completion_tokens": 1}}'
    assert chunks.merged([usage, b"[DONE]"]) == Delta(usage=Usage(50_000, 1))
    assert chunks.last() is None


def test_calls_of_tools_come_in_pieces() -> None:
    chunks = Chunks("host", 10)
    first = {"index": 1, "id": "c", "function": {"name": "f", "arguments": ""}}
    second = {"index": 1, "function": {"arguments": '{"a": 1}'}}
    whole = {"id": "d", "function": {"name": "g", "arguments": {"b": 2}}}
    got = chunks.merged(
        [said(tool_calls=[first]), said(tool_calls=[second]), said(tool_calls=[whole])]
    )
    assert got is not None
    assert got.tool_calls == (
        ToolCallPart(1, "c", "f", ""),
        ToolCallPart(1, arguments='{"a": 1}'),
        ToolCallPart(0, "d", "g", '{"b": 2}'),
    )


@pytest.mark.parametrize(
    "event",
    [
        b"no JSON", b"\xff", b"7", b"[]", b"null", b"[" * 100_000, b'{"choices": 7}', b'{"choices": [7]}',
        b'{"choices": [{"delta": 7}]}', b'{"choices": [{"delta": {"content": 7}}]}',
        b'{"choices": [{"delta": {"content": [7]}}]}', b'{"choices": [{"delta": {"tool_calls": [7]}}]}',
        b'{"choices": [{"delta": {"tool_calls": [{"index": "x"}]}}]}', b'{"usage": 7}',
        b'{"choices": [], "usage": {"prompt_tokens": "many"}}',
        b'{"error": {"message": "no"}}', b'{"error": "no"}',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence(event: bytes) -> None:
    with pytest.raises(Unavailable, match="host"):
        Chunks("host", 10).merged([event])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "delta", "content", "tool_calls", "usage", "error", "message",
                     "finish_reason", "function", "arguments", "index", "prompt_tokens"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_whatever_json_comes_it_is_a_piece_or_a_sentence(document: Any) -> None:
    for read in (
        lambda: Chunks("host", 10).merged([json.dumps(document).encode()]),
        lambda: whole_answer(Chunks("host", 10), document),
    ):
        try:
            read()
        except Unavailable:
            continue


@pytest.mark.parametrize("code", ["content_filter", "permission_denied"])
def test_a_check_of_the_service_that_ends_an_answer_is_an_end(code: str) -> None:
    chunks = Chunks("host", 10)
    chunks.merged([said("Good")])
    stopped = json.dumps({"error": {"message": "no", "code": code}}).encode()
    assert chunks.merged([stopped]) == Delta(finish="content_filter")
    assert chunks.ended
    assert chunks.last() is None


def test_an_end_that_is_not_said_is_found() -> None:
    chunks = Chunks("host", 10)
    chunks.merged([said("Good")])
    with pytest.raises(Unavailable, match="cut its answer"):
        chunks.last()
    chunks.merged([b"[DONE]"])
    assert chunks.last() == Delta(finish="stop")


def test_an_answer_in_one_piece_is_read_too() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    answer = {"choices": [{"message": message, "finish_reason": "tool_calls"}]}
    got = whole_answer(Chunks("host", 10), answer)
    assert got == Delta(tool_calls=(ToolCallPart(0, "c", "f", "{}"),), finish="tool_calls")


def test_an_event_that_comes_byte_by_byte_is_joined_once() -> None:
    reader, sent = EventReader(), b"data: " + b"x" * 100_000 + b"\n\n"
    found = [event for place in range(len(sent)) for event in reader.feed(sent[place : place + 1])]
    assert found == [b"x" * 100_000]
