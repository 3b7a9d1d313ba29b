"""Every route is walked: a stranger is refused, a neighbour learns nothing, the owner gets the thing.

A route that is not in `WALK` fails the test. What hides a document must answer exactly as it answers for a
document that never existed.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from centaure.app.api import compose_api
from contracts.company import PASSWORD, SECRETS, Company

pytestmark = pytest.mark.anyio

NOWHERE = 999_999_999
Body = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """How one route is walked.

    Attributes:
        stranger: status for nobody.
        neighbour: status for somebody without the right; with `absent`, the answer must also equal, byte
            for byte, that of the address of something that does not exist.
        owner: status for the one who may.
        who: the one who may.
        query: appended to the address.
        body: sent as JSON.
        path: values of the variables of the address and of the body, from the company.
        absent: the same for something that does not exist.
    """

    stranger: int = 401
    neighbour: int = 404
    owner: int = 200
    who: str = "owner"
    query: str = ""
    body: Callable[[], Body | list[Any]] | None = None
    path: Callable[[Company], Body] = field(default=lambda _: {})
    absent: Callable[[Company], Body] | None = None


def document(company: Company) -> Body:
    return {"document_id": company.pdf, "chunk_id": company.chunk, "page": 1}


def no_document(_: Company) -> Body:
    return {
        "document_id": NOWHERE,
        "chunk_id": NOWHERE,
        "key_id": NOWHERE,
        "user_id": NOWHERE,
        "group_id": NOWHERE,
        "entry_id": NOWHERE,
        "model_id": NOWHERE,
        "quota_id": NOWHERE,
        "conversation_id": NOWHERE,
        "turn_id": NOWHERE,
        "file_id": NOWHERE,
        "page": 1,
    }


def no_comparison(_: Company) -> Body:
    return {"comparison_id": NOWHERE}


def no_prompt(_: Company) -> Body:
    return {"prompt_id": NOWHERE}


def assistant(company: Company) -> Body:
    return {"key": company.assistant}


def no_assistant(_: Company) -> Body:
    return {"key": "absent-k7w2ma"}


def changed_assistant() -> Body:
    definition = {"name": "Zanzibar", "language": "en", "role": "You know all of Cobaltine."}
    return {"definition": definition, "made_from": 1}


def written(owner: int = 200, **more: Any) -> Step:
    """Of an assistant of the owner's, who shares it with nobody."""
    return Step(owner=owner, path=assistant, absent=no_assistant, **more)


def source(company: Company) -> Body:
    return {"source_id": company.source}


def conversation(company: Company) -> Body:
    return {"conversation_id": company.conversation, "turn_id": company.turn}


def dropped(company: Company) -> Body:
    return {"conversation_id": company.conversation, "file_id": company.file}


def about(company: Company) -> Body:
    return {"conversation_id": company.conversation, "document_id": company.pdf}


def question(company: Company) -> Body:
    return {"conversation_id": company.conversation, "turn_id": company.question}


def kept(owner: int = 200, **more: Any) -> Step:
    """Of a conversation of the owner's, who shares it with nobody."""
    return Step(owner=owner, **({"path": conversation, "absent": no_document} | more))


def open_to_all(status: int = 200, **more: Any) -> Step:
    return Step(stranger=status, neighbour=status, owner=status, **more)


def own(status: int = 200, **more: Any) -> Step:
    return Step(neighbour=status, owner=status, **more)


