"""The catalogue and the rules of routing over HTTP, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, status
from pydantic import Field

from centaure.gateway import administration, catalogue
from centaure.gateway.chooser import choose
from centaure.gateway.descriptions import RuleDescription
from centaure.gateway.detection import detect
from centaure.gateway.schemas import (
    ModelAdded,
    ModelChanged,
    ModelRead,
    ModelTried,
    NeedsAsked,
    RankingRead,
    RouteAsked,
    RouteRead,
    ServerDetected,
)
from centaure.gateway.service import Gateway
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError, InvalidInput, NotFound
from centaure.kit.vault import Vault

router = APIRouter(prefix="/models", tags=["models"])

Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]
ModelId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Rules = Annotated[list[RuleDescription], Field(max_length=200)]


@router.get("")
async def list_models(request: Request, administrator: Administrator) -> list[ModelRead]:
    """The models of the catalogue, by name."""
    database, gateway = _parts(request)
    async with database.read(administrator.id) as session:
        found = await catalogue.all_models(session)
    return [ModelRead.of(model, answers=gateway.answers(model)) for model in found]


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_model(request: Request, administrator: Administrator, asked: ModelAdded) -> ModelRead:
    """Keep a model, on trial unless it says otherwise; every process may ask it within a moment."""
    database, _ = _parts(request)
    _refuse_files(asked.options.ca_file, "")
    async with database.write(administrator.id) as session:
        added = await administration.add(session, asked.description(), asked.key, _vault(request))
    return ModelRead.of(added, answers=True)


@router.get("/detected")
async def list_detected_servers(
    administrator: Administrator,  # noqa: ARG001 - it is what lets one in
) -> list[ServerDetected]:
    """The servers of language models that answer on this machine, where they usually listen."""
    return [ServerDetected.of(one) for one in await detect()]


@router.get("/rules")
async def list_routing_rules(
    request: Request, administrator: Administrator
) -> list[RuleDescription]:
    """The rules of routing, in order: the first whose conditions hold decides."""
    database, _ = _parts(request)
    async with database.read(administrator.id) as session:
        return await administration.read_rules(session)


@router.put("/rules")
async def write_routing_rules(
    request: Request, administrator: Administrator, asked: Rules
) -> list[RuleDescription]:
    """Replace the rules of routing."""
    database, _ = _parts(request)
    async with database.write(administrator.id) as session:
        await administration.write_rules(session, asked)
    return asked


@router.post("/route")
async def route_request(
    request: Request,
    administrator: Administrator,  # noqa: ARG001 - it is what lets one in
    asked: RouteAsked,
) -> RouteRead:
    """Tell which models a request would be put to, in which order, and why not to the others."""
    _, gateway = _parts(request)
    found = await gateway.plan(asked.facts(), fresh=True)
    answering = frozenset(model.id for model in found.models if gateway.answers(model))
    return RouteRead.of(found, answering)


@router.post("/choose")
async def choose_model(
    request: Request, administrator: Administrator, asked: NeedsAsked
) -> RankingRead:
    """Rank the models of the catalogue by the answers to five questions."""
    database, _ = _parts(request)
    async with database.read(administrator.id) as session:
        found = await catalogue.all_models(session)
    return RankingRead.of(choose(found, asked.needs()))


@router.put("/{model_id}")
async def change_model(
    request: Request, administrator: Administrator, model_id: ModelId, asked: ModelChanged
) -> ModelRead:
    """Describe a model anew."""
    database, gateway = _parts(request)
    said = asked.model_dump(exclude={"key"})
    async with database.write(administrator.id) as session:
        before = await catalogue.model_by_id(session, model_id)
        _refuse_files(asked.options.ca_file, str(before.options.get("ca_file", "")))
        changed = await administration.change(session, before, said, asked.key, _vault(request))
    return ModelRead.of(changed, answers=gateway.answers(changed))


@router.delete("/{model_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_model(request: Request, administrator: Administrator, model_id: ModelId) -> None:
    """Forget a model; what it said stays accounted for."""
    database, _ = _parts(request)
    async with database.write(administrator.id) as session:
        await administration.remove(session, await catalogue.model_by_id(session, model_id))


@router.post("/{model_id}/test")
async def try_model(
    request: Request,
    administrator: Administrator,  # noqa: ARG001 - it is what lets one in
    model_id: ModelId,
) -> ModelTried:
    """Ask a model for a word, in a question that holds nothing of anybody."""
    _, gateway = _parts(request)
    try:
        took_s = await gateway.try_out(model_id)
    except NotFound:
        raise
    except CentaureError as error:
        return ModelTried(answers=False, problem=error.message)
    return ModelTried(answers=True, first_ms=round(took_s * 1000))


def _parts(request: Request) -> tuple[Database, Gateway]:
    return request.app.state.database, request.app.state.gateway


def _vault(request: Request) -> Vault:
    return Vault.of(request.app.state.settings)


def _refuse_files(asked: str, before: str) -> None:
    if asked != before:
        raise InvalidInput("A file is named on the machine that reads it: `centaure models set`.")
