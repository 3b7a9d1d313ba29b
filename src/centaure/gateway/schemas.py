"""The catalogue, the rules and the chooser as the API spells them."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from centaure.gateway.calls import Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chooser import About, Much, Needs, Ranking, Weighs
from centaure.gateway.descriptions import Capability, Class, ModelDescription, ModelOptions
from centaure.gateway.detection import Detected
from centaure.gateway.routing import CLASSES, Facts, Plan, Reason

Key = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Word = Annotated[str, Field(max_length=200)]


class ModelChoice(BaseModel):
    """A model that somebody can choose; `simulated`: no language model is behind it."""

    name: str
    simulated: bool

    @classmethod
    def of(cls, model: CatalogueModel) -> Self:
        """The same model, spelled for the API."""
        return cls(name=model.name, simulated=model.simulated)


class ModelAdded(ModelDescription):
    """A model to keep; `key` is encrypted, and no route gives it back."""

    key: Key = ""

    def description(self) -> ModelDescription:
        """What is said of it, without its key."""
        return ModelDescription.model_validate(self.model_dump(exclude={"key"}))


class ModelChanged(ModelDescription):
    """A model as it is to be; without `key` it keeps the one that it has, which stays with its address."""

    key: Key | None = None


class ModelRead(BaseModel):
    """A model of the catalogue; `answers`: it was not seen to fail again and again lately."""

    id: int
    name: str
    kind: str
    location: str
    model: str
    options: ModelOptions
    highest: Class
    lifecycle: str
    type: str
    access: str
    licence: str
    publisher: str
    country: str
    host: str
    zone: str
    context: int | None
    price_in: float | None
    price_out: float | None
    parameters_active: float | None
    parameters_total: float | None
    languages: list[str]
    capabilities: list[Capability]
    problem: str
    simulated: bool
    answers: bool

    @classmethod
    def of(cls, model: CatalogueModel, *, answers: bool) -> Self:
        """A model, spelled for the API."""
        said = ModelDescription.of(model).model_dump()
        more = {"id": model.id, "problem": model.problem, "simulated": model.simulated}
        return cls.model_validate({**said, **more, "answers": answers})


class ModelTried(BaseModel):
    """Whether a model answers a question that holds nothing, and after how many milliseconds it began."""

    answers: bool
    first_ms: int | None = None
    problem: str = ""


class ServerDetected(BaseModel):
    """A server of language models on this machine, and its models as it names them."""

    product: str
    address: str
    models: list[str]

    @classmethod
    def of(cls, found: Detected) -> Self:
        """The same, spelled for the API."""
        return cls(product=found.product, address=found.address, models=list(found.models))


class RouteAsked(BaseModel):
    """A request as routing sees it: what is known of it, and none of its words."""

    classification: Class = "C1"
    purpose: Purpose = Purpose.ANSWER
    assistant: Word = ""
    language: Word = ""
    prompt_tokens: Count = 0
    most_tokens: Count = 1024
    capabilities: list[Capability] = []
    model: Word = ""

    def facts(self) -> Facts:
        """The same, as routing takes it."""
        return Facts(
            classification=CLASSES.index(self.classification),
            purpose=self.purpose.value,
            assistant=self.assistant,
            language=self.language,
            prompt_tokens=self.prompt_tokens,
            most_tokens=self.most_tokens,
            capabilities=frozenset(self.capabilities),
            model=self.model,
        )


class RoutedModel(BaseModel):
    """A model that would be asked, after those before it."""

    id: int
    name: str
    highest: Class
    answers: bool


class LeftOutModel(BaseModel):
    """A model that would not be asked, and why: in a sentence, and in a word."""

    id: int
    name: str
    why: str
    reason: Reason


class RouteRead(BaseModel):
    """What would happen to a request; `rule` is the one that decides."""

    rule: str | None
    hedge_s: float | None
    models: list[RoutedModel]
    left_out: list[LeftOutModel]

    @classmethod
    def of(cls, found: Plan, answering: frozenset[int]) -> Self:
        """A plan, spelled for the API; `answering`: numbers of the models that were not seen to fail."""
        rule = found.rule
        return cls.model_validate(
            {
                "rule": rule and rule.name,
                "hedge_s": rule and rule.hedge_s,
                "models": [
                    {
                        "id": model.id,
                        "name": model.name,
                        "highest": CLASSES[model.highest],
                        "answers": model.id in answering,
                    }
                    for model in found.models
                ],
                "left_out": [
                    {
                        "id": one.model.id,
                        "name": one.model.name,
                        "why": one.why,
                        "reason": one.reason,
                    }
                    for one in found.left_out
                ],
            }
        )


class NeedsAsked(BaseModel):
    """Answers to four of the five questions; evaluations answer how well models do the task."""

    specific: Much = "some"
    culture: Much = "some"
    weighs: Weighs = "balance"
    classification: Class = "C1"
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    type: Literal["", "general", "reasoning", "code", "multimodal", "specialised"] = ""

    def needs(self) -> Needs:
        """The same, as the chooser takes it."""
        return Needs(
            self.specific,
            self.culture,
            self.weighs,
            CLASSES.index(self.classification),
            self.language,
            self.type,
        )


class PointRead(BaseModel):
    """A reason for (`value` near 1) or against (near 0) a model; `known`: anything is known of that."""

    about: About
    value: float
    known: bool
    why: str


class ChoiceRead(BaseModel):
    """A model, how well it fits from 0 to 1, and why: in sentences, and in points."""

    id: int
    name: str
    score: float
    reasons: list[str]
    points: list[PointRead]


class RankingRead(BaseModel):
    """The models that fit, the best first; `remarks`: what the ranking does not know."""

    choices: list[ChoiceRead]
    left_out: list[LeftOutModel]
    remarks: list[str]

    @classmethod
    def of(cls, ranking: Ranking) -> Self:
        """A ranking, spelled for the API."""
        return cls(
            choices=[
                ChoiceRead(
                    id=one.model.id,
                    name=one.model.name,
                    score=one.score,
                    reasons=list(one.reasons),
                    points=[
                        PointRead(
                            about=point.about, value=point.value, known=point.known, why=point.why
                        )
                        for point in one.points
                    ],
                )
                for one in ranking.choices
            ],
            left_out=[
                LeftOutModel(id=model.id, name=model.name, why=why, reason=reason)
                for model, why, reason in ranking.left_out
            ],
            remarks=list(ranking.remarks),
        )