WALK: dict[tuple[str, str], Step] = {
    ("GET", "/health"): open_to_all(),
    ("GET", "/health/details"): Step(neighbour=403, who="administrator"),
    ("POST", "/session"): open_to_all(
        401, body=lambda: {"login": "owner", "password": "not the password"}
    ),
    ("GET", "/session"): own(),
    ("POST", "/invitation"): open_to_all(
        404, body=lambda: {"token": "x" * 43, "password": PASSWORD}
    ),
    ("GET", "/keys"): own(),
    ("POST", "/keys"): own(
        201, body=lambda: {"label": "walk", "scopes": ["search"], "expires_in_days": 1}
    ),
    ("DELETE", "/keys/{key_id}"): own(404, path=no_document),
    ("GET", "/users"): Step(neighbour=403, who="administrator"),
    ("POST", "/users"): Step(
        neighbour=403,
        owner=201,
        who="administrator",
        body=lambda: {"login": "new", "name": "New", "roles": ["reader"]},
    ),
    ("POST", "/users/{user_id}/invitation"): Step(
        neighbour=403, owner=404, who="administrator", path=no_document
    ),
    ("PUT", "/users/{user_id}"): Step(
        neighbour=403,
        owner=404,
        who="administrator",
        path=no_document,
        body=lambda: {"roles": ["reader"], "clearance": None, "disabled": False},
    ),
    ("GET", "/users/{user_id}/groups"): Step(
        neighbour=403, owner=404, who="administrator", path=no_document
    ),
    ("GET", "/groups"): Step(neighbour=403, who="administrator"),
    ("GET", "/groups/{group_id}/members"): Step(
        neighbour=403, who="administrator", path=no_document
    ),
    ("GET", "/audit"): Step(neighbour=403, who="administrator"),
    ("POST", "/audit/verification"): Step(neighbour=403, who="administrator", body=dict),
    ("GET", "/search"): own(query="?q=zanzibar+cobaltine+canteen"),
    ("GET", "/search/filters"): own(),
    ("GET", "/search/suggestions"): own(),
    ("GET", "/search/feedback"): own(query="?q=zanzibar+cobaltine+canteen"),
    ("POST", "/search/feedback"): Step(
        owner=204,
        body=lambda: {
            "query": "cobaltine",
            "document_id": "{document_id}",
            "verdict": "useful",
        },
        path=document,
        absent=no_document,
    ),
    ("DELETE", "/search/feedback"): Step(
        owner=204, query="?q=cobaltine&document_id={document_id}", path=document, absent=no_document
    ),
    ("POST", "/ask"): own(body=lambda: {"question": "When is the Cobaltine purchase signed?"}),
    ("GET", "/conversations"): own(),
    ("POST", "/conversations"): own(201, body=lambda: {"title": "Lunch"}),
    ("GET", "/conversations/groups"): own(),
    ("GET", "/conversations/{conversation_id}"): kept(),
    ("PATCH", "/conversations/{conversation_id}"): kept(body=lambda: {"pinned": True}),
    ("POST", "/conversations/{conversation_id}/ask"): kept(
        body=lambda: {"question": "When is the Cobaltine purchase signed?"}
    ),
    ("POST", "/conversations/{conversation_id}/turns/{turn_id}/edit"): kept(
        path=question, body=lambda: {"question": "What is the price of Cobaltine?"}
    ),
    ("POST", "/conversations/{conversation_id}/turns/{turn_id}/regenerate"): kept(),
    ("GET", "/conversations/{conversation_id}/turns/{turn_id}/models"): kept(),
    ("POST", "/conversations/{conversation_id}/turns/{turn_id}/show"): kept(204),
    ("PUT", "/conversations/{conversation_id}/turns/{turn_id}/thumb"): kept(
        204, body=lambda: {"thumb": "useful"}
    ),
    ("PUT", "/conversations/{conversation_id}/turns/{turn_id}/report"): kept(
        204, body=lambda: {"reason": "missing", "comment": "The note of 2026."}
    ),
    ("DELETE", "/conversations/{conversation_id}/turns/{turn_id}/report"): kept(204),
    ("POST", "/conversations/{conversation_id}/stop"): kept(204),
    ("GET", "/conversations/{conversation_id}/shares"): kept(),
    ("PUT", "/conversations/{conversation_id}/shares"): kept(body=lambda: {"users": []}),
    ("GET", "/conversations/{conversation_id}/export"): kept(query="?format=pdf"),
    ("GET", "/conversations/{conversation_id}/files"): kept(),
    ("POST", "/conversations/{conversation_id}/files"): kept(
        201, query="?name=note.txt", body=lambda: {"note": "The price of Cobaltine."}
    ),
    ("GET", "/conversations/{conversation_id}/files/{file_id}"): kept(path=dropped),
    ("DELETE", "/conversations/{conversation_id}/files/{file_id}"): kept(204, path=dropped),
    ("DELETE", "/conversations/{conversation_id}/documents/{document_id}"): kept(204, path=about),
    ("DELETE", "/conversations/{conversation_id}"): kept(204),
    ("GET", "/documents/{document_id}"): Step(path=document, absent=no_document),
    ("GET", "/documents/{document_id}/passages/{chunk_id}"): Step(
        path=document, absent=no_document
    ),
    ("GET", "/documents/{document_id}/pages/{page}.png"): Step(path=document, absent=no_document),
    ("GET", "/documents/{document_id}/original"): Step(path=document, absent=no_document),
    ("POST", "/documents/{document_id}/summary"): Step(path=document, absent=no_document),
    ("GET", "/sources"): own(),
    ("GET", "/sources/folders"): Step(neighbour=403, who="administrator"),
    ("POST", "/sources/folders/look"): Step(
        neighbour=403,
        who="administrator",
        body=lambda: {"path": "/confidentiel-zanzibar"},
    ),
    ("POST", "/sources/folders"): Step(
        neighbour=403,
        owner=422,
        who="administrator",
        body=lambda: {"path": "/confidentiel-zanzibar", "readers": ["*"]},
    ),
    ("GET", "/sources/folders/{request_id}"): Step(
        neighbour=403,
        owner=404,
        who="administrator",
        path=lambda _: {"request_id": NOWHERE},
    ),
    ("POST", "/sources/{source_id}/sync"): Step(
        neighbour=403, owner=202, who="curator", path=source
    ),
    ("GET", "/sources/{source_id}/runs"): Step(neighbour=403, who="curator", path=source),
    ("GET", "/sources/{source_id}/ledger"): Step(neighbour=403, who="curator", path=source),
    ("GET", "/sources/{source_id}/file"): Step(
        neighbour=403, who="curator", path=source, query="?path=open/readme.md"
    ),
    ("GET", "/sources/{source_id}/file/passages"): Step(
        neighbour=403, who="curator", path=source, query="?path=open/readme.md"
    ),
    ("GET", "/sources/{source_id}/file/rights"): Step(
        neighbour=403, who="curator", path=source, query="?path=open/readme.md&login=owner"
    ),
    ("GET", "/sources/{source_id}/exclusions"): Step(neighbour=403, who="curator", path=source),
    ("POST", "/sources/{source_id}/decisions"): Step(
        neighbour=403,
        owner=202,
        who="curator",
        path=source,
        body=lambda: {"decision": "read_again", "path": "open/readme.md"},
    ),
    ("GET", "/index"): Step(neighbour=403, who="curator"),
    ("GET", "/thesaurus"): Step(neighbour=403, who="curator"),
    ("POST", "/thesaurus"): Step(
        neighbour=403,
        owner=201,
        who="curator",
        body=lambda: {"term": "canteen", "other": "refectory"},
    ),
    ("GET", "/thesaurus/questions"): Step(neighbour=403, who="curator"),
    ("DELETE", "/thesaurus/questions/{word}"): Step(
        neighbour=403, owner=404, who="curator", path=lambda _: {"word": "canteen"}
    ),
    ("POST", "/thesaurus/suggestions"): Step(neighbour=403, who="curator"),
    ("POST", "/thesaurus/{entry_id}/decision"): Step(
        neighbour=403, owner=404, who="curator", path=no_document, body=lambda: {"state": "active"}
    ),
    ("DELETE", "/thesaurus/{entry_id}"): Step(
        neighbour=403, owner=404, who="curator", path=no_document
    ),
    ("GET", "/gaps"): Step(neighbour=403, who="curator"),
    ("GET", "/gaps/documents"): Step(neighbour=403, who="curator", query="?words=zanzibar"),
    ("POST", "/gaps"): Step(
        neighbour=403, owner=409, who="curator", body=lambda: {"terms": ["x"], "state": "resolved"}
    ),
    ("PUT", "/gaps/{gap_id}"): Step(
        neighbour=403,
        owner=404,
        who="curator",
        path=lambda _: {"gap_id": NOWHERE},
        body=lambda: {"state": "resolved"},
    ),
    ("GET", "/usage/me"): own(),
    ("GET", "/usage"): Step(neighbour=403, who="administrator"),
    ("GET", "/quotas"): Step(neighbour=403, who="administrator"),
    ("PUT", "/quotas"): Step(
        neighbour=403,
        who="administrator",
        body=lambda: {"subject": "everybody", "measure": "requests", "amount": 9, "period": "day"},
    ),
    ("DELETE", "/quotas/{quota_id}"): Step(
        neighbour=403, owner=404, who="administrator", path=no_document
    ),
    ("GET", "/footprint"): own(),
    ("GET", "/footprint/groups"): Step(neighbour=403, who="administrator"),
    ("POST", "/v1/chat/completions"): own(
        body=lambda: {
            "model": "centaure",
            "messages": [{"role": "user", "content": "When is the Cobaltine purchase signed?"}],
        }
    ),
    ("POST", "/v1/embeddings"): own(404, body=lambda: {"model": "absent", "input": "canteen"}),
    ("GET", "/v1/models"): own(),
    ("GET", "/v1/models/{name}"): own(404, path=lambda _: {"name": "absent"}),
    ("GET", "/models"): Step(neighbour=403, who="administrator"),
    ("POST", "/models"): Step(
        neighbour=403,
        owner=201,
        who="administrator",
        body=lambda: {"name": "walk", "kind": "extractive", "highest": "C3", "key": "sk-walk"},
    ),
    ("PUT", "/models/{model_id}"): Step(
        neighbour=403,
        owner=404,
        who="administrator",
        path=no_document,
        body=lambda: {"name": "walk", "kind": "extractive"},
    ),
    ("DELETE", "/models/{model_id}"): Step(
        neighbour=403, owner=404, who="administrator", path=no_document
    ),
    ("POST", "/models/{model_id}/test"): Step(
        neighbour=403, owner=404, who="administrator", path=no_document
    ),
    ("GET", "/models/detected"): Step(neighbour=403, who="administrator"),
    ("GET", "/models/rules"): Step(neighbour=403, who="administrator"),
    ("PUT", "/models/rules"): Step(neighbour=403, who="administrator", body=list),
    ("POST", "/models/route"): Step(
        neighbour=403, who="administrator", body=lambda: {"classification": "C2"}
    ),
    ("POST", "/models/choose"): Step(
        neighbour=403, who="administrator", body=lambda: {"classification": "C2"}
    ),
    ("GET", "/guardrails/policies"): Step(neighbour=403, who="administrator"),
    ("GET", "/guardrails/policies/history"): Step(neighbour=403, who="administrator"),
    ("PUT", "/guardrails/policies"): Step(
        neighbour=403, who="administrator", body=lambda: {"longest": 1000}
    ),
    ("POST", "/guardrails/policies/rollback"): Step(
        neighbour=403, owner=404, who="administrator", body=lambda: {"version": 999}
    ),
    ("GET", "/access-requests"): own(),
    ("POST", "/access-requests"): own(
        202, body=lambda: {"wanted": "The folder of the board", "why": "I replace its secretary."}
    ),
    ("POST", "/access-requests/{request_id}/decision"): Step(
        neighbour=403,
        owner=404,
        who="curator",
        path=lambda _: {"request_id": NOWHERE},
        body=lambda: {"decision": "refused", "reason": "Not needed."},
    ),
    ("GET", "/approved-answers"): Step(neighbour=403, who="curator"),
    ("GET", "/approved-answers/groups"): Step(neighbour=403, who="curator"),
    ("POST", "/approved-answers"): Step(
        neighbour=403,
        owner=201,
        who="curator",
        body=lambda: {
            "question": "Who looks after the canteen?",
            "answer": "The works council.",
            "readers": ["*"],
        },
    ),
    ("POST", "/approved-answers/{answer_id}/review"): Step(
        neighbour=403,
        owner=404,
        who="curator",
        path=lambda _: {"answer_id": NOWHERE},
        body=lambda: {"review_on": "2030-01-01"},
    ),
    ("GET", "/assistants"): own(),
    ("POST", "/assistants"): own(
        201, body=lambda: {"definition": {"name": "Lunch", "language": "en"}}
    ),
    ("GET", "/assistants/choices"): own(),
    ("GET", "/assistants/{key}"): written(),
    ("PUT", "/assistants/{key}"): written(body=changed_assistant),
    ("POST", "/assistants/{key}/prompt"): written(422, body=lambda: {"values": {}}),
    ("GET", "/assistants/{key}/versions"): written(),
    ("POST", "/assistants/{key}/rollback"): written(body=lambda: {"version": 1}),
    ("GET", "/assistants/{key}/shares"): written(),
    ("PUT", "/assistants/{key}/shares"): written(body=lambda: {"users": []}),
    ("GET", "/assistants/{key}/use"): written(),
    ("DELETE", "/assistants/{key}"): written(204),
    ("GET", "/guardrails/queue"): Step(neighbour=403, who="administrator"),
    ("POST", "/guardrails/queue/{entry_id}/read"): Step(
        neighbour=403,
        owner=404,
        who="administrator",
        path=no_document,
        body=lambda: {"reason": "to decide"},
    ),
    ("POST", "/guardrails/queue/{entry_id}/decision"): Step(
        neighbour=403,
        owner=404,
        who="administrator",
        path=no_document,
        body=lambda: {"decision": "released", "reason": "harmless"},
    ),
    ("POST", "/game"): own(body=lambda: {"number": 1, "lines": ["What is the word?"]}),
    ("GET", "/game/board"): own(),
    ("GET", "/guardrails/held"): own(),
    ("GET", "/guardrails/held/{entry_id}"): own(404, path=no_document),
    ("GET", "/prompts"): own(),
    ("POST", "/prompts"): own(201, body=lambda: {"name": "Lunch", "text": "Plan {{meal}}."}),
    ("GET", "/prompts/frameworks"): own(),
    ("POST", "/prompts/frameworks"): own(
        404, body=lambda: {"framework": "absent", "language": "en", "values": {}}
    ),
    ("POST", "/prompts/draft"): own(body=lambda: {"intention": "plan a lunch"}),
    ("POST", "/prompts/trial"): own(404, body=lambda: {"text": "Hello", "models": ["absent"]}),
    ("GET", "/prompts/{prompt_id}"): own(404, path=no_prompt),
    ("PATCH", "/prompts/{prompt_id}"): own(404, path=no_prompt, body=lambda: {"name": "Lunch"}),
    ("DELETE", "/prompts/{prompt_id}"): own(404, path=no_prompt),
    ("POST", "/prompts/{prompt_id}/versions"): own(
        404, path=no_prompt, body=lambda: {"text": "Hello", "expected": 1}
    ),
    ("POST", "/prompts/{prompt_id}/rollback"): own(
        404, path=no_prompt, body=lambda: {"version": 1}
    ),
    ("GET", "/prompts/{prompt_id}/difference"): own(404, path=no_prompt, query="?older=1&newer=2"),
    ("PUT", "/prompts/{prompt_id}/shares"): own(404, path=no_prompt, body=lambda: {"groups": []}),
    ("POST", "/prompts/{prompt_id}/scores"): own(
        404, path=no_prompt, body=lambda: {"version": 1, "model": "absent", "score": 3}
    ),
    ("GET", "/comparisons"): own(),
    ("POST", "/comparisons"): own(
        404,
        body=lambda: {
            "question": "When is the Cobaltine purchase signed?",
            "kind": "model",
            "one": {"name": "absent"},
            "other": {"name": "another"},
        },
    ),
    ("GET", "/comparisons/choices"): own(),
    ("GET", "/comparisons/ranking"): own(),
    ("GET", "/comparisons/preferences"): Step(neighbour=403, who="administrator"),
    ("GET", "/comparisons/{comparison_id}"): own(404, path=no_comparison),
    ("DELETE", "/comparisons/{comparison_id}"): own(404, path=no_comparison),
    ("POST", "/comparisons/{comparison_id}/vote"): own(
        404, path=no_comparison, body=lambda: {"vote": "left"}
    ),
    ("PUT", "/comparisons/{comparison_id}/consent"): own(
        404, path=no_comparison, body=lambda: {"consent": True}
    ),
    ("DELETE", "/session"): own(204),
}


