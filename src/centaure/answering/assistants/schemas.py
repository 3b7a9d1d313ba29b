"""Assistants as the API spells them."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from centaure.answering.assistants import service, sharing
from centaure.answering.assistants.definition import Definition, Kind, Language, Line
from centaure.knowledge.retrieval.schemas import Id

Note = Annotated[Line, Field(max_length=200)]


class AssistantBrief(BaseModel):
    """An assistant as the gallery shows it; one that is `shipped` came with Centaure and is everybody's."""

    key: str
    name: str
    description: str
    team: str
    kind: Kind
    language: Language
    shipped: bool
    own: bool
    owner_name: str
    has_form: bool

    @classmethod
    def of(cls, assistant: service.Assistant) -> Self:
        """The same, spelled for the API."""
        said = assistant.definition
        return cls(
            key=assistant.key,
            name=said.name,
            description=said.description,
            team=said.team,
            kind=said.kind,
            language=said.language,
            shipped=assistant.version is None,
            own=assistant.own,
            owner_name=assistant.owner_name,
            has_form=bool(said.fields),
        )


class AssistantRead(AssistantBrief):
    """An assistant with all that it says.

    Names of sources and folders in its scope are left out for whoever reads nothing there. `told` is what a
    model is told besides its rules. `guarded` says whether the guardrails have a policy for its key; else
    that of everybody holds. `writable` says whether there is a language model that may be asked.
    """

    version: int | None
    changed_at: datetime | None
    definition: Definition
    told: str
    guarded: bool
    writable: bool


class NewAssistant(BaseModel):
    """An assistant to write, and what to remember of its first version."""

    definition: Definition
    note: Note = ""


class AssistantAdded(BaseModel):
    """The key of an assistant."""

    key: str


class AssistantChange(BaseModel):
    """The whole definition of the next version, the one that it was made from, and what changed in words."""

    definition: Definition
    made_from: Annotated[int, Field(ge=1, le=2**31 - 1)]
    note: Note = ""


class VersionMade(BaseModel):
    """The number of the version that is in force now."""

    version: int


class WantedVersion(BaseModel):
    """An older version, to be in force again."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class ChangeRead(BaseModel):
    """A field that changed, and its text before and after; empty: it was or is not there."""

    field: str
    before: str
    after: str


class VersionRead(BaseModel):
    """A version, and what changed in it since the one before."""

    number: int
    note: str
    changed_at: datetime
    changes: list[ChangeRead]
    definition: Definition


class AssistantShareRead(BaseModel):
    """Somebody who can use an assistant: a login, the name of a group, or everybody."""

    kind: sharing.Kind
    label: str


class AssistantShareWith(BaseModel):
    """Who can use an assistant, and nobody else: logins, numbers of groups, or everybody who is signed in."""

    users: Annotated[list[Annotated[Line, Field(max_length=200)]], Field(max_length=100)] = []
    groups: Annotated[list[Id], Field(max_length=100)] = []
    everybody: bool = False


class UseRead(BaseModel):
    """How an assistant was used in a month; null where fewer than three people besides its owner asked."""

    month: date
    answers: int | None
    unanswered: int | None
    useful: int | None
    useless: int | None
    people: int | None


class FormFilled(BaseModel):
    """Values of a form, by the names of its fields."""

    values: Annotated[
        dict[str, Annotated[str, Field(max_length=10_000)]], Field(max_length=20)
    ] = {}
    language: Language = "en"


class PromptMade(BaseModel):
    """The prompt that a filled form makes."""

    prompt: str


class AssistantChoices(BaseModel):
    """What an assistant can be given: models that may be asked, and whether the caller may publish it."""

    models: list[str]
    may_publish: bool
