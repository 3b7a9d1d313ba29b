"""The page of one document: what curators are told of it, and nothing of what they may not read."""

from typing import Any

import pytest

from centaure.app.installation import Installation
from centaure.identity.service import create_user
from centaure.knowledge.sources.control import fulfil, next_wish
from centaure.knowledge.sources.service import find_source
from centaure.knowledge.sources.sync import sync_source
from contracts.company import Company

pytestmark = pytest.mark.anyio

SECRET = "confidentiel-zanzibar/confidentiel-plan.pdf"
LONG = "open/long.md"


async def told(company: Company, what: str = "", **query: Any) -> Any:
    address = f"/api/v1/sources/{company.source}/file{what}"
    return await company.people["curator"].get(address, params=query)


async def synchronise(clean_module: Installation, company: Company) -> None:
    """Do what curators wished, then a run, as the worker does."""
    indexer = clean_module.database("indexer")
    while True:
        async with indexer.read(None) as session:
            wish = await next_wish(session)
            source = await find_source(session, str(company.source))
        if wish is None:
            break
        async with indexer.write(wish.requested_by) as session:
            await fulfil(session, source, wish)
    await sync_source(indexer, company.source)
    await indexer.close()


async def test_a_curator_is_told_what_is_indexed_who_reads_it_and_what_is_recorded(
    company: Company,
) -> None:
    found = (await told(company, path="open/readme.md")).json()
    document, rights = found["document"], found["rights"]
    assert document["id"] == company.open_document
    assert (document["title"], document["format"]) == ("Canteen", "markdown")
    assert document["classification"] == "C1"
    assert document["passages"] == 1
    assert len(document["content_hash"]) == 64
    assert rights["rule"] == "open"
    assert rights["readers"] == [{"who": "group", "name": "Staff", "login": ""}]
    assert (rights["denied"], rights["place"]) == ([], None)
    assert [entry["what"] for entry in found["history"]] == ["indexed", "new"]
    assert {entry["content_hash"] for entry in found["history"]} == {document["content_hash"]}
    assert all(entry["run"] for entry in found["history"])
    passages = (await told(company, "/passages", path="open/readme.md")).json()
    assert [each["heading"] for each in passages["passages"]] == [["Canteen"]]
    assert "Lunch costs 9 euros" in passages["passages"][0]["text"]
    assert passages["next"] is None


async def test_a_curator_who_may_not_read_it_gets_what_absence_gives(company: Company) -> None:
    for what, query in (
        ("", {}),
        ("/passages", {}),
        ("/rights", {"login": "owner"}),
        ("/rights", {"login": "mallory"}),
    ):
        secret = await told(company, what, path=SECRET, **query)
        absent = await told(company, what, path="open/absent.md", **query)
        assert (secret.status_code, secret.content) == (404, absent.content)
        assert dict(secret.headers) == dict(absent.headers)
        elsewhere = await company.people["curator"].get(
            f"/api/v1/sources/999999/file{what}", params={"path": "open/readme.md", **query}
        )
        assert elsewhere.content == absent.content
    # Nor is the manifest, which stands in the ledger with its own path, a document.
    lines = (
        await company.people["curator"].get(f"/api/v1/sources/{company.source}/ledger")
    ).json()["lines"]
    manifest = next(line["path"] for line in lines if line["status"] == "rights")
    assert (await told(company, path=manifest)).status_code == 404


async def test_no_key_opens_the_page(company: Company) -> None:
    scopes = {"label": "walk", "scopes": ["sources", "documents"]}
    made = await company.people["curator"].post("/api/v1/keys", json=scopes)
    stranger = company.people["stranger"]
    keyed = {"Authorization": f"Bearer {made.json()['secret']}"}
    for what in ("", "/passages"):
        address = f"/api/v1/sources/{company.source}/file{what}?path=open/readme.md"
        assert (await stranger.get(address, headers=keyed)).status_code == 403


async def test_whether_somebody_reads_it_is_told_with_the_rule(
    company: Company, clean_module: Installation
) -> None:
    owner = clean_module.database("owner")
    async with owner.write(None) as session:
        await create_user(session, "outsider", "Of no group")
    for login, readable in (("neighbour", True), ("owner", True), ("outsider", False)):
        answer = (await told(company, "/rights", path="open/readme.md", login=login)).json()
        assert answer["readable"] is readable
        assert "the folder 'open'" in answer["sentences"][0]
        assert "The database agrees" in answer["sentences"][-1]
    nobody = await told(company, "/rights", path="open/readme.md", login="mallory")
    assert nobody.status_code == 422
    assert nobody.json()["detail"] == "Nobody has the login 'mallory'."
    async with owner.read(None) as session:
        rows = await session.rows(
            "select object, details from audit_event where action = 'rights_explain'"
        )
    await owner.close()
    assert [row.object for row in rows] == [f"source:{company.source}"] * 3
    assert {row.details["document"] for row in rows} == {company.open_document}


async def test_passages_come_twenty_at_once(company: Company, clean_module: Installation) -> None:
    sections = (
        f"# Part {number}\n\n" + f"Section {number} speaks of rooms. " * 40 for number in range(25)
    )
    (company.root / LONG).write_text("\n\n".join(sections))
    await synchronise(clean_module, company)
    whole = (await told(company, path=LONG)).json()["document"]["passages"]
    first = (await told(company, "/passages", path=LONG)).json()
    assert [each["position"] for each in first["passages"]] == list(range(20))
    rest = (await told(company, "/passages", path=LONG, first=first["next"])).json()
    assert len(first["passages"]) + len(rest["passages"]) == whole


async def test_what_is_taken_out_stays_out_until_a_curator_lets_it_in(
    company: Company, clean_module: Installation
) -> None:
    (company.root / "open" / "gone.md").write_text("# Badges\n\nBadges are given at the desk.\n")
    await synchronise(clean_module, company)
    number = (await told(company, path="open/gone.md")).json()["document"]["id"]
    curator, base = company.people["curator"], f"/api/v1/sources/{company.source}"
    wish = {"decision": "exclude", "path": "open/gone.md"}
    assert (await curator.post(f"{base}/decisions", json=wish)).status_code == 202
    await synchronise(clean_module, company)
    assert (await told(company, path="open/gone.md")).status_code == 404
    assert (await curator.get(f"/api/v1/documents/{number}")).status_code == 404
    (company.root / "open" / "gone.md").write_text("# Badges\n\nBadges are now given at home.\n")
    await synchronise(clean_module, company)
    assert (await told(company, path="open/gone.md")).status_code == 404
    # Its path is what is left out: the same file under another name is another one.
    moved = (company.root / "open" / "gone.md").rename(company.root / "open" / "elsewhere.md")
    await synchronise(clean_module, company)
    assert (await told(company, path="open/elsewhere.md")).json()["document"]["title"] == "Badges"
    moved.rename(company.root / "open" / "gone.md")
    left_out = (await curator.get(f"{base}/exclusions")).json()
    assert [each["path"] for each in left_out] == ["open/gone.md"]
    owner = clean_module.database("owner")
    async with owner.read(None) as session:
        details = await session.value(
            "select details from audit_event where action = 'source_change'"
            " and details ->> 'did' = 'exclude' order by id desc limit 1"
        )
    await owner.close()
    assert details["removed"] == [number]
    wish["decision"] = "include"
    assert (await curator.post(f"{base}/decisions", json=wish)).status_code == 202
    await synchronise(clean_module, company)
    passages = (await told(company, "/passages", path="open/gone.md")).json()["passages"]
    assert "given at home" in passages[0]["text"]