def routes(api: FastAPI) -> set[tuple[str, str]]:
    return {
        (method, path.removeprefix("/api/v1").replace(":path", ""))
        for path, operations in api.openapi()["paths"].items()
        for method in (name.upper() for name in operations)
    } | {
        (method, route.path.removeprefix("/api/v1").replace(":path", ""))
        for route in api.routes
        if isinstance(route, APIRoute)
        for method in route.methods - {"HEAD"}
    }


def test_every_route_is_in_the_walk() -> None:
    assert routes(compose_api()) == set(WALK)


async def go(client: httpx2.AsyncClient, step: tuple[str, str], values: Body) -> httpx2.Response:
    method, template = step
    way = WALK[step]
    address = (template + way.query).format(**values)
    if not address.startswith("/v1/"):  # OpenAI's API stands beside ours
        address = "/api/v1" + address
    body = way.body and way.body()
    if isinstance(body, dict):
        body = {
            name: value.format(**values) if isinstance(value, str) else value
            for name, value in body.items()
        }
    return await client.request(method, address, json=body)


def learns_nothing(response: httpx2.Response) -> None:
    """Nothing of the secret, whatever its case, but what the request itself said."""
    said = response.content.decode(errors="replace").lower()
    if response.request.url.path.endswith(("/search", "/ask")):
        said = re.sub(r'"(query|question)": ?"[^"]*"', "", said)
    for secret in SECRETS:
        assert secret not in said, f"{response.request.url} tells {secret}"


