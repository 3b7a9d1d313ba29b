"""The studio of prompts as the API spells it."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from centaure.answering.prompts import drafting, frameworks, library, templates, trials

Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=templates.LONGEST)]
Tags = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=library.MOST_TAGS)]
Value = Annotated[str, Field(max_length=20_000)]
Language = Literal["fr", "en"]


class PromptBrief(BaseModel):
    """A template in a list, with the `beginning` of its latest version: 300 characters."""

    id: int
    name: str
    tags: list[str]
    own: bool
    owner_name: str
    shared: bool
    version: int
    beginning: str
    updated_at: datetime

    @classmethod
    def of(cls, brief: library.Brief) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(brief, from_attributes=True)


class PromptRead(BaseModel):
    """A template as its latest version is; one that is not the caller's `own` names who wrote it."""

    id: int
    name: str
    tags: list[str]
    own: bool
    owner_name: str
    shared: bool
    version: int
    text: str
    variables: list[str]
    updated_at: datetime

    @classmethod
    def of(cls, prompt: library.Prompt) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(prompt, from_attributes=True)


class PromptVersionRead(BaseModel):
    """One version; `framework` is the form that made it, empty where none did."""

    number: int
    text: str
    framework: str
    note: str
    made_at: datetime

    @classmethod
    def of(cls, version: library.Version) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(version, from_attributes=True)


class PromptScoreRead(BaseModel):
    """What a version was worth with a model: the mean of its scores from 1 to 5."""

    version: int
    model: str
    mean: float
    scores: int

    @classmethod
    def of(cls, mean: library.Mean) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(mean, from_attributes=True)


class WholePrompt(BaseModel):
    """A template with its versions, the latest first, what they were worth, and the groups that read it.

    Whoever it is shared with sees the latest version alone, and no groups.
    """

    prompt: PromptRead
    versions: list[PromptVersionRead]
    scores: list[PromptScoreRead]
    groups: list[int]


class PromptAdded(BaseModel):
    """A new template."""

    name: Name
    tags: Tags = []
    text: Text
    framework: Annotated[str, Field(max_length=40)] = ""


class PromptNamed(BaseModel):
    """A template's name and tags."""

    name: Name
    tags: Tags = []


class PromptWritten(BaseModel):
    """A new version; `expected` is the latest that its author saw."""

    text: Text
    framework: Annotated[str, Field(max_length=40)] = ""
    note: Annotated[str, Field(max_length=200)] = ""
    expected: Annotated[int, Field(ge=1)]


class PromptRolledBack(BaseModel):
    """The version whose words become the latest."""

    version: Annotated[int, Field(ge=1)]


class PromptShared(BaseModel):
    """The groups whose members read and use a template, by number; no others do."""

    groups: Annotated[list[int], Field(max_length=100)]


class PromptScored(BaseModel):
    """What a version was worth with a model, from 1 to 5."""

    version: Annotated[int, Field(ge=1)]
    model: Name
    temperature: Annotated[float | None, Field(ge=0, le=2)] = None
    score: Annotated[int, Field(ge=1, le=5)]


class PromptLine(BaseModel):
    """A line of a comparison of two versions."""

    change: Literal["same", "removed", "added"]
    text: str


class FrameworkField(BaseModel):
    """One field of a form."""

    key: str
    label: str
    hint: str
    optional: bool


class FrameworkRead(BaseModel):
    """A form that makes a prompt."""

    key: str
    name: str
    about: str
    fields: list[FrameworkField]

    @classmethod
    def of(cls, framework: frameworks.Framework) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(framework, from_attributes=True)


class FrameworkFilled(BaseModel):
    """A filled form."""

    framework: Annotated[str, Field(max_length=40)]
    language: Language
    values: Annotated[dict[str, Value], Field(max_length=40)]


class IntentionAsked(BaseModel):
    """What somebody wants; `by`: rules, or a model that makes their draft better."""

    intention: Annotated[str, Field(min_length=1, max_length=drafting.LONGEST_INTENTION)]
    by: Literal["rules", "model"] = "rules"


class PromptDraft(BaseModel):
    """A prompt to begin with; `model` names the model that drafted it, and is empty where rules did."""

    text: str
    variables: list[str]
    language: str = ""
    kind: str = ""
    by: Literal["rules", "model", "form"] = "rules"
    model: str = ""


class TrialAsked(BaseModel):
    """A template to be tried: `models` are columns, `inputs`, values of its variables, are rows."""

    text: Text
    models: Annotated[list[Name], Field(min_length=1, max_length=trials.MOST_MODELS)]
    inputs: Annotated[
        list[Annotated[dict[str, Value], Field(max_length=templates.MOST_VARIABLES)]],
        Field(min_length=1, max_length=trials.MOST_INPUTS),
    ] = [{}]
    temperature: Annotated[float | None, Field(ge=0, le=2)] = None
    most_tokens: Annotated[int, Field(ge=1, le=trials.MOST_TOKENS)] = 500

    def trial(self) -> trials.Trial:
        """The trial as the package takes it."""
        return trials.Trial(self.text, self.models, self.inputs, self.temperature, self.most_tokens)


class CellEvent(BaseModel):
    """Event `cell`: what one model answered to one input, or the `problem` why it did not."""

    row: int
    column: int
    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    euros: float | None
    generation: int | None
    problem: str

    @classmethod
    def of(cls, cell: trials.Cell) -> Self:
        """The same, spelled for the API."""
        cost = cell.cost_micro_euros
        return cls(
            row=cell.row,
            column=cell.column,
            text=cell.text,
            model=cell.model,
            prompt_tokens=cell.prompt_tokens,
            completion_tokens=cell.completion_tokens,
            euros=None if cost is None else cost / 1_000_000,
            generation=cell.generation,
            problem=cell.problem,
        )


class TriedEvent(BaseModel):
    """Event `tried`, the last: how many answers there were."""

    cells: int
