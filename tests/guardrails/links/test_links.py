"""Links and images of an answer lead nowhere that its policy does not name, however they are written."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.guardrails.acting import redacted
from centaure.guardrails.answers import GuardedAnswer
from centaure.guardrails.checks import Context, scan
from centaure.guardrails.links import Links
from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import Action, Stage

CONTEXT = Context(Stage.OUTPUT, Policy(hosts=("mairie.example", "académie.example")))
AWAY = [
    "[plan](https://away.example/a)",
    '![plan](https://away.example/a.png?q=1 "plan")',
    "![plan](data:image/png;base64,AAAA)",
    "[plan](//away.example/a)",
    "[plan](/\\away.example)",
    "[plan](/%2Faway.example)",
    "[plan](\n//away.example)",
    "[plan](&#104;ttps://away.example)",
    "[plan](https&colon;//away.example)",
    "[plan](javascript:alert(1))",
    "[plan](<java script:alert(1)>)",
    "[plan]: //away.example",
    "<https://away.example>",
    '<a href="//away.example">plan</a>',
    "<img alt=\"<\" src='//away.example/q'>",
    "<img src=x onerror=alert(1)>",
    "<style>@import url(//away.example)</style>",
    "https://mairie.example@away.example/",
    "https://mairie.example%2F@away.example/",
    "[plan](https://mairie.example%3F@away.example)",
    "https://mairie.example.away.example/",
    "https://mairie.example\\@away.example",
    "https://xn--mairi-fsa.example/",
    "https&#58;//away.example/x",
    "www.away.example/x",
    "HTTPS://AWAY.EXAMPLE",
    "ｈｔｔｐｓ：／／away.example",
    "ht\u200btps://away.example",
    "ftp://mairie.example/a",
    "mailto:anybody@away.example",
]


@pytest.mark.parametrize("link", AWAY)
def test_what_leads_away_is_left_out(link: str) -> None:
    text = f"Voici le plan : {link} et la suite"
    verdict = scan(text, CONTEXT, [Links()])
    assert verdict.action is Action.REDACT
    left = redacted(text, verdict)
    assert "://away" not in left.lower()
    assert "//away" not in left
    assert left.startswith("Voici le plan : ")
    assert left.endswith(" et la suite")


@pytest.mark.parametrize(
    "text",
    [
        "[plan](https://mairie.example/a)",
        "[plan](https://www.mairie.example:443/a?u=https%3A%2F%2Faway.example#b)",
        "https://xn--acadmie-eya.example/",
        "[page 2](/documents/3#page=2) [1]",
        "Voir mairie.example ou contact@mairie.example, 12:30, ratio 3:4, C: disque",
        "x = liste[0](1) et data: voici",
        "",
    ],
)
def test_what_stays_here_or_leads_to_a_named_host_passes(text: str) -> None:
    assert scan(text, CONTEXT, [Links()]).action is Action.PASS


def test_every_host_is_named_by_a_star() -> None:
    context = Context(Stage.OUTPUT, Policy(hosts=("*",)))
    assert scan("https://away.example", context, [Links()]).action is Action.PASS
    assert scan("[a](javascript:b)", context, [Links()]).action is Action.REDACT


TYPED = Context(
    Stage.OUTPUT, typed=("Que dit https://away.example/a?b=1 ? Et « www.far.example/x » ?",)
)


@pytest.mark.parametrize(
    "text",
    [
        "Voir https://away.example/a?b=1.",
        "Voir (https://away.example/a?b=1), et www.far.example/x !",
        "<https://away.example/a?b=1>",
        "https://away.example/a?b=1\n",
    ],
)
def test_an_address_that_the_person_typed_passes(text: str) -> None:
    assert scan(text, TYPED, [Links()]).action is Action.PASS


@pytest.mark.parametrize(
    "text",
    [
        "![plan](https://away.example/a?b=1)",
        "[votre banque](https://away.example/a?b=1)",
        "<img src=https://away.example/a?b=1>",
        "[1]: https://away.example/a?b=1",
        "https://away.example/a?b=12",
        "https://away.example/a",
        "https://away.example/",
        "https://AWAY.example/a?b=1",
        "https://away.example/a?b=1\U000e0041 et",
        "https://away.example/\u200ba?b=1 et",
        'https://away.example/a?b=1"secret"',
        "https://away.example/a?b=1>secret",
        "https://away.example/a?b=1`secret`",
        "https://away.example/a?b=1)]})]",
        "https&#58;//away.example/a?b=1",
        "javascript:alert(1)",
    ],
)
def test_no_other_way_to_write_it_does(text: str) -> None:
    context = replace(TYPED, typed=(*TYPED.typed, "Et javascript:alert(1) ?"))
    assert scan(f"Voici : {text}", context, [Links()]).action is Action.REDACT


@pytest.mark.parametrize("before", ["", "a," * 293, ";" + "a," * 285])
def test_what_is_put_behind_it_later_is_left_out(before: str) -> None:
    async def shown() -> str:
        answer = GuardedAnswer(TYPED, [Links()])
        pieces = (f"{before}https://away.example/a?b=1", "-secret", " et la suite.")
        return "".join([*[await answer.feed(one) for one in pieces], await answer.end()])

    assert "secret" not in asyncio.run(shown())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(AWAY[:20]), st.lists(st.integers(1, 40), max_size=6))
def test_pieces_of_a_stream_hide_no_link(link: str, cuts: list[int]) -> None:
    text = f"Voici. {link} Et la suite."
    pieces, at = list[str](), 0
    for cut in cuts:
        pieces.append(text[at : at + cut])
        at += cut
    pieces.append(text[at:])

    async def shown() -> str:
        answer = GuardedAnswer(CONTEXT, [Links()])
        return "".join([*[await answer.feed(piece) for piece in pieces], await answer.end()])

    assert "//away" not in asyncio.run(shown())


@pytest.mark.parametrize("part", ["[", "](", "](a", "[a]:", "<a ", 'src="', "http://", "&#1;"])
def test_a_hostile_text_is_read_to_its_end(part: str) -> None:
    scan((part * 100_000)[:100_000], CONTEXT, [Links()])