FOR_BROWSERS = {
    ("GET", "/conversations/groups"),
    ("GET", "/conversations/{conversation_id}/shares"),
    ("PUT", "/conversations/{conversation_id}/shares"),
    ("PUT", "/conversations/{conversation_id}/turns/{turn_id}/report"),
    ("DELETE", "/conversations/{conversation_id}/turns/{turn_id}/report"),
    ("DELETE", "/conversations/{conversation_id}"),
}
CONVERSATIONS = [step for step in WALK if step[1].startswith("/conversations")]


@pytest.mark.parametrize("step", CONVERSATIONS, ids=" ".join)
async def test_a_neighbours_key_opens_of_conversations_what_the_neighbour_sees(
    company: Company, step: tuple[str, str]
) -> None:
    way, program = WALK[step], company.people["stranger"]
    values = way.path(company)
    for scope in ("ask", "conversations"):
        new = {"label": "walk", "scopes": [scope]}
        made = await company.people["neighbour"].post("/api/v1/keys", json=new)
        program.headers["Authorization"] = f"Bearer {made.json()['secret']}"
        try:
            answer = await go(program, step, values)
        finally:
            del program.headers["Authorization"]
        opened = scope == "conversations" and step not in FOR_BROWSERS and "/files" not in step[1]
        assert answer.status_code == (way.neighbour if opened else 403), answer.text
        learns_nothing(answer)


