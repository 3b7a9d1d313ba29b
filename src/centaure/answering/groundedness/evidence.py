"""The shape of evidence: features by name, and findings, from which the reason in words is made."""

from dataclasses import dataclass, field

FEATURES = (
    "covered first", "covered", "covered anywhere", "worst clause", "heaviest missing", "in order",
    "triples", "number wrong", "number elsewhere", "number narrowed", "date wrong",
    "date elsewhere", "name missing", "name elsewhere", "role taken", "reference missing",
    "mispaired", "misbound", "apart", "opposed", "denied", "negation differs", "modality here",
    "modality near", "modality changed", "modality added", "modality dropped", "quantity here",
    "quantity near", "quantity changed", "quantity added", "quantity dropped", "excepted",
    "unconditional", "condition changed", "condition added", "condition dropped", "order changed",
    "order added", "order dropped", "sameness changed", "period changed", "period added",
    "period dropped", "spliced", "edited copy", "exchanged", "replaced", "crossed", "foreign",
    "foreign name", "foreign word", "spread", "unheard", "unknown words", "stance", "also so",
)  # fmt: skip
"""The features of the model, in the order in which they are computed; each in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that speaks against a sentence: its kind, what the sentence says, what the source says."""

    kind: str
    said: str
    source: str = ""
    weight: float = 1.0


@dataclass(slots=True)
class Evidence:
    """Features by name, and what was found wrong."""

    values: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FEATURES, 0.0))
    findings: list[Finding] = field(default_factory=list[Finding])

    def against(self, feature: str, value: float, finding: Finding) -> None:
        """Count something against the sentence; the worst of a kind stands."""
        if value > 0:
            self.values[feature] = max(self.values[feature], value)
            self.findings.append(finding)

    def row(self) -> list[float]:
        """The values in the order of `FEATURES`."""
        return [self.values[name] for name in FEATURES]
