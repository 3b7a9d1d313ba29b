"""What a check is, which there are, and how a text is held against them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import ClassVar, Protocol, cast, runtime_checkable

from centaure.guardrails.normalisation import Normalised, normalise
from centaure.guardrails.policy import DEFAULT, Policy, Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict, covered
from centaure.kit.errors import Unavailable

GROUP = "centaure.guardrails"
LENGTH = "length"
"""How a policy names what is done about texts that are too long; it cannot be turned off."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: the role is `user`, `assistant`, `system` or `tool`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may know beside the text.

    Attributes:
        stage: where the text stands.
        policy: of the assistant.
        earlier: the turns before it, the oldest first.
        past: whether it was said before what is asked now.
        secrets: what must not leave in an answer: instructions, canaries, keys.
        typed: what the person wrote.
        language: "fr", "en" or empty where it is not known.
    """

    stage: Stage = Stage.INPUT
    policy: Policy = DEFAULT
    earlier: Sequence[Turn] = field(default=())
    past: bool = False
    secrets: Sequence[str] = field(default=())
    typed: Sequence[str] = field(default=())
    language: str = ""


@runtime_checkable
class Check(Protocol):
    """One thing that is looked for. It keeps nothing between texts, and is fast: see docs/guardrails.md."""

    name: ClassVar[str]
    stages: ClassVar[frozenset[Stage]]
    default: ClassVar[Sensitivity | None]
    """How it acts where a policy does not say; None: it tells, and nothing is done about it here."""

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """What it finds, with offsets of the original text."""
        ...


@cache
def checks() -> tuple[Check, ...]:
    """Each check that an installed package names under `centaure.guardrails`, in the order of names.

    Raises:
        Unavailable: one of them is no check, or a library that it needs is missing.
    """
    made: list[Check] = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            check = cast("type[object]", point.load())()
        except ImportError as error:
            raise Unavailable(
                f"The guardrail '{point.name}' needs the library '{error.name}'. Install it, or remove "
                "the package that brings this guardrail."
            ) from error
        if not isinstance(check, Check):
            raise Unavailable(f"'{point.value}' is not a guardrail.")
        made.append(check)
    return tuple(made)


def scan(text: str, context: Context, among: Sequence[Check] | None = None) -> Verdict:
    """Hold a text against every check of its stage that its policy does not turn off.

    What is too faint to be acted on counts in the score, and is no finding. A text longer than the policy's
    limit is not read: all of it is refused, or left out where places are.
    """
    policy = context.policy
    if len(text) > policy.longest:
        return too_long(len(text), "TOO_LONG", policy)
    seen = normalise(text)
    findings: list[Finding] = []
    left_out: list[Finding] = []
    action, score = Action.PASS, 0.0
    for check in checks() if among is None else among:
        if context.stage not in check.stages or check.name in policy.off:
            continue
        told = list(check.look(seen, context))
        sensitivity = policy.checks.get(check.name, check.default)
        if sensitivity is None:
            findings += told
            continue
        for finding in told:
            wanted = sensitivity.of(finding.score)
            action, score = max(action, wanted), max(score, finding.score)
            if wanted is not Action.PASS:
                findings.append(finding)
            if wanted is Action.REDACT:
                left_out.append(finding)
    return Verdict(action, score, tuple(covered(findings)), tuple(covered(left_out)))


def too_long(size: int, label: str, policy: Policy) -> Verdict:
    """What comes of a text of too many characters, or of texts that are too long together."""
    action = policy.checks.get(LENGTH, Sensitivity()).of(1.0)
    long = Finding(0, size, LENGTH, label, 1.0, "length.1")
    return Verdict(action, 1.0, (long,), (long,) if action >= Action.REDACT else ())