@pytest.mark.parametrize("step", WALK, ids=" ".join)
async def test_a_stranger_is_refused_a_neighbour_learns_nothing_the_owner_gets_it(
    company: Company, step: tuple[str, str]
) -> None:
    way = WALK[step]
    values = way.path(company)
    stranger = await go(company.people["stranger"], step, values)
    assert stranger.status_code == way.stranger, stranger.text
    learns_nothing(stranger)
    if way.stranger >= 400:
        theirs = step[1].startswith("/v1/")
        form = "application/json" if theirs else "application/problem+json"
        assert stranger.headers["content-type"] == form

    neighbour = await go(company.people["neighbour"], step, values)
    assert neighbour.status_code == way.neighbour, neighbour.text
    learns_nothing(neighbour)
    if way.absent is not None:
        absent = await go(company.people["neighbour"], step, way.absent(company))
        assert absent.content == neighbour.content
        assert absent.status_code == neighbour.status_code
        assert dict(absent.headers) == dict(neighbour.headers)
        for role in ("curator", "administrator"):
            refused = await go(company.people[role], step, values)
            assert refused.content == neighbour.content, f"{role} is told more"

    owner = await go(company.people[way.who], step, values)
    assert owner.status_code == way.owner, owner.text
    if step == ("DELETE", "/session"):
        for person in ("neighbour", "owner"):
            await company.sign_in(person)


