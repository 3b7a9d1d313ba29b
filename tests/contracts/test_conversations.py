"""Somebody's conversation, and what others read of it when it is shared."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from centaure.answering.service import NOT_FOUND
from contracts.company import SECRETS, Company

pytestmark = pytest.mark.anyio

SECRET = "What does Project Zanzibar buy?"
OPEN = "When does the canteen open?"
Json = dict[str, Any]


def events(response: httpx2.Response) -> list[tuple[str, Json]]:
    assert response.status_code == 200, response.text
    lines = [block.split("\n") for block in response.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in lines]


class Talk:
    """A conversation of the owner's, through the API."""

    def __init__(self, company: Company, number: int, person: str = "owner") -> None:
        self.company = company
        self.number = number
        self.client = company.people[person]

    @classmethod
    async def begin(cls, company: Company, **new: Any) -> "Talk":
        made = await company.people["owner"].post("/api/v1/conversations", json=new)
        assert made.status_code == 201, made.text
        return cls(company, made.json()["id"])

    def seen_by(self, person: str) -> "Talk":
        return Talk(self.company, self.number, person)

    async def post(self, path: str, **body: Any) -> httpx2.Response:
        return await self.client.post(f"/api/v1/conversations/{self.number}{path}", json=body)

    async def ask(self, question: str) -> list[tuple[str, Json]]:
        return events(await self.post("/ask", question=question))

    async def get(self, path: str = "") -> httpx2.Response:
        return await self.client.get(f"/api/v1/conversations/{self.number}{path}")

    async def read(self) -> Json:
        found = await self.get()
        assert found.status_code == 200, found.text
        return found.json()

    async def share(self, *users: str, groups: tuple[int, ...] = ()) -> httpx2.Response:
        address = f"/api/v1/conversations/{self.number}/shares"
        return await self.client.put(address, json={"users": users, "groups": groups})


def said(turn: Json) -> str:
    return " ".join(sentence["text"] for sentence in turn["sentences"])


async def test_a_conversation_keeps_what_was_asked_and_answered(company: Company) -> None:
    talk = await Talk.begin(company)
    told = await talk.ask(SECRET)
    assert told[0][0] == "turn"
    assert told[-1][0] == "done"
    kept = await talk.read()
    assert kept["title"] == SECRET
    assert kept["notice"] == ""
    question, answer = kept["turns"]
    assert question["text"] == SECRET
    assert told[0][1] == {"question": question["id"], "answer": answer["id"]}
    assert answer["state"] == "done"
    assert answer["classification"] == "C3"
    assert answer["citations"] == told[-1][1]["citations"]
    assert [each["text"] for each in answer["sentences"]] == [
        data["text"] for name, data in told if name == "sentence"
    ]


async def test_a_question_is_understood_from_those_before_it(company: Company) -> None:
    talk = await Talk.begin(company)
    await talk.ask("When does the canteen open?")
    told = await talk.ask("And what does it cost?")
    assert "9 euros" in told[-1][1]["answer"]


async def test_edit_and_regenerate_make_branches_of_which_one_is_shown(company: Company) -> None:
    talk = await Talk.begin(company)
    await talk.ask(SECRET)
    await talk.ask(OPEN)
    first, answer, second, last = (await talk.read())["turns"]
    edited = events(
        await talk.post(f"/turns/{second['id']}/edit", question="What does lunch cost?")
    )
    turns = (await talk.read())["turns"]
    assert [turn["id"] for turn in turns[:2]] == [first["id"], answer["id"]]
    assert turns[2]["text"] == "What does lunch cost?"
    assert turns[2]["siblings"] == [second["id"], edited[0][1]["question"]]
    again = events(await talk.post(f"/turns/{answer['id']}/regenerate"))
    turns = (await talk.read())["turns"]
    assert [turn["id"] for turn in turns] == [first["id"], again[0][1]["answer"]]
    assert turns[1]["siblings"] == [answer["id"], turns[1]["id"]]
    assert said(turns[1]) == said(answer)
    await talk.post(f"/turns/{second['id']}/show")
    shown = [turn["id"] for turn in (await talk.read())["turns"]]
    assert shown == [first["id"], answer["id"], second["id"], last["id"]]


