"""Looking after the catalogue and the rules; whatever changes is written in the audit."""

from collections.abc import Sequence
from typing import Any

from centaure.audit import Action, record
from centaure.gateway import catalogue
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.descriptions import ModelDescription, RuleDescription, from_values
from centaure.gateway.providers import locked_key
from centaure.gateway.rules import all_rules, replace_rules
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict, InvalidInput
from centaure.kit.vault import Vault


async def add(
    session: WriteSession, described: ModelDescription, key: str, vault: Vault
) -> CatalogueModel:
    """Keep a model; its key is encrypted.

    Raises:
        InvalidInput: its address is none.
        Conflict: the name is taken.
    """
    secrets = locked_key(described.kind, described.location, key, vault)
    added = await catalogue.add_model(session, described.row(), secrets)
    await _audited(session, f"model:{added.id}", "model_added", **_shown(added))
    return added


async def change(
    session: WriteSession,
    before: CatalogueModel,
    changes: dict[str, Any],
    key: str | None,
    vault: Vault,
) -> CatalogueModel:
    """Change what is said of a model, and its key.

    Args:
        session: as an administrator, or as the worker's role.
        before: as it is, read in this session.
        changes: fields of a description.
        key: None: the one that it has, which stays with its address; empty: none.
        vault: of the installation.

    Raises:
        InvalidInput: what is said makes no sense, or another address comes without its key.
        Conflict: its new name is taken, or a rule names it.
    """
    said = {**ModelDescription.of(before).model_dump(), **changes}
    described = from_values(said)
    if described.name != before.name:
        await _not_in_rules(session, before.name)
    moved = (described.kind, described.location) != (before.kind, before.location)
    if moved and key is None:
        raise InvalidInput(
            "A key is for one address: with another address, give its key, or an empty one if it needs none."
        )
    if key is not None:
        secrets = locked_key(described.kind, described.location, key, vault)
        await catalogue.change_secrets(session, before.id, secrets)
    changed = await catalogue.change_model(session, before.id, described.row())
    await _audited(session, f"model:{changed.id}", "model_changed", **_shown(changed))
    return changed


async def remove(session: WriteSession, model: CatalogueModel) -> None:
    """Forget a model.

    Raises:
        Conflict: a rule names it.
    """
    await _not_in_rules(session, model.name)
    await catalogue.remove_model(session, model.id)
    await _audited(session, f"model:{model.id}", "model_removed")


async def write_rules(session: WriteSession, rules: Sequence[RuleDescription]) -> None:
    """Keep these rules, in this order, and no other.

    Raises:
        InvalidInput: one names a model that is not there.
    """
    known = {model.name for model in await catalogue.all_models(session)}
    for rule in rules:
        unknown = [name for name in rule.models if name not in known]
        if unknown:
            raise InvalidInput(
                f"The rule '{rule.name}' names a model that is not there: {unknown[0]}."
            )
    await replace_rules(session, [rule.rule() for rule in rules])
    await _audited(session, "routing", "rules_changed", rules=len(rules))


async def read_rules(session: ReadSession) -> list[RuleDescription]:
    """The rules, in order."""
    return [RuleDescription.of(rule) for rule in await all_rules(session)]


async def _not_in_rules(session: ReadSession, name: str) -> None:
    for rule in await all_rules(session):
        if name in rule.models:
            raise Conflict(f"The rule '{rule.name}' names {name}. Change the rules first.")


async def _audited(session: WriteSession, subject: str, what: str, **details: str | int) -> None:
    await record(session, Action.ADMINISTRATION, subject, details={"what": what, **details})


def _shown(model: CatalogueModel) -> dict[str, str | int]:
    return {"kind": model.kind, "highest": model.highest, "lifecycle": model.lifecycle.value}
