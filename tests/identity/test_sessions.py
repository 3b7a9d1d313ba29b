"""Signing in and out, and what a browser session is worth."""

import json
import time
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from centaure.app.installation import Installation
from centaure.identity import Role, passwords, service, throttle
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput
from centaure.kit.settings import Settings

PASSWORD = "correct horse battery"
AddUser = Callable[..., Awaitable[int]]
SignIn = Callable[..., Awaitable[AsyncClient]]
Owner = "psycopg.Connection[tuple[object, ...]]"

pytestmark = pytest.mark.anyio


async def test_a_stranger_is_told_to_sign_in(stranger: AsyncClient) -> None:
    for method, path in (
        ("GET", "/session"),
        ("DELETE", "/session"),
        ("GET", "/keys"),
        ("POST", "/keys"),
        ("DELETE", "/keys/1"),
        ("GET", "/users"),
        ("POST", "/users"),
        ("POST", "/users/1/invitation"),
    ):
        response = await stranger.request(method, path, json={} if method == "POST" else None)
        assert response.status_code == 401, path
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.headers["Content-Type"] == "application/problem+json"


async def test_a_user_signs_in_and_out(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    response = await ada.get("/session")
    assert response.json()["user"] == {"login": "ada", "name": "Ada", "roles": ["reader"]}
    assert response.json()["csrf_token"] == ada.headers["X-CSRF-Token"]
    cookies = dict(ada.cookies)
    assert (await ada.delete("/session")).status_code == 204
    ada.cookies.update(cookies)  # a cookie that somebody kept
    assert (await ada.get("/session")).status_code == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    api: FastAPI, stranger: AsyncClient, add_user: AddUser, clean: Installation
) -> None:
    await add_user("ada")
    credentials = {"login": "ada", "password": PASSWORD}
    plain = (await stranger.post("/session", json=credentials)).headers["Set-Cookie"]
    assert plain.startswith("centaure=")
    assert "Secure" not in plain
    api.state.settings = clean.settings.model_copy(
        update={"public_url": "https://centaure.example"}
    )
    secure = (await stranger.post("/session", json=credentials)).headers["Set-Cookie"]
    assert secure.startswith("__Host-centaure=")
    assert "Secure" in secure
    assert "Domain" not in secure
    for cookie in (plain, secure):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie


async def test_no_password_is_taken_over_an_open_network(
    api: FastAPI, stranger: AsyncClient
) -> None:
    api.state.settings = Settings(public_url="http://centaure.example")
    response = await stranger.post("/session", json={"login": "ada", "password": PASSWORD})
    assert response.status_code == 503
    assert "HTTPS" in response.json()["detail"]


async def test_nothing_changes_without_the_token_that_the_page_repeats(sign_in: SignIn) -> None:
    ada, eve = await sign_in("ada"), await sign_in("eve")
    token = ada.headers.pop("X-CSRF-Token")
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": eve.headers["X-CSRF-Token"]}):
        assert (await ada.delete("/session", headers=wrong)).status_code == 403
    assert (await ada.get("/session")).status_code == 200
    assert (await ada.delete("/session", headers={"X-CSRF-Token": token})).status_code == 204


async def test_another_site_cannot_sign_somebody_in_with_a_form(
    stranger: AsyncClient, add_user: AddUser
) -> None:
    await add_user("ada")
    for media_type in ("text/plain", "application/x-www-form-urlencoded"):
        response = await stranger.post(
            "/session",
            content=json.dumps({"login": "ada", "password": PASSWORD}),
            headers={"Content-Type": media_type},
        )
        assert response.status_code == 422


async def test_a_session_ends_when_idle_and_at_its_end(
    sign_in: SignIn, owner_connection: Owner
) -> None:
    ada = await sign_in("ada")
    owner_connection.execute("update browser_session set last_seen_at = now() - interval '11 h'")
    assert (await ada.get("/session")).status_code == 200
    seen = owner_connection.execute(
        "select now() - last_seen_at < interval '1 m' from browser_session"
    )
    assert seen.fetchone() == (True,), "use keeps a session alive"
    owner_connection.execute("update browser_session set last_seen_at = now() - interval '13 h'")
    assert (await ada.get("/session")).status_code == 401
    owner_connection.execute("update browser_session set last_seen_at = now(), expires_at = now()")
    assert (await ada.get("/session")).status_code == 401


async def test_a_new_password_ends_every_session(sign_in: SignIn, owner: Database) -> None:
    ada, eve = await sign_in("ada"), await sign_in("eve")
    await service.set_password(owner, "ada", "another long password")
    assert (await ada.get("/session")).status_code == 401
    assert (await eve.get("/session")).status_code == 200


