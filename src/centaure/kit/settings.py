"""Settings, read from the environment: each is `CENTAURE_` and its name in capitals."""

import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from centaure.kit.errors import InvalidInput, Unavailable
from centaure.kit.validation import said

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine itself."""


def default_home() -> Path:
    """The data folder: `/var/lib/centaure` for root, else below the user's data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/centaure/home")
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "centaure"


class Settings(BaseSettings):
    """Everything that an installation may choose; the defaults run on a laptop."""

    model_config = SettingsConfigDict(env_prefix="CENTAURE_", frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=default_home,
        description="Folder of everything that Centaure keeps: embedded database, secret, caches.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="An external PostgreSQL (16 or newer, with pgvector 0.8), as the role that owns "
        "the schema: postgresql://owner:password@host/centaure. Empty: the embedded one.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret from which passwords of the database roles and digests derive; the same "
        "on every machine of an installation. Empty: made at first start, in the data folder.",
    )
    public_url: str = Field(
        default="",
        description="Address that people type, such as https://centaure.example.org; decides whether "
        "cookies demand HTTPS. Empty: the address that `centaure serve` listens on.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the API listens on.")
    port: int = Field(default=8600, ge=1, le=65535, description="Port that the API listens on.")
    worker_processes: int = Field(
        default=2, ge=1, le=64, description="Parser processes of one synchronisation."
    )
    worker_jobs: int = Field(
        default=2, ge=1, le=64, description="Jobs of one worker at once: sources in step together."
    )
    search_timeout_ms: int = Field(
        default=5000, ge=100, description="Longest time of one database statement of the API."
    )
    pool_size: int = Field(
        default=10, ge=1, le=500, description="Database connections of one process and role."
    )
    shared_buffers_mb: int = Field(
        default=256, ge=16, description="Memory of the embedded PostgreSQL for its pages, in MB."
    )

    understanding_s: float = Field(
        default=1.5,
        ge=0.1,
        le=60,
        description="Longest wait, in seconds, for what a language model makes of a question to be searched.",
    )
    silence_s: float = Field(
        default=60.0,
        ge=1,
        le=3600,
        description="Longest silence, in seconds, in the middle of a language model's answer: one that lasts "
        "longer ends it.",
    )
    question_class: Literal["C0", "C1", "C2", "C3"] = Field(
        default="C1",
        description="Class that a question counts as: no language model, embedding model or reranker that "
        "may be sent less is asked.",
    )

    unsupported: Literal["show", "warn", "rewrite", "withhold"] = Field(
        default="warn",
        description="What becomes of sentences of a language model that the passages they cite do not bear "
        "out: marked, marked and the reader warned, the answer written once more, or left out.",
    )

    judging_s: float = Field(
        default=3.0,
        ge=0.1,
        le=60,
        description="Longest wait, in seconds, for a language model that judges sentences in doubt.",
    )

    feedback: bool = Field(
        default=True,
        description="Whether what people say of documents (useful, not useful, opened) is kept, for 400 days "
        "at most, and adjusts the ranking. Off: the worker deletes what was kept.",
    )

    keep_failed_questions: bool = Field(
        default=False,
        description="Whether words of questions that found no answer, or one of no use, are kept, for 90 "
        "days at most, and shown to curators once three people asked them. Off: the worker deletes what was "
        "kept.",
    )

    keep_generations_days: int = Field(
        default=90,
        ge=0,
        le=3650,
        description="How long what language models are asked and answer is kept, in days, for whoever asked. "
        "0: it is counted and not kept.",
    )

    keep_conversations_days: int = Field(
        default=400,
        ge=0,
        le=36500,
        description="Days that a conversation is kept after its last turn; 0: until somebody removes it.",
    )

    keep_pseudonyms_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days for which the values behind placeholders of personal data are kept, encrypted, to "
        "be put back into answers; those of a conversation go with it.",
    )

    keep_held_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days for which what a policy holds back is kept, encrypted, for a person to decide on.",
    )

    keep_access_requests_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        description="Days for which a request for rights is kept, decided on or not.",
    )

    conversation_file_mb: int = Field(
        default=50, ge=1, le=500, description="Largest file dropped in a conversation, in MB."
    )
    conversation_files_mb: int = Field(
        default=200,
        ge=1,
        le=10_000,
        description="All files of a conversation together, in MB, at most.",
    )
    file_class: Literal["C0", "C1", "C2", "C3"] = Field(
        default="C2",
        description="Class of a file dropped in a conversation where whoever drops it says none; where they "
        "may read less, the highest that they may read.",
    )

    oidc_issuer: str = Field(
        default="",
        description="Identifier of the identity provider (OpenID Connect) whose access tokens open `/mcp`, "
        "as its tokens write it: https://login.example.org/realms/staff. Empty: API keys alone do.",
    )
    oidc_audience: str = Field(
        default="",
        description="Audience that such a token must be for. Empty: the public address and `/mcp`.",
    )
    oidc_login_claim: str = Field(
        default="preferred_username",
        min_length=1,
        description="Claim of such a token that holds the login of an account; the provider must let nobody "
        "choose their own. `email` counts only where the provider says that it was verified.",
    )

    browser_folders: str = Field(
        default="",
        description="Folders, separated by `:`, below which administrators may add folders as sources in a "
        "browser, besides `documents` in the data folder and the sample company.",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, written: str) -> str:
        parts = urlsplit(written)
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if written and not ((parts.scheme == "https" and parts.hostname) or local):
            raise ValueError("it must be an address of https://, but on this machine itself")
        if parts.query or parts.fragment:
            raise ValueError("it must be an address without a query")
        return written

    @cached_property
    def secret(self) -> bytes:
        """The installation's secret, from the setting or the data folder (made there at first)."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return _secret_in(self.home / "secret.key")

    def derived_secret(self, purpose: str) -> str:
        """A secret for one purpose: HMAC-SHA-256 of the purpose under the installation's secret."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).hexdigest()

    @property
    def digest_key(self) -> bytes:
        """Key of the digests that the audit keeps instead of words."""
        return self.derived_secret("audit digests").encode()

    @property
    def asker_key(self) -> bytes:
        """Key of the digests that tell who asked a word from who else did."""
        return self.derived_secret("askers of words").encode()

    @property
    def address(self) -> str:
        """The public address, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def load_settings() -> Settings:
    """The settings of this process's environment.

    Raises:
        InvalidInput: a variable has a value that cannot be used; the sentence names each, never its
            value, which may be a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidInput(" ".join(_fault(fault) for fault in error.errors())) from None


def _fault(fault: "ErrorDetails") -> str:
    message = said(fault)
    return f"CENTAURE_{str(fault['loc'][0]).upper()}: {message[:1].lower()}{message[1:]}."


def _secret_in(path: Path) -> bytes:
    try:
        if path.exists():
            return path.read_bytes()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
        try:
            # Written aside and linked, so that no other process ever reads half a secret.
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            try:
                path.hardlink_to(draft)
            finally:
                draft.unlink()
        except FileExistsError:
            pass
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"The data folder {path.parent} cannot be used ({error.strerror}). Choose another with "
            "CENTAURE_HOME, or run the command as the user who owns it."
        ) from error
