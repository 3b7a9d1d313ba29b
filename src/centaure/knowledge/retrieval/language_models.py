"""Language models that read questions: what kinds there are, and how a row becomes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from centaure.gateway.language_models import ChatService, LanguageModel
from centaure.kit.errors import InvalidInput, Unavailable
from centaure.kit.vault import Vault
from centaure.knowledge.retrieval.described import DescribedModel, checked, described, key_of
from centaure.knowledge.retrieval.registry import Registry
from centaure.knowledge.retrieval.simulated import SimulatedLanguageModel

SIMULATED = "simulated"
LANGUAGE_MODELS = Registry("language_model", "language model", {"service": 1, SIMULATED: 3})
_PURPOSE = "language model"
_SAMPLE = "Answer with one word: ready."
_SAMPLE_S = 60.0
"""A model is often loaded when it is first asked."""


class ServiceOptions(BaseModel):
    """What a language model behind HTTP is told."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(min_length=1, description="As the service names it.")
    ca_file: str = Field(default="", description="Certificates to trust besides the system's.")


class SimulatedOptions(BaseModel):
    """What the offline twin is told: nothing."""

    model_config = ConfigDict(extra="forbid")


_OPTIONS: Mapping[str, type[BaseModel]] = {"service": ServiceOptions, SIMULATED: SimulatedOptions}


@dataclass(slots=True)
class LanguageModels:
    """Makes language models, and keeps those that it made; for one event loop.

    Attributes:
        vault: of the installation; None where none has a key.
    """

    vault: Vault | None = None
    _made: dict[str, LanguageModel] = field(default_factory=dict[str, LanguageModel])

    async def describe(
        self, kind: str, location: str, options: Mapping[str, str], key: str
    ) -> DescribedModel:
        """A model that somebody describes, as its row will keep it. It is asked for a word.

        Raises:
            InvalidInput: there is no such kind, or it cannot be told this.
            Unavailable, Refused: it does not answer.
        """
        told = checked(_OPTIONS, kind, options)
        row = described(kind, location, told, key, self.vault, _PURPOSE)
        await self.model(row).complete(_SAMPLE, _SAMPLE, most_tokens=16, timeout_s=_SAMPLE_S)
        return row

    def model(self, row: DescribedModel) -> LanguageModel:
        """The model of a row, made once.

        Raises:
            InvalidInput: its address or its key is none.
            Unavailable: its key cannot be decrypted, or this version does not know its kind.
        """
        name = repr(row)
        if name not in self._made:
            self._made[name] = self._make(row)
        return self._made[name]

    async def close(self) -> None:
        """Let go of connections."""
        for model in self._made.values():
            if isinstance(model, ChatService):
                await model.close()
        self._made.clear()

    def _make(self, row: DescribedModel) -> LanguageModel:
        try:
            told = checked(_OPTIONS, row.kind, row.options)
        except InvalidInput as error:
            raise Unavailable(error.message) from None
        if isinstance(told, SimulatedOptions):
            return SimulatedLanguageModel()
        assert isinstance(told, ServiceOptions)  # noqa: S101 - the kinds are these
        key = key_of(row, self.vault, _PURPOSE)
        return ChatService(row.location, told.model, key=key, ca_file=told.ca_file)
