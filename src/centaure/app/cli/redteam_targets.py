"""Whom a campaign is aimed at, as options of the command line say it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from centaure.app.cli.guard_policies import policy_of
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.gateway.calls import Purpose
from centaure.gateway.openai_compatible import OpenAICompatible
from centaure.gateway.simulation.obedience import OBEDIENT
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.policies import OnePolicy
from centaure.guardrails.policy import DEFAULT
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound
from centaure.redteam.targets import GatewayTarget, ModelTarget, ObedientModel, Target

T = TypeVar("T")
Work = Callable[[Target, Target | None], Awaitable[T]]
"""What is done with a target and its judge, if there is one."""

TargetName = Annotated[
    str,
    typer.Option(
        "--target",
        help=f"A model of the catalogue, an address such as https://host/v1, or {OBEDIENT}, a simulated "
        "model that does whatever it reads.",
    ),
]
Model = Annotated[str, typer.Option(help="Of an address: the model, as the service names it.")]
KeyFile = Annotated[
    str, typer.Option(help="Of an address: a file that holds its key.", metavar="FILE")
]
CaFile = Annotated[
    str, typer.Option(help="Of an address: certificates to trust besides.", metavar="FILE")
]
AsUser = Annotated[
    str, typer.Option("--as", help="Of a model of the catalogue: for whom it is asked.")
]
Assistant = Annotated[
    str, typer.Option(help="Of a model of the catalogue: whose policy and rules hold.")
]
GuardOption = Annotated[
    bool | None,
    typer.Option(
        "--guard/--no-guard",
        help="Whether guardrails stand before it; by default they do, but before an address.",
    ),
]
PolicyFile = Annotated[
    str,
    typer.Option(
        "--policy",
        help="Of an address or a simulated model: the policy to guard by.",
        metavar="FILE",
    ),
]
AnswerS = Annotated[float, typer.Option(min=1, max=600, help="Seconds for one answer.")]
AtOnce = Annotated[int, typer.Option(min=1, max=32, help="Questions under way at the same time.")]
Minutes = Annotated[float, typer.Option(min=0.01, max=1440, help="For the whole run.")]


@dataclass(frozen=True, slots=True)
class Aim:
    """The options together; each is told by its own help."""

    target: str
    model: str = ""
    key_file: str = ""
    ca_file: str = ""
    user: str = ""
    assistant: str = ""
    guard: bool | None = None
    policy: str = ""
    judge: str = ""
    answer_s: float = 60.0

    @property
    def elsewhere(self) -> bool:
        """Whether it is an address."""
        return "://" in self.target

    @property
    def guarded(self) -> bool:
        """Whether guardrails stand before it."""
        return (not self.elsewhere) if self.guard is None else self.guard

    @property
    def shown(self) -> str:
        """The target in a few words, without a key."""
        return " ".join(one for one in (self.target, self.model, self.assistant) if one)


def with_target(aim: Aim, work: Work[T]) -> T:
    """Do some work with the target that is meant, and let go of it.

    Raises:
        InvalidInput: options are missing, or do not go together.
        NotFound: there is no such model, or no such person.
    """
    if not aim.elsewhere and aim.target != OBEDIENT:
        return _with_catalogue(aim, work)
    if aim.user or aim.assistant:
        raise InvalidInput("--as and --assistant go with a model of the catalogue.")

    async def alone() -> T:
        async with _alone(aim) as (target, judge):
            return await work(target, judge)

    return asyncio.run(alone())


def _with_catalogue(aim: Aim, work: Work[T]) -> T:
    if aim.model or aim.key_file or aim.ca_file or aim.policy:
        raise InvalidInput(
            "--model, --key-file, --ca-file and --policy are not for a model of the catalogue, which has its "
            "own. An address begins with https://."
        )
    if not aim.user:
        raise InvalidInput("Say with --as for whom the model is asked: its calls are recorded.")

    async def inside(database: Database, installation: Installation) -> T:
        principal = await acting_as(installation, aim.user)
        gateway = installation.gateway(database, guarded=aim.guarded)
        try:
            names = {model.name for model in await gateway.models()}
            for name in filter(None, (aim.target, aim.judge)):
                if name not in names:
                    raise NotFound(
                        f"There is no model {name}. `centaure models list` shows those that there are."
                    )
            target = GatewayTarget(
                gateway, principal, aim.target, assistant=aim.assistant, longest_s=aim.answer_s
            )
            judge = GatewayTarget(
                gateway, principal, aim.judge, purpose=Purpose.JUDGE, longest_s=aim.answer_s
            )
            return await work(target, judge if aim.judge else None)
        finally:
            await gateway.close()

    return run("app", inside)


@asynccontextmanager
async def _alone(aim: Aim) -> AsyncGenerator[tuple[Target, Target | None]]:
    """A target that needs no installation."""
    guard = None
    if aim.policy and not aim.guarded:
        raise InvalidInput("--policy goes with --guard.")
    if aim.guarded:
        guard = Guarding(OnePolicy(policy_of(aim.policy) if aim.policy else DEFAULT))
    if not aim.elsewhere:
        if aim.model or aim.key_file or aim.ca_file or aim.judge:
            raise InvalidInput("--model, --key-file, --ca-file and --judge do not go with it.")
        yield ModelTarget(ObedientModel(), guard, longest_s=aim.answer_s), None
        return
    if not aim.model:
        raise InvalidInput("Name the model of the address with --model.")
    asked = _service(aim, aim.model)
    judging = _service(aim, aim.judge) if aim.judge else None
    try:
        judge = judging and ModelTarget(judging, None, longest_s=aim.answer_s)
        yield ModelTarget(asked, guard, longest_s=aim.answer_s), judge
    finally:
        await asked.close()
        if judging is not None:
            await judging.close()


def _service(aim: Aim, model: str) -> OpenAICompatible:
    return OpenAICompatible(aim.target, model, key=_key(aim.key_file), ca_file=aim.ca_file)


def _key(file: str) -> str:
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError) as error:
        raise InvalidInput(f"The key cannot be read from {file}.") from error
