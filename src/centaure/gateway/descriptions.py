"""What somebody may say of a model and of a rule, checked, as the API and the command line take it."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from centaure.gateway.calls import Purpose
from centaure.gateway.catalogue import DESCRIBED, CatalogueModel, Lifecycle
from centaure.gateway.clients import check_address
from centaure.gateway.routing import CLASSES, Rule
from centaure.kit.errors import InvalidInput
from centaure.kit.validation import faults

Kind = Literal["openai", "anthropic", "google", "bedrock", "extractive"]
Class = Literal["C0", "C1", "C2", "C3"]
Type = Literal["general", "reasoning", "code", "multimodal", "specialised"]
Access = Literal["", "open source", "open weights", "proprietary"]
Capability = Literal["tools", "json", "images"]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~](?:[ -~]*[!-~])?$")]
Word = Annotated[str, Field(min_length=1, max_length=200)]
Price = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Billions = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
_Pue = Annotated[float, Field(ge=1, le=10)]
_Wue = Annotated[float, Field(ge=0, le=100)]
_Batch = Annotated[float, Field(ge=1, le=100_000)]
_TWO = Field(min_length=2, max_length=2)
RESERVED = "centaure"
"""By this name other programs ask for answers from documents."""


class ModelOptions(BaseModel):
    """What models of some kinds are told, and what is known of where one runs.

    Attributes:
        ca_file: certificates to trust besides the system's.
        region: of the provider, where it has several.
        pue: power usage effectiveness of the data centre.
        wue: water usage effectiveness, litres a kilowatt-hour.
        batch: requests that it serves at once; each of these three a number, or its lowest and highest.
        bits: of one parameter in memory.
    """

    model_config = ConfigDict(extra="forbid")

    ca_file: Line = ""
    region: Line = ""
    pue: _Pue | Annotated[list[_Pue], _TWO] | None = None
    wue: _Wue | Annotated[list[_Wue], _TWO] | None = None
    batch: _Batch | Annotated[list[_Batch], _TWO] | None = None
    bits: Annotated[int, Field(ge=1, le=64)] | None = None

    @field_validator("pue", "wue", "batch")
    @classmethod
    def _in_order(cls, said: float | list[float] | None) -> float | list[float] | None:
        if isinstance(said, list) and said[0] > said[1]:
            raise ValueError("the lowest comes first")
        return said


class ModelDescription(BaseModel):
    """A model as somebody describes it; `CatalogueModel` says what each field means."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: Kind = "openai"
    location: Annotated[str, Field(max_length=500)] = ""
    model: Line = ""
    options: ModelOptions = ModelOptions()
    highest: Class = "C1"
    lifecycle: Lifecycle = Lifecycle.TRIAL
    type: Type = "general"
    access: Access = ""
    licence: Line = ""
    publisher: Line = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    host: Line = ""
    zone: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    context: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    price_in: Price | None = None
    price_out: Price | None = None
    parameters_active: Billions | None = None
    parameters_total: Billions | None = None
    languages: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]], Field(max_length=50)
    ] = []
    capabilities: list[Capability] = ["tools", "json"]

    @field_validator("name")
    @classmethod
    def _not_reserved(cls, name: str) -> str:
        if name.casefold() == RESERVED:
            raise ValueError("this name is taken by answers from documents")
        return name

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "extractive" and (self.location or self.model):
            raise ValueError("the offline twin has no address and no other name")
        if self.kind == "openai" and not self.location:
            raise ValueError("give the address of the service, such as http://localhost:11434/v1")
        if self.kind != "extractive" and not self.model:
            raise ValueError("say how the provider names the model")
        active, total = self.parameters_active, self.parameters_total
        if active is not None and total is not None and active > total:
            raise ValueError("a model has no more active parameters than parameters")
        return self

    def row(self) -> dict[str, Any]:
        """The same by column.

        Raises:
            InvalidInput: the address is none, or what is sent would travel in clear.
        """
        if self.location:
            check_address(self.location, "")
        values = self.model_dump(mode="json")
        values["options"] = self.options.model_dump(mode="json", exclude_defaults=True)
        values["highest"] = CLASSES.index(self.highest)
        values["languages"] = sorted(set(self.languages))
        values["capabilities"] = sorted(set(self.capabilities))
        return values

    @classmethod
    def of(cls, model: CatalogueModel) -> Self:
        """The description that a model came from."""
        said: dict[str, Any] = {name: getattr(model, name) for name in DESCRIBED.split(", ")}
        said["highest"] = CLASSES[model.highest]
        said["languages"] = list(model.languages)
        said["capabilities"] = sorted(model.capabilities)
        said["options"] = dict(model.options)
        return cls.model_validate(said)


class RuleDescription(BaseModel):
    """A rule as somebody writes it; `Rule` says what each condition and preference means."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    classes: list[Class] = []
    purposes: list[Purpose] = []
    assistants: Annotated[list[Word], Field(max_length=100)] = []
    languages: Annotated[list[Word], Field(max_length=50)] = []
    capabilities: list[Capability] = []
    longer_than: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    models: Annotated[list[Word], Field(max_length=100)] = []
    exclusive: bool = False
    by: Literal["written", "cost", "carbon"] = "written"
    hedge_s: Annotated[float, Field(gt=0, le=60)] | None = None

    def rule(self) -> Rule:
        """The same, as routing takes it."""
        return Rule(
            self.name,
            frozenset(CLASSES.index(one) for one in self.classes),
            frozenset(one.value for one in self.purposes),
            frozenset(self.assistants),
            frozenset(self.languages),
            frozenset(self.capabilities),
            self.longer_than,
            tuple(self.models),
            self.exclusive,
            self.by,
            self.hedge_s,
        )

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """The description that a rule came from."""
        return cls.model_validate(
            {
                "name": rule.name,
                "classes": [CLASSES[one] for one in sorted(rule.classes)],
                "purposes": sorted(rule.purposes),
                "assistants": sorted(rule.assistants),
                "languages": sorted(rule.languages),
                "capabilities": sorted(rule.capabilities),
                "longer_than": rule.longer_than,
                "models": list(rule.models),
                "exclusive": rule.exclusive,
                "by": rule.by,
                "hedge_s": rule.hedge_s,
            }
        )


def from_values(values: dict[str, Any]) -> ModelDescription:
    """A description that did not come through the API.

    Raises:
        InvalidInput: with what is wrong with each part.
    """
    try:
        return ModelDescription.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(faults(error)) from None