async def test_the_owner_really_finds_what_the_neighbour_does_not(company: Company) -> None:
    for step in (("GET", "/search"), ("POST", "/ask"), ("POST", "/v1/chat/completions")):
        found = await go(company.people["owner"], step, {})
        assert "confidentiel-zanzibar/confidentiel-" in found.text


async def test_a_passage_of_another_document_is_not_reached_through_an_open_one(
    company: Company,
) -> None:
    address = f"/api/v1/documents/{company.open_document}/passages/{company.chunk}"
    for person in ("neighbour", "owner"):
        response = await company.people[person].get(address)
        assert response.status_code == 404


async def test_attachments_follow_their_message(company: Company) -> None:
    address = f"/api/v1/documents/{company.attachment}/original"
    assert (await company.people["neighbour"].get(address)).status_code == 404
    response = await company.people["owner"].get(address)
    assert response.content.strip() == b"Cobaltine note: price 4711 million euros."
    assert response.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in response.headers["content-security-policy"]


async def test_an_api_key_opens_only_its_scopes(company: Company) -> None:
    client = company.people["owner"]
    body = {"label": "walk", "scopes": ["search"], "expires_in_days": 1}
    secret = (await client.post("/api/v1/keys", json=body)).json()["secret"]
    keyed = {"Authorization": f"Bearer {secret}"}
    stranger = company.people["stranger"]
    found = await stranger.get("/api/v1/search?q=cobaltine", headers=keyed)
    assert found.status_code == 200
    assert found.json()["hits"]
    refused = await stranger.get(f"/api/v1/documents/{company.pdf}", headers=keyed)
    assert refused.status_code == 403


