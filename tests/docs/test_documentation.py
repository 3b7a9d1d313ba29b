"""What the documentation says is so: commands, settings, routes, links, figures."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from centaure.app.api import compose_api
from centaure.app.openapi import openapi_document
from centaure.kit.settings import Settings
from centaure.knowledge.connectors import connector_class, kinds

ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")]
    if "node_modules" not in path.parts
]


def commands(page: str) -> list[str]:
    """What a page tells to type, without its questions, which are in the page's language."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    return [re.sub(r'"[^"]*"', '"..."', line) for block in blocks for line in block.splitlines()]


def test_both_readmes_give_the_same_commands() -> None:
    assert commands("README.md") == commands("README.fr.md")
    assert commands("README.md")[:2] == ["make demo", "make test"]


def test_every_make_command_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {
        word
        for page in PAGES
        for words in re.findall(r"`make ([a-z]+)|^make ([a-z]+)", page.read_text(), re.MULTILINE)
        for word in words
        if word
    }
    assert told <= targets


def test_every_setting_is_documented_and_nothing_else() -> None:
    told = set(re.findall(r"`CENTAURE_([A-Z_]+)`", (ROOT / "docs/operation.md").read_text()))
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_route_is_in_the_api_page() -> None:
    page = (ROOT / "docs/api.md").read_text()
    told = {
        (method, re.sub(r"\{[a-z_]+\}", "{}", path))
        for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`]*)`", page)
    }
    real = {
        (method.upper(), re.sub(r"\{[a-z_]+\}", "{}", path.removeprefix("/api/v1")))
        for path, operations in compose_api().openapi()["paths"].items()
        for method in operations
    }
    assert told == real


def test_the_committed_openapi_document_is_the_one_of_the_code() -> None:
    import json  # noqa: PLC0415 - used once

    committed = json.loads((ROOT / "ui" / "openapi.json").read_text())
    assert committed == openapi_document(), "run `make api`"


def test_every_kind_of_place_and_each_of_its_options_is_documented() -> None:
    page = (ROOT / "docs/connectors.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z0-9]+)` (\|.*)$", page, re.MULTILINE))
    assert set(rows) == set(kinds())
    for kind, row in rows.items():
        told = set(re.findall(r"`([a-z_]+)`", row.split("|")[2]))
        secret = set(re.findall(r"\*\*`([a-z_]+)`\*\*", row))
        fields = connector_class(kind).options_model.model_fields
        assert set(fields) <= told, kind
        assert secret == {
            name for name, field in fields.items() if field.annotation is SecretStr
        }, kind


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