async def test_turns_that_are_not_what_is_asked_for_do_not_exist(company: Company) -> None:
    talk, other = await Talk.begin(company), await Talk.begin(company)
    await talk.ask(OPEN)
    await other.ask(OPEN)
    question, answer = (await talk.read())["turns"]
    foreign = (await other.read())["turns"][1]["id"]
    refused = [
        await talk.post(f"/turns/{answer['id']}/edit", question="Why?"),
        await talk.post(f"/turns/{question['id']}/regenerate"),
        await talk.post(f"/turns/{foreign}/regenerate"),
        await talk.post(f"/turns/{foreign}/show"),
    ]
    assert [response.status_code for response in refused] == [404] * 4
    assert len({response.content for response in refused}) == 1


async def test_whoever_it_is_shared_with_reads_what_they_may_read_and_changes_nothing(
    company: Company,
) -> None:
    talk = await Talk.begin(company, title="Lunch", folder="private folder")
    await talk.ask(OPEN)
    await talk.ask(SECRET)
    theirs = talk.seen_by("neighbour")
    assert (await theirs.get()).status_code == 404
    assert (await talk.share("neighbour", "nobody-has-this-login")).json() == [
        {"kind": "user", "label": "neighbour"},
        {"kind": "user", "label": "nobody-has-this-login"},
    ]
    response = await theirs.get()
    body = response.text.lower()
    own_words = (await talk.read())["turns"][2]["text"].lower()
    body = body.replace(own_words, "")
    for secret in SECRETS:
        assert secret not in body
    read = response.json()
    assert not read["own"]
    assert read["owner_name"] == "Owner"
    assert read["folder"] == ""
    assert read["notice"]
    lunch, nothing = read["turns"][1], read["turns"][3]
    assert "noon" in said(lunch)
    assert lunch["citations"]
    assert (nothing["answerable"], nothing["citations"]) == (False, [])
    assert said(nothing) == NOT_FOUND["en"]
    for refused in (
        await theirs.post("/ask", question=OPEN),
        await theirs.post("/stop"),
        await theirs.post(f"/turns/{lunch['id']}/regenerate"),
        await theirs.post(f"/turns/{lunch['id']}/show"),
        await theirs.share("neighbour"),
        await theirs.get("/shares"),
        await theirs.client.delete(f"/api/v1/conversations/{talk.number}"),
        await theirs.client.patch(f"/api/v1/conversations/{talk.number}", json={"title": "x"}),
    ):
        assert refused.status_code == 404
    await talk.share()
    assert (await theirs.get()).status_code == 404


async def test_what_is_left_out_looks_like_what_was_never_found(company: Company) -> None:
    secret, absent = await Talk.begin(company, title="One"), await Talk.begin(company, title="One")
    await secret.ask(SECRET)
    await absent.ask("What does Project Quetzalcoatl sell?")
    pair: list[Json] = []
    for talk in (secret, absent):
        await talk.share("neighbour")
        answer = (await talk.seen_by("neighbour").read())["turns"][1]
        pair.append(answer | dict.fromkeys(("id", "at", "siblings")))
    assert pair[0] == pair[1]


async def test_a_group_reads_too_and_only_a_known_one(company: Company) -> None:
    talk = await Talk.begin(company)
    await talk.ask(OPEN)
    groups = (await talk.client.get("/api/v1/conversations/groups")).json()
    staff = next(group["id"] for group in groups if group["label"] == "Staff")
    theirs = await company.people["neighbour"].get("/api/v1/conversations/groups")
    direction = next(group["id"] for group in groups if group["label"] == "Direction")
    assert direction not in [group["id"] for group in theirs.json()]
    assert (await talk.share(groups=(staff,))).json() == [{"kind": "group", "label": "Staff"}]
    assert (await talk.seen_by("curator").read())["turns"]
    listed = await company.people["curator"].get("/api/v1/conversations?shared=true")
    assert [each["id"] for each in listed.json()["conversations"]] == [talk.number]
    assert (await talk.share(groups=(999_999,))).status_code == 404


async def test_lists_are_searched_and_paged(company: Company) -> None:
    made = [await Talk.begin(company, folder="page") for _ in range(3)]
    await made[0].ask(OPEN)
    await made[1].client.patch(f"/api/v1/conversations/{made[1].number}", json={"pinned": True})
    client = made[0].client

    async def listed(query: str) -> tuple[list[int], bool]:
        found = (await client.get(f"/api/v1/conversations?folder=page&{query}")).json()
        return [each["id"] for each in found["conversations"]], found["more"]

    assert await listed("limit=2") == ([made[1].number, made[0].number], True)
    assert await listed("limit=2&offset=2") == ([made[2].number], False)
    assert await listed("q=the canteen OPENS at noon") == ([made[0].number], False)
    assert await listed("q=the%25canteen") == ([], False)
    assert (await client.get("/api/v1/conversations?q=%00")).status_code == 200


