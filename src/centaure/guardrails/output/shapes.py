"""Secrets that their shape tells: private keys, tokens of known services, passwords in clear."""

import re
from collections.abc import Iterator

from centaure.guardrails.normalisation import folded

_TOKENS = {
    "private-key.1": r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
    "cloud-key.1": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,200}",
    "code-host-token.1": r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_\w{22,255}\b"
    r"|\bglpat-[\w-]{20,64}(?![\w-])|\b(?:npm|pypi)[_-][A-Za-z0-9_-]{36,255}",
    "model-key.1": r"\b(?:sk|pk)-(?:ant-|proj-|or-)?[\w-]{20,255}(?![\w-])|\bhf_[A-Za-z0-9]{30,64}\b"
    r"|\bgsk_[A-Za-z0-9]{40,64}\b",
    "payment-key.1": r"\b(?:sk|rk|pk)_live_[A-Za-z0-9]{16,255}\b|\bwhsec_[A-Za-z0-9]{24,64}\b",
    "chat-token.1": r"\bxox[abeoprs]-[A-Za-z0-9-]{20,255}|\bhooks\.slack\.com/services/[\w/]{20,100}",
    "signed-token.1": r"(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{16,4000}",
    "storage-key.1": r"\bAccountKey=[A-Za-z0-9+/]{40,100}={0,2}|\bSharedAccessSignature=[^\s;]{20,400}",
    "address-password.1": r"\b[a-z][a-z0-9+]{1,15}://[^\s:/@]{1,64}:[^\s:/@]{4,64}@[\w.-]{1,253}",
}
_SHAPES = [(rule, re.compile(pattern)) for rule, pattern in _TOKENS.items()]
_PASSWORD = re.compile(
    r"\b(?:mot de passe|mdp|code d'acces|password|passwd|pwd|passphrase|passcode|api[ _-]?key|"
    r"cle d'api|cle api|secret[ _-]?key|client[ _-]?secret)\b[^\n:=.]{0,30}(?:[:=]|\b(?:est|is)\b)"
    r"\s{0,3}[\"'«`*“]{0,3}\s?(\S{6,128})"
)
_ENDS = ".,;:!?\"'»`*”)"


def shaped(text: str) -> Iterator[tuple[int, int, str, float]]:
    """Where a text holds what has the shape of a secret: start, end, rule, and how sure it is."""
    for rule, pattern in _SHAPES:
        for one in pattern.finditer(text):
            if rule == "private-key.1" or len(set(one.group())) > 10:
                yield *one.span(), rule, 0.9
    for one in _PASSWORD.finditer(folded(text)):
        start = one.start(1)
        value = text[start : one.end(1)].rstrip(_ENDS)
        if _chosen(value):
            yield start, start + len(value), "password.1", 0.4


def _chosen(value: str) -> bool:
    """Whether somebody chose it as a password: no word of a sentence, no example of crosses or stars."""
    kinds = {(one.isalpha(), one.isdigit()) for one in value}
    return len(value) > 5 and len(kinds) > 1 and len(set(value)) > 4 and "'" not in value[:3]
