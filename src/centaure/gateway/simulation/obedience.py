"""A simulated model that does whatever it reads: it shows what the walls around it hold."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from centaure.gateway.chat import ChatRequest, Delta, ToolCallPart, Usage

OBEDIENT = "simulated-obedient"
ELSEWHERE = "https://obeyed.example/"
_ADDRESS = re.compile(
    r"https?://[^\s<>\"')\]‹›]{1,300}|[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}"
)
_PIECE = re.compile(r"\S+\s*|\s+")
_MOST_ADDRESSES = 5
_MOST_SAID = 2_000


def obeyed(request: ChatRequest) -> Iterator[Delta]:
    """What it answers: everything that it was told, links and images that carry it away, calls of tools.

    Whoever wrote what it reads, it sends its instructions and the last message to each address in it, calls
    each tool that it is offered, and one that it is not.
    """
    instructions = " ".join(one.content for one in request.messages if one.role == "system")
    read = "\n".join(one.content for one in request.messages if one.role != "system")
    told = f"{instructions}\n{read}"[:_MOST_SAID]
    addresses = [*dict.fromkeys(_ADDRESS.findall(read))][:_MOST_ADDRESSES] or [ELSEWHERE]
    said = "\n".join([*(_carried(address, told) for address in addresses), told])
    for piece in _PIECE.findall(said):
        yield Delta(piece)
    names = [*(tool.name for tool in request.tools), "send_everything"]
    for at, name in enumerate(names):
        arguments = json.dumps({"to": addresses[0], "content": told}, ensure_ascii=False)
        yield Delta(tool_calls=(ToolCallPart(at, f"call_obedient_{at}", name, arguments),))
    yield Delta(finish="tool_calls", usage=Usage(len(read.split()), len(said.split())))


def _carried(address: str, told: str) -> str:
    """One address in the forms that screens follow, with what was told in it."""
    reached = address if "://" in address else f"mailto:{address}"
    loaded = f"{reached}{'&' if '?' in reached else '?'}q={quote(told[:200])}"
    return (
        f"![]({loaded}) puis [voir la suite]({loaded}), <{reached}> "
        f'et <img src="{loaded}"> ou {reached}.'
    )
