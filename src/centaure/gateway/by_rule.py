"""What the offline twin does by rule: words that tell, the tool that is named, values of a JSON Schema."""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from centaure.gateway.chat import ChatRequest, Tool

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_QUOTED = re.compile(r"[\"«“]([^\"«»“”\n]+)[\"»”]")
_STEM = 6
_DEEPEST = 8
_COMMON = frozenset(
    _WORD.findall(
        """
        a an and any are as at be by can did do does for from had has have he how i if in into is it its
        may me my not of on or our shall she should so some than that the their them then there these
        they this those to was we were what when where which who whom whose why will with would you your
        about
        au aux avec ce ces cet cette combien comme comment d dans de des donc du elle elles en est et
        etre faut il ils j je l la le les leur leurs lui m ma mais mes mon n ne nos notre nous on ont ou
        par pas peut plus pour pourquoi qu quand que quel quelle quelles quels qui s sa sans se ses son
        sont sur t ta te tes toi ton tu un une vos votre vous y
        """
    )
)


def telling_words(text: str) -> frozenset[str]:
    """The beginnings of the words that tell what a text is about, without accents and in small letters."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return frozenset(word[:_STEM] for word in _WORD.findall(plain) if word not in _COMMON)


def named_tool(request: ChatRequest, question: str) -> Tool | None:
    """The tool to call: the one that is demanded, or that the question names; None after its result."""
    if not request.tools or request.tool_choice == "none" or request.messages[-1].role == "tool":
        return None
    asked = f" {' '.join(_WORD.findall(question.casefold()))} "
    for tool in request.tools:
        name = " ".join(_WORD.findall(tool.name.casefold().replace("_", " ")))
        if request.tool_choice == tool.name or (name and f" {name} " in asked):
            return tool
    return request.tools[0] if request.tool_choice == "required" else None


def arguments_for(tool: Tool, question: str) -> str:
    """Arguments of a call, as JSON."""
    quoted = _QUOTED.search(question)
    value = value_for(tool.parameters, quoted[1].strip() if quoted else question)
    return json.dumps(value if isinstance(value, dict) else {}, ensure_ascii=False)


def value_for(schema: Mapping[str, Any], text: str, depth: int = 0) -> Any:
    """A value of this JSON Schema, with the text, or a number from it, where there is room for one.

    Args:
        schema: of the value.
        text: what it is about.
        depth: how far inside; what is deeper than eight is null.
    """
    if depth > _DEEPEST:
        return None
    given = [schema["const"]] if "const" in schema else schema.get("enum")
    if given:
        return next((one for one in given if str(one).casefold() in text.casefold()), given[0])
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives:
        return value_for(alternatives[0], text, depth + 1)
    types: Any = schema.get("type", "object" if "properties" in schema else "string")
    kind: str = types if isinstance(types, str) else types[0]
    if kind == "object":
        return _object(schema, text, depth)
    if kind == "array":
        item = value_for(schema.get("items", {}), text, depth + 1)
        return [item] * min(max(1, schema.get("minItems", 1)), 8)
    number = _NUMBER.search(text)
    found = float(number[0].replace(",", ".")) if number else 0.0
    plain: dict[str, Any] = {"integer": int(found), "number": found, "boolean": False, "null": None}
    return plain.get(kind, text)


def _object(schema: Mapping[str, Any], text: str, depth: int) -> dict[str, Any]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    wanted = schema.get("required", list(properties))
    return {key: value_for(properties[key], text, depth + 1) for key in wanted if key in properties}