async def test_searching_what_is_shared_finds_only_what_shows(company: Company) -> None:
    talk = await Talk.begin(company, title="One")
    await talk.ask("What does lunch cost, and what do we buy for 4711 million?")
    await talk.share("neighbour")
    own = await talk.client.get("/api/v1/conversations?q=we+buy+Cobaltine")
    theirs = await talk.seen_by("neighbour").client.get(
        "/api/v1/conversations?shared=true&q=we+buy+Cobaltine"
    )
    assert talk.number in [each["id"] for each in own.json()["conversations"]]
    assert theirs.json() == {"conversations": [], "more": False}


async def test_removing_it_removes_it_for_everybody(company: Company) -> None:
    talk = await Talk.begin(company)
    await talk.ask(OPEN)
    await talk.share("neighbour")
    removed = await talk.client.delete(f"/api/v1/conversations/{talk.number}")
    assert removed.status_code == 204
    for person in ("owner", "neighbour"):
        assert (await talk.seen_by(person).get()).status_code == 404


@pytest.mark.parametrize("kind", ["markdown", "docx", "pdf"])
async def test_an_export_holds_what_its_reader_may_read(company: Company, kind: str) -> None:
    talk = await Talk.begin(company, title="Lunch")
    await talk.ask(OPEN)
    own = await talk.get(f"/export?format={kind}")
    assert own.status_code == 200
    assert own.headers["content-disposition"].startswith('attachment; filename="Lunch.')
    await talk.share("neighbour")
    theirs = await talk.seen_by("neighbour").get(f"/export?format={kind}")
    assert theirs.status_code == 200
    if kind == "markdown":
        assert "classification: " in own.text
        assert "noon" in theirs.text


@asynccontextmanager
async def keyed(company: Company, person: str, *scopes: str) -> AsyncGenerator[None]:
    """The stranger's client has a key of this person."""
    new = {"label": "program", "scopes": scopes}
    made = await company.people[person].post("/api/v1/keys", json=new)
    assert made.status_code == 201, made.text
    program = company.people["stranger"]
    program.headers["Authorization"] = f"Bearer {made.json()['secret']}"
    try:
        yield
    finally:
        del program.headers["Authorization"]


async def test_a_key_for_anything_else_opens_no_conversation(company: Company) -> None:
    talk = await Talk.begin(company, title="Lunch")
    theirs = talk.seen_by("stranger")
    async with keyed(company, "owner", "search", "ask", "documents", "sources", "administration"):
        answers = [
            await theirs.get(),
            await theirs.get("/export"),
            await theirs.get("/shares"),
            await theirs.post("/ask", question=OPEN),
            await theirs.share("neighbour"),
            await theirs.client.get("/api/v1/conversations"),
            await theirs.client.delete(f"/api/v1/conversations/{talk.number}"),
        ]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert (await talk.read())["title"] == "Lunch"


async def test_a_key_for_conversations_opens_those_of_its_owner(company: Company) -> None:
    talk = await Talk.begin(company, title="Plans")
    theirs = talk.seen_by("stranger")
    async with keyed(company, "owner", "conversations"):
        told = await theirs.ask(SECRET)
        assert told[-1][1]["classification"] == "C3"
        assert "Cobaltine" in said((await theirs.read())["turns"][1])
        assert "Zanzibar" in (await theirs.get("/export")).text
        for closed in (
            await theirs.get("/shares"),
            await theirs.share("neighbour"),
            await theirs.client.get("/api/v1/conversations/groups"),
            await theirs.client.delete(f"/api/v1/conversations/{talk.number}"),
        ):
            assert closed.status_code == 403
        assert (await theirs.client.get("/api/v1/search?q=canteen")).status_code == 403
    absent = Talk(company, 10**9, "stranger")
    async with keyed(company, "neighbour", "conversations"):
        for path in ("", "/export"):
            hidden, missing = await theirs.get(path), await absent.get(path)
            assert (hidden.status_code, hidden.content) == (404, missing.content)
        assert (await theirs.post("/ask", question=OPEN)).status_code == 404
        listed = await theirs.client.get("/api/v1/conversations")
        assert talk.number not in [each["id"] for each in listed.json()["conversations"]]


async def test_a_conversation_may_have_any_words(company: Company) -> None:
    talk = await Talk.begin(company, title="a\0b", folder="\0")
    told = await talk.ask("What \0 costs? ' -- %s \\ \u202e €")
    assert told[-1][0] == "done"
    for kind in ("markdown", "docx", "pdf"):
        assert (await talk.get(f"/export?format={kind}")).status_code == 200