async def test_a_form_of_another_site_changes_nothing(company: Company) -> None:
    client = company.people["owner"]
    body = {"question": "When is the Cobaltine purchase signed?"}
    for token in ("", "guessed"):
        response = await client.post("/api/v1/ask", json=body, headers={"X-CSRF-Token": token})
        assert response.status_code == 403


async def test_security_headers_are_on_every_answer(company: Company) -> None:
    for path in ("/api/v1/health", "/api/v1/documents/1", "/nowhere"):
        response = await company.people["stranger"].get(path)
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


async def test_a_body_that_never_ends_is_cut(company: Company) -> None:
    response = await company.people["owner"].post(
        "/api/v1/ask", content=b'{"question": "' + b"a" * 2_000_000 + b'"}'
    )
    assert 400 <= response.status_code < 500


async def test_a_body_that_drips_is_given_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("centaure.app.api.BODY_S", 0.05)

    async def drips() -> AsyncIterator[bytes]:
        yield b'{"question": "'
        await asyncio.sleep(600)

    async with asyncio.timeout(60):
        response = await company.people["owner"].post("/api/v1/ask", content=drips())
    assert 400 <= response.status_code < 500


async def test_a_decision_is_answered_alike_wherever_its_path_leads(company: Company) -> None:
    curator = company.people["curator"]
    address = f"/api/v1/sources/{company.source}/decisions"
    secret, absent = (
        "confidentiel-zanzibar/confidentiel-plan.pdf",
        "confidentiel-zanzibar/absent.pdf",
    )
    for decision in ("exclude", "include", "read_again"):
        answers = [
            await curator.post(address, json={"decision": decision, "path": path})
            for path in (secret, absent)
        ]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert [answer.json() for answer in answers] == [
            {"decision": decision, "path": path} for path in (secret, absent)
        ]
    refused = await curator.post(address, json={"decision": "exclude", "path": "../outside"})
    assert refused.status_code == 422
    neighbour = await company.people["neighbour"].get(
        f"/api/v1/sources/{company.source}/exclusions"
    )
    assert neighbour.status_code == 403
