"""Texts in disguise: what a text says once letters, spacing or an encoding are undone."""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from centaure.guardrails.attacks.words import vocabulary
from centaure.guardrails.normalisation import Normalised, folded

DEPTH = 2
LONGEST = 8_000
"""Characters of a text that are looked at in disguise: beyond, a disguise would be all of a document."""
SHORTEST = 7
"""Characters of the tags block that say something: flags of regions are of up to six."""
MOST = 12
"""Encoded parts of a text that are decoded."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a part of a text says once a disguise is undone.

    Attributes:
        text: what it says.
        disguise: name of the disguise.
        start: where the part begins in the text that `readings` was given.
        end: past its last character.
    """

    text: str
    disguise: str
    start: int
    end: int


def readings(seen: Normalised) -> list[Reading]:
    """What a text says beside what it shows, disguises within disguises included up to DEPTH."""
    found: list[Reading] = []
    if len(seen.hidden.strip()) >= SHORTEST:
        found.append(Reading(seen.hidden, "tags", 0, len(seen.text)))
    layer = [Reading(seen.text[:LONGEST], "", 0, min(len(seen.text), LONGEST))]
    told = {folded(layer[0].text).strip()}
    for _ in range(DEPTH):
        below: list[Reading] = []
        for outer in layer:
            for one in (*_decoded(outer.text), *_undone(outer.text)):
                if folded(one.text).strip() in told:
                    continue
                told.add(folded(one.text).strip())
                whole = outer.disguise != ""
                below.append(
                    Reading(
                        one.text,
                        f"{outer.disguise}+{one.disguise}" if whole else one.disguise,
                        outer.start if whole else one.start,
                        outer.end if whole else one.end,
                    )
                )
        layer = below[:MOST]
        found += layer
    return found


_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]{2}(?:(?:[ :,]|\\x|, ?0x)?[0-9a-fA-F]{2}){7,}")
_BINARY = re.compile(r"[01]{8}(?: ?[01]{8}){3,}")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})")
_MORSE = re.compile(r"[.\-_]{1,5}(?:[ /|]{1,3}[.\-_]{1,5}){9,}")


def _decoded(text: str) -> Iterator[Reading]:
    """Parts in an encoding that computers write."""
    budget = MOST
    for pattern, name, decode in _DECODERS:
        for part in pattern.finditer(text):
            if budget == 0:
                return
            said = decode(part.group())
            if said is not None and _is_text(said):
                budget -= 1
                yield Reading(said, name, *part.span())
    for pattern, name, rewrite in _ESCAPES:
        if len(pattern.findall(text)) > 3:
            yield Reading(rewrite(text), name, 0, len(text))


def _from_base64(part: str) -> str | None:
    stripped = part.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(stripped + "=" * (-len(stripped) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
    return _utf8(raw)


def _from_hex(part: str) -> str | None:
    digits = re.sub(r"0x|\\x|[ :,]", "", part)
    return _utf8(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _from_binary(part: str) -> str | None:
    bits = part.replace(" ", "")
    return _utf8(bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)))


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _from_morse(part: str) -> str | None:
    words = re.split(r"[/|]|  +", part)
    return " ".join("".join(MORSE.get(one, "") for one in word.split()) for word in words)


def _is_text(said: str) -> bool:
    letters = sum(1 for one in said if one.isalpha() or one == " ")
    return len(said) > 6 and letters > 0.7 * len(said)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda one: chr(int(f"0{one.group()[1:].replace('u', 'x')}", base=0)), text)


_DECODERS: tuple[tuple[re.Pattern[str], str, Callable[[str], str | None]], ...] = (
    (_BINARY, "binary", _from_binary),
    (_HEX, "hexadecimal", _from_hex),
    (_BASE64, "base64", _from_base64),
    (_MORSE, "morse", _from_morse),
)
_ESCAPES: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (_PERCENT, "percent", unquote),
    (_ENTITY, "entities", html.unescape),
    (_ESCAPE, "escapes", _unescaped),
)
_SIGNALS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- "
    "-.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
MORSE: dict[str, str] = dict(
    zip(_SIGNALS.split(), "abcdefghijklmnopqrstuvwxyz0123456789", strict=True)
)

_LOOK = str.maketrans(
    "аеорсухіѕјԁһӏԛԝԍвкмнтАВЕКМНОРСТУХІЅЈαβεικνορτυχγηρςΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡıɑᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",
    "aeopcyxisjdhlqwgbkmhtABEKMHOPCTYXISJaBeiknoptuxynpcABEZHIKMNOPTYXgiaabcdeghijklmnoprtuvwyz",
)
_LEET = str.maketrans("013457@$€!|", "oieastaseil")
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*|·]{1,3}\w){4,}(?!\w)")
_BETWEEN = re.compile(r"[.\-_*|·+]+")
_WIDE = re.compile(r"\s{2,}")
_JOINED = re.compile(r"[\"'«»“”]\s{0,3}\+\s{0,3}[\"'«»“”]")
_INSIDE = re.compile(r"(?<=\w)[|.\-_*·~^](?=\w)")


def _undone(text: str) -> Iterator[Reading]:
    """The whole text with a disguise that people make undone, where this brings out words that are known."""
    plain = folded(text)
    known = _known(plain)
    enough = max(2, len(plain) // 500)
    for name, said in _attempts(text, plain):
        if len(_known(said) - known) >= enough:
            yield Reading(said, name, 0, len(text))
    each = " ".join(set(_WORDS.findall(plain)))
    for name, table in _ALPHABETS:
        if len(_known(each.translate(table)) - known) >= enough:
            yield Reading(plain.translate(table), name, 0, len(text))


def _attempts(text: str, plain: str) -> Iterator[tuple[str, str]]:
    look = text.translate(_LOOK)
    if look != text:
        yield "look-alikes", folded(look)
    leet = _unleet(plain)
    if leet != plain:
        yield "leet", leet
    if _SPACED.search(plain):
        yield "spaced", _SPACED.sub(_unspaced, plain)
    if _INSIDE.search(plain):
        yield "cut", _INSIDE.sub("", plain)
    if _JOINED.search(plain):
        yield "joined", _JOINED.sub("", plain)
    yield "reversed", plain[::-1]
    yield "reversed words", re.sub(r"\w{4,}", lambda one: one.group()[::-1], plain)


def _unleet(plain: str) -> str:
    return re.sub(r"\S++", _unleet_word, plain)


def _unleet_word(found: re.Match[str]) -> str:
    word = found.group()
    return word.translate(_LEET) if not word.isdigit() and not word.isalpha() else word


def _unspaced(found: re.Match[str]) -> str:
    words = _WIDE.split(found.group()) if _WIDE.search(found.group()) else [found.group()]
    return " ".join(re.sub(r"\W|_", "", word) for word in words)


_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = [
    ("atbash", str.maketrans(_ALPHABET, _ALPHABET[::-1])),
    *(
        (
            "rot13" if shift == 13 else "shifted",
            str.maketrans(_ALPHABET, _ALPHABET[shift:] + _ALPHABET[:shift]),
        )
        for shift in range(1, 26)
    ),
]
_WORDS = re.compile(r"[a-z]{4,}")


def _known(plain: str) -> set[str]:
    knows = vocabulary().knows
    return {word for word in set(_WORDS.findall(plain)) if knows(word)}