async def test_a_disabled_user_is_out_at_once_and_cannot_come_back(
    sign_in: SignIn, owner: Database
) -> None:
    ada = await sign_in("ada")
    key = (await ada.post("/keys", json={"label": "mine", "scopes": ["search"]})).json()["secret"]
    async with owner.write(None) as session:
        await service.set_disabled(session, "ada", disabled=True)
    assert (await ada.get("/session")).status_code == 401
    by_key = await ada.get("/session", headers={"Authorization": f"Bearer {key}"})
    assert by_key.status_code == 401
    again = await ada.post("/session", json={"login": "ada", "password": PASSWORD})
    assert again.status_code == 401
    async with owner.write(None) as session:
        await service.set_disabled(session, "ada", disabled=False)
    assert (await ada.get("/session")).status_code == 401, "an ended session stays ended"


async def test_a_role_that_is_taken_away_is_gone_in_open_sessions(
    sign_in: SignIn, owner: Database
) -> None:
    ada = await sign_in("ada", Role.ADMINISTRATOR)
    assert (await ada.get("/users")).status_code == 200
    async with owner.write(None) as session:
        await service.set_roles(session, "ada", [Role.READER])
    assert (await ada.get("/users")).status_code == 403


async def test_a_refusal_says_the_same_of_an_unknown_user(
    stranger: AsyncClient, add_user: AddUser, owner: Database
) -> None:
    await add_user("ada")
    async with owner.write(None) as session:
        await service.create_user(session, "no-password", "Invited")
    answers = set()
    for login in ("ada", "nobody", "no-password", "*", "a\u0000", "a\ufffd"):
        response = await stranger.post("/session", json={"login": login, "password": "wrong" * 4})
        answers.add((response.status_code, response.text, "set-cookie" in response.headers))
    assert len(answers) == 1
    assert answers.pop()[0] == 401


async def test_an_unknown_user_costs_as_much_as_a_known_one() -> None:
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODY)
    known = await passwords.hash_password(PASSWORD)
    times: dict[str | None, list[float]] = {known: [], None: []}
    for _ in range(3):
        for stored, found in times.items():
            start = time.process_time()
            assert not await passwords.matches(stored, "wrong password")
            found.append(time.process_time() - start)
    assert min(times[None]) > 0.6 * min(times[known])


async def test_failures_slow_down_known_and_unknown_logins_alike(
    stranger: AsyncClient, add_user: AddUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PER_LOGIN_AND_ADDRESS", 3)
    await add_user("ada")
    for login in ("ada", "nobody"):
        wrong = {"login": login, "password": "wrong" * 4}
        statuses = [(await stranger.post("/session", json=wrong)).status_code for _ in range(4)]
        assert statuses == [401, 401, 401, 429]
    refused = await stranger.post("/session", json={"login": "ada", "password": PASSWORD})
    assert refused.status_code == 429, "not even the right password, until later"
    assert 200 < int(refused.headers["Retry-After"]) <= 300
    assert "ada" not in refused.text


async def test_success_costs_no_turn(
    stranger: AsyncClient, add_user: AddUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PER_LOGIN_AND_ADDRESS", 2)
    await add_user("ada")
    for _ in range(4):
        right = await stranger.post("/session", json={"login": "ada", "password": PASSWORD})
        assert right.status_code == 200


async def test_one_address_cannot_try_many_logins_nor_lock_them_out(
    database: Database,
) -> None:
    async with database.write(None) as session:
        for number in range(throttle.PER_ADDRESS):
            assert await throttle.take_turn(session, b"k", f"login {number}", "2001:db8::1") == 0
        same_network = await throttle.take_turn(session, b"k", "ada", "2001:db8::2")
        assert 1 <= same_network <= 10
        for _ in range(throttle.PER_LOGIN_AND_ADDRESS):
            assert await throttle.take_turn(session, b"k", "ada", "192.0.2.1") == 0, "untouched"
        assert await throttle.take_turn(session, b"k", "ada", "192.0.2.1") > 0
        assert await throttle.take_turn(session, b"k", "ada", "192.0.2.2") == 0, (
            "its owner, elsewhere"
        )


async def test_many_addresses_cannot_try_one_login_at_will(database: Database) -> None:
    async with database.write(None) as session:
        for number in range(throttle.PER_LOGIN):
            assert await throttle.take_turn(session, b"k", "ada", f"192.0.2.{number}") == 0
        assert await throttle.take_turn(session, b"k", "ada", "198.51.100.1") > 0


async def test_a_short_password_is_refused_with_the_length_to_reach() -> None:
    for short in ("", "eleven char", "e\u0301leven char"):
        with pytest.raises(InvalidInput, match="at least 12 characters"):
            await passwords.hash_password(short)
