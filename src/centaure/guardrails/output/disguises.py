"""What an answer says once a disguise is undone; for secrets, of which the letters are known."""

import base64
import binascii
import codecs
import html
import re
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import unquote

from centaure.guardrails.attacks.disguises import MORSE
from centaure.guardrails.normalisation import folded
from centaure.guardrails.output.letters import bare

_MOST = 40
"""Encoded parts of an answer that are decoded, of each encoding."""
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_SHIFTS = [
    str.maketrans(_ALPHABET, _ALPHABET[by:] + _ALPHABET[:by]) for by in range(1, len(_ALPHABET))
]
_ATBASH = str.maketrans(_ALPHABET, _ALPHABET[::-1])
_LEET = str.maketrans("0134578", "oieastb")

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_BASE32 = re.compile(r"[A-Z2-7]{16,}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,]{0,2}){4,}")
_BINARY = re.compile(r"(?:[01]{8}[ ,]{0,2}){4,}")
_NUMBERS = re.compile(r"(?:\d{2,3}[ ,;\-]{1,3}){4,}\d{2,3}")
_MORSE = re.compile(r"[.\-_]{1,5}(?:[ /|]{1,3}[.\-_]{1,5}){3,}")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}")
_SPELLED = re.compile(r"\b(\w) (?:comme|as in|for|like) \w+", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…]\s+|\n")
_WORD = re.compile(r"\w+")


def leet(said: str) -> str:
    """Letters with the digits that stand for letters read as these."""
    return said.translate(_LEET)


def shifted(said: str) -> Iterator[str]:
    """Letters under each other alphabet: the 25 shifts, and the alphabet backwards."""
    for table in (*_SHIFTS, _ATBASH):
        yield said.translate(table)


def decoded(text: str) -> Iterator[str]:
    """Letters of what is written in an encoding, of the text and of what that gives in turn."""
    for outer in _decoded(text):
        yield bare(outer)
        for inner in _decoded(outer):
            yield bare(inner)


def initials(text: str) -> Iterator[str]:
    """First letters of words, of lines and of sentences; last letters of lines."""
    plain = folded(text)
    yield "".join(one.group()[0] for one in _WORD.finditer(plain))
    lines = [line for line in (bare(one) for one in plain.split("\n")) if line]
    yield "".join(line[0] for line in lines)
    yield "".join(line[-1] for line in lines)
    yield "".join(one[0] for one in (bare(part) for part in _SENTENCE.split(plain)) if one)


def spelled(text: str) -> str:
    """Letters of a text that spells: `M comme Marie`, `M for Mary`."""
    return bare(_SPELLED.sub(r"\1", text))


def backwards(text: str) -> str:
    """Letters of a text, its words read from the last."""
    return "".join(reversed(_WORD.findall(folded(text))))


def _decoded(text: str) -> Iterator[str]:
    for pattern, decode in _DECODERS:
        for part in islice(pattern.finditer(text), _MOST):
            yield from decode(part.group())
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text)
    if _ESCAPE.search(text):
        yield _ESCAPE.sub(lambda one: chr(int(f"0x{one.group()[2:]}", base=0)), text)


def _base64(part: str) -> Iterator[str]:
    """A run that slashes of an address may have lengthened."""
    for run in {part, *part.split("/")}:
        stripped = run.replace("-", "+").replace("_", "/")
        stripped = stripped[: len(stripped) - (len(stripped) % 4 == 1)]
        try:
            yield _utf8(base64.b64decode(stripped + "=" * (-len(stripped) % 4)))
        except (ValueError, binascii.Error):
            continue


def _base32(part: str) -> Iterator[str]:
    whole = part[: len(part) // 8 * 8]
    yield _utf8(base64.b32decode(whole))
    try:
        yield _utf8(base64.b32decode(part + "=" * (-len(part) % 8)))
    except (ValueError, binascii.Error):
        return


def _hex(part: str) -> Iterator[str]:
    digits = re.sub(r"0x|\\x|[ :,]", "", part)
    yield _utf8(codecs.decode(digits[: len(digits) // 2 * 2], "hex"))


def _binary(part: str) -> Iterator[str]:
    bits = re.sub(r"[ ,]", "", part)
    yield _utf8(bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)))


def _numbers(part: str) -> Iterator[str]:
    yield "".join(chr(int(one)) for one in re.findall(r"\d+", part))


def _morse(part: str) -> Iterator[str]:
    yield "".join(MORSE.get(one.replace("_", "-"), "") for one in re.split(r"[ /|]+", part))


def _utf8(raw: bytes) -> str:
    return raw.decode("utf-8", "ignore")


_DECODERS: tuple[tuple[re.Pattern[str], Callable[[str], Iterator[str]]], ...] = (
    (_BASE64, _base64),
    (_BASE32, _base32),
    (_HEX, _hex),
    (_BINARY, _binary),
    (_NUMBERS, _numbers),
    (_MORSE, _morse),
)
