"""A conversation about some documents: no others are searched in it, and it opens none."""

import pytest

from centaure.app.installation import Installation
from contracts.company import SECRETS, Company
from contracts.test_conversations import OPEN, SECRET, Json, Talk, events

pytestmark = pytest.mark.anyio

NOWHERE = 999_999_999
BOTH = "When does the canteen close?"
"""Answered by the open page and by the secret plan."""


async def about(company: Company, *documents: int) -> Talk:
    return await Talk.begin(company, documents=list(documents))


async def named(talk: Talk) -> list[int] | None:
    documents = (await talk.read())["documents"]
    return None if documents is None else [document["id"] for document in documents]


async def asked(talk: Talk, question: str) -> Json:
    return (await talk.ask(question))[-1][1]


async def change(talk: Talk, documents: list[int]) -> None:
    address = f"/api/v1/conversations/{talk.number}"
    response = await talk.client.patch(address, json={"documents": documents})
    assert response.status_code == 200, response.text


async def test_only_its_documents_are_searched_for_whatever_is_asked_in_it(
    company: Company,
) -> None:
    talk = await about(company, company.open_document)
    assert (await asked(talk, SECRET))["answerable"] is False
    done = await asked(talk, BOTH)
    assert {one["document"]["id"] for one in done["citations"]} == {company.open_document}
    done = await asked(talk, "And what does lunch cost?")
    assert {one["document"]["id"] for one in done["citations"]} == {company.open_document}
    question, answer = (await talk.read())["turns"][:2]
    again = events(await talk.post(f"/turns/{answer['id']}/regenerate"))[-1][1]
    assert again["answerable"] is False
    edited = events(await talk.post(f"/turns/{question['id']}/edit", question=SECRET))[-1][1]
    assert edited["answerable"] is False


async def test_it_names_its_documents_until_they_are_taken_off(company: Company) -> None:
    talk = await about(company, company.pdf, company.open_document)
    assert await named(talk) == [company.pdf, company.open_document]
    await change(talk, [company.open_document])
    assert await named(talk) == [company.open_document]
    assert (await asked(talk, SECRET))["answerable"] is False
    await change(talk, [])
    assert await named(talk) is None
    assert "Cobaltine" in (await asked(talk, SECRET))["answer"]
    assert await named(await Talk.begin(company)) is None


async def taken_off(talk: Talk, document: int) -> int:
    address = f"/api/v1/conversations/{talk.number}/documents/{document}"
    return (await talk.client.delete(address)).status_code


async def test_taking_one_off_keeps_those_that_may_not_be_read_at_the_moment(
    company: Company, clean_module: Installation
) -> None:
    talk = await about(company, company.open_document, company.mail, company.pdf)
    owner = clean_module.database("owner")
    closed = "update document set denied = readers where id = %(id)s"
    async with owner.write(None) as session:
        await session.execute(closed, {"id": company.mail})
    assert await named(talk) == [company.open_document, company.pdf]
    assert await taken_off(talk, company.pdf) == 204
    assert await taken_off(talk, company.pdf) == 204
    assert await named(talk) == [company.open_document]
    opened = "update document set denied = '{}' where id = %(id)s"
    async with owner.write(None) as session:
        await session.execute(opened, {"id": company.mail})
    await owner.close()
    assert await named(talk) == [company.open_document, company.mail]


async def test_the_only_one_is_not_taken_off(company: Company) -> None:
    for documents in ([company.open_document], [company.open_document] * 2):
        talk = await about(company, *documents)
        assert await taken_off(talk, company.open_document) == 409
        assert (await asked(talk, SECRET))["answerable"] is False
    assert await taken_off(await Talk.begin(company), company.open_document) == 204


async def test_a_message_is_searched_with_what_it_carries(company: Company) -> None:
    talk = await about(company, company.mail)
    done = await asked(talk, "What is the price in the Cobaltine note?")
    assert company.attachment in {one["document"]["id"] for one in done["citations"]}
    without = await about(company, company.open_document)
    assert (await asked(without, "What is the price in the Cobaltine note?"))["citations"] == []


async def test_filters_and_its_documents_narrow_together(company: Company) -> None:
    talk = await about(company, company.open_document)
    response = await talk.post("/ask", question=OPEN, filters={"format": "pdf"})
    assert events(response)[-1][1]["answerable"] is False


async def test_a_document_that_may_not_be_read_is_like_one_that_is_not_there(
    company: Company,
) -> None:
    secret = Talk(company, (await begun_by(company, "neighbour", [company.pdf])), "neighbour")
    absent = Talk(company, (await begun_by(company, "neighbour", [NOWHERE])), "neighbour")
    for question in (SECRET, OPEN):
        told = [await asked(talk, question) for talk in (secret, absent)]
        assert told[0] == told[1]
        assert told[0]["answerable"] is False
    read = [await talk.read() for talk in (secret, absent)]
    assert [one["documents"] for one in read] == [[], []]
    assert not any(word in str(read[0]["documents"]).lower() for word in SECRETS)
    mixed = await begun_by(company, "neighbour", [company.pdf, company.open_document])
    assert await named(Talk(company, mixed, "neighbour")) == [company.open_document]


async def begun_by(company: Company, person: str, documents: list[int]) -> int:
    body: Json = {"documents": documents}
    response = await company.people[person].post("/api/v1/conversations", json=body)
    assert response.status_code == 201, response.text
    number: int = response.json()["id"]
    return number


async def test_readers_it_is_shared_with_are_told_of_those_that_they_may_read(
    company: Company,
) -> None:
    mixed = await about(company, company.pdf, company.open_document)
    secret = await about(company, company.pdf)
    usual = await Talk.begin(company)
    for talk in (mixed, secret, usual):
        await talk.share("neighbour")
    assert await named(mixed.seen_by("neighbour")) == [company.open_document]
    assert await named(secret.seen_by("neighbour")) is None
    assert await named(usual.seen_by("neighbour")) is None
    theirs = (await secret.seen_by("neighbour").get()).text.lower()
    assert not any(word in theirs for word in SECRETS)
    listed = (await company.people["neighbour"].get("/api/v1/conversations?shared=true")).json()
    assert all("documents" not in one for one in listed["conversations"])


async def test_what_is_not_a_list_of_documents_is_refused(company: Company) -> None:
    client = company.people["owner"]
    for documents in ([0], ["open"], list(range(1, 102))):
        response = await client.post("/api/v1/conversations", json={"documents": documents})
        assert response.status_code == 422
    neighbour = company.people["neighbour"]
    talk = await about(company, company.open_document)
    address = f"/api/v1/conversations/{talk.number}"
    refused = await neighbour.patch(address, json={"documents": []})
    absent = await neighbour.patch(f"/api/v1/conversations/{NOWHERE}", json={"documents": []})
    assert (refused.status_code, refused.content) == (404, absent.content)
