"""What an assistant's guardrails do: data, read from a row or a file, never code."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)

from centaure.gateway.descriptions import Class
from centaure.guardrails.verdicts import Action
from centaure.kit.errors import InvalidInput
from centaure.kit.validation import faults


class Label(StrEnum):
    """Kinds of personal data."""

    PERSON = "PERSON"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    IBAN = "IBAN"
    CARD = "CARD"
    NIR = "NIR"
    SIRET = "SIRET"
    SIREN = "SIREN"
    VAT = "VAT"
    ADDRESS = "ADDRESS"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    PASSPORT_OR_ID = "PASSPORT_OR_ID"
    LICENCE_PLATE = "LICENCE_PLATE"
    IP = "IP"
    USERNAME_OR_HANDLE = "USERNAME_OR_HANDLE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    HEALTH = "HEALTH"


class Treatment(StrEnum):
    """What happens to a kind of personal data on its way to a model."""

    PASS = "pass"  # noqa: S105  it is no password
    GENERALISE = "generalise"
    MASK = "mask"
    BLOCK = "block"


def _action(value: Any) -> Any:
    return Action.named(value) if isinstance(value, str) else value


Acted = Annotated[
    Action,
    BeforeValidator(_action),
    PlainSerializer(lambda action: action.word, return_type=str),
    WithJsonSchema({"type": "string", "enum": [action.word for action in Action]}),
]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sensitivity(_Data):
    """From which score a check acts, and how.

    Attributes:
        at: findings of this score or more are acted on, 0 to 1.
        action: how.
        doubt_at: from this score to `at`, the doubtful band.
        in_doubt: what is done in the doubtful band.
    """

    at: float = Field(default=0.5, ge=0, le=1)
    action: Acted = Action.BLOCK
    doubt_at: float | None = Field(default=None, ge=0, le=1)
    in_doubt: Acted = Action.WARN

    def of(self, score: float) -> Action:
        """What is done about a finding of this score."""
        if score >= self.at:
            return self.action
        if self.doubt_at is not None and score >= self.doubt_at:
            return self.in_doubt
        return Action.PASS


class Domain(_Data):
    """What an assistant is for, by examples: questions inside and outside."""

    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


def _everything(treatment: Treatment) -> dict[Label, Treatment]:
    return dict.fromkeys(Label, treatment)


class Policy(_Data):
    """The guardrails of an assistant.

    Attributes:
        longest: characters of one text; more is not read, and refused.
        longest_together: characters of all that a call brings from outside; more is refused unread.
        checks: how each check acts, by its name; one that is not named acts as its own default says.
        off: checks that do not run.
        personal_data: what happens to each kind before a model that is not cleared for it; one that is
            not named is masked.
        cleared_from: a model that may be sent this class or more is given personal data as it is; C0: any.
        domain: what the assistant is for.
        hosts: the hosts that links and images of an answer may name, with what stands below them.
        replies: the prepared reply, by language.
        hand_over_to: the person or the address that a reply names where a person is to answer.
    """

    longest: int = Field(default=100_000, ge=1)
    longest_together: int = Field(default=400_000, ge=1)
    checks: dict[str, Sensitivity] = Field(default_factory=dict)
    off: frozenset[str] = frozenset()
    personal_data: dict[Label, Treatment] = Field(
        default_factory=lambda: _everything(Treatment.MASK)
    )
    cleared_from: Class = "C0"
    domain: Domain = Domain()
    hosts: tuple[str, ...] = ()
    replies: dict[str, str] = Field(default_factory=dict)
    hand_over_to: str = Field(default="", max_length=200)


DEFAULT = Policy()


def read_policy(data: object) -> Policy:
    """A policy as JSON or YAML gave it.

    Raises:
        InvalidInput: a field is unknown or does not hold what it should; the message names each.
    """
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(faults(error)) from None
