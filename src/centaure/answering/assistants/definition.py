"""What an assistant is: data that a person can read, checked before it is kept."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from centaure.knowledge.retrieval.filters import Scope

Kind = Literal["documents", "writing"]
"""`documents`: it answers from documents, each sentence with its source. `writing`: a model writes from what
it is given, and nothing is searched."""
Language = Literal["fr", "en"]
FieldKind = Literal["line", "text", "choice", "number", "date"]

_BLANKS = re.compile(r"[ \t\r\n]+")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")


def _storable(text: str) -> str:
    if any(
        not character.isprintable()
        and character not in "\n\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
        for character in text
    ):
        raise ValueError("it holds a character that cannot be seen")
    return text


def _line(text: str) -> str:
    return _BLANKS.sub(" ", _storable(text)).strip()  # a no-break space stays one


def _text(text: str) -> str:
    return _storable(text.replace("\r\n", "\n")).strip()


Line = Annotated[str, AfterValidator(_line)]
Text = Annotated[str, AfterValidator(_text)]
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_line)]
Names = Annotated[list[Annotated[Line, Field(max_length=1000)]], Field(max_length=50)]


class FormField(BaseModel):
    """A field of an assistant's form; `name` stands in the template as `{name}`."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Name
    kind: FieldKind = "line"
    required: bool = False
    choices: Annotated[list[Name], Field(max_length=30)] = []
    help: Annotated[Line, Field(max_length=300)] = ""

    @model_validator(mode="after")
    def _with_choices(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a field of the kind choice has choices, and no other field has any")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError("a choice stands twice")
        return self


class KnowledgeScope(BaseModel):
    """Which documents are searched at most, as filters name them; an empty list leaves a criterion open."""

    model_config = ConfigDict(extra="forbid")

    sources: Names = []
    folders: Names = []
    formats: Names = []
    languages: Names = []

    def scope(self) -> Scope:
        """The same, as search takes it."""
        return Scope(
            tuple(self.sources), tuple(self.folders), tuple(self.formats), tuple(self.languages)
        )


class Definition(BaseModel):
    """An assistant, as its owner writes it.

    `role`, `tone` and `instructions` are told to the model; `scope` is what is searched at most; `model` is
    the name of the one that is asked, and where it is empty the rules of routing choose. `openings` are
    questions to begin with. The values of `fields` take their places in `template`, which then is the prompt.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Annotated[Line, Field(max_length=500)] = ""
    team: Annotated[Line, Field(max_length=60)] = ""
    kind: Kind = "documents"
    language: Language
    role: Annotated[Text, Field(max_length=500)] = ""
    tone: Annotated[Line, Field(max_length=300)] = ""
    instructions: Annotated[Text, Field(max_length=6000)] = ""
    scope: KnowledgeScope = KnowledgeScope()
    model: Annotated[Line, Field(max_length=200)] = ""
    openings: Annotated[list[Annotated[Name, Field(max_length=300)]], Field(max_length=8)] = []
    fields: Annotated[list[FormField], Field(max_length=20)] = []
    template: Annotated[Text, Field(max_length=4000)] = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("two fields of the form have the same name")
        placed = set(PLACEHOLDER.findall(self.template))
        if unknown := placed - set(names):
            raise ValueError(
                f"the template names {{{min(unknown)}}}, which is no field of the form"
            )
        if unplaced := set(names) - placed:
            raise ValueError(f"the field {min(unplaced)} has no place in the template")
        if self.template and not names:
            raise ValueError("the template has no form: add a field, or write an opening question")
        return self
