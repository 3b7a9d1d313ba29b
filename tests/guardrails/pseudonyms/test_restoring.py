"""Placeholders as language models mangle them, and what must never be taken for one."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.policy import Label
from centaure.guardrails.pseudonyms.conversation import Kept, Pseudonyms
from centaure.guardrails.pseudonyms.placeholders import KINDS, Placeholder
from centaure.guardrails.pseudonyms.restoring import Restorer, restore, restore_json

CLAIRE = "Claire Dufour"
MAIL = "claire@example.org"


def known() -> Pseudonyms:
    values = {
        (Label.PERSON, 1): CLAIRE,
        (Label.PERSON, 2): 'Jo "Le Grand" Roy',
        (Label.EMAIL, 1): MAIL,
    }
    return Pseudonyms(Kept(Placeholder(*place), value) for place, value in values.items())


@pytest.mark.parametrize(
    "written",
    [
        "[PERSON_1]", "[person_1]", "[Person_1]", "PERSON_1", "<PERSON_1>", "{PERSON_1}", "{{PERSON_1}}",
        "(PERSON_1)", "[[PERSON_1]]", "[**PERSON_1**]", "[ PERSON_1 ]", "[PERSON 1]", "[Person 1]",
        "[PERSON1]", "[PERSON-1]", "[PERSON_01]", "[PERSON_\n1]", "[PERSON\u200b_1]", "[PERSON_１]",
        "【PERSON_1】", "［PERSON_1］", "\\[PERSON\\_1\\]", "[PERSON\\_1]", "[PERSONNE_1]", "[personne 1]",
        "PERSONNE_1", "Personne_1", "person_1", "[PERSON:1]", "[PERSON_1>", "&lt;PERSON_1&gt;", "PERSON_1]",
    ],
)  # fmt: skip
def test_mangled_placeholders_are_known_again(written: str) -> None:
    assert restore(f"Bonjour {written}, merci.", known()) == f"Bonjour {CLAIRE}, merci."


@pytest.mark.parametrize(
    "text",
    [
        "[PERSON_7] est absent.", "Personne 1 sur 3 a répondu.", "person 1 of 3", "PERSON_10 is unknown.",
        "The table SALESPERSON_1 was dropped.", "[PERSON_1.2] and [PERSON_1_2]", "[PERSON_0], [PERSON_-1]",
        "[PERSON_1 à 3] ont été informés.", "[PERSON] and [PERSON_N]", "note [1], appendix [P_1]",
        '{"person_1": 4}', "person_1 = load(2)", "[PRESON_1]", "email 1 of the campaign", "PERSON_1-3",
    ],
)  # fmt: skip
def test_what_is_ambiguous_stays(text: str) -> None:
    assert restore(text, known()) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[PERSON_1]'s turn, [PERSON_1]s", f"{CLAIRE}'s turn, {CLAIRE}s"),
        ("It is [PERSON_1's] turn", f"It is {CLAIRE}'s turn"),
        ("Then [PERSON_1 left the room.", f"Then {CLAIRE} left the room."),
        ("[PERSON_1, PERSON_1] came", f"[{CLAIRE}, {CLAIRE}] came"),
        ("**[PERSON_1]** <[EMAIL_1]>", f"**{CLAIRE}** <{MAIL}>"),
        ("[Écrire](mailto:[EMAIL_1])", f"[Écrire](mailto:{MAIL})"),
        ("https://a.example/?q=[PERSON_1]&n=2", "https://a.example/?q=Claire%20Dufour&n=2"),
        ("https://a.example/%5BPERSON_1%5D/x", "https://a.example/Claire%20Dufour/x"),
        ('{"name": "[PERSON_2]"}', '{"name": "Jo \\"Le Grand\\" Roy"}'),
        ('```json\n{"name": "PERSON_2"}\n```', '```json\n{"name": "Jo \\"Le Grand\\" Roy"}\n```'),
        ("[PERSON_2] a dit", 'Jo "Le Grand" Roy a dit'),
    ],
)
def test_values_fit_where_they_stand(text: str, expected: str) -> None:
    assert restore(text, known()) == expected


def test_arguments_of_tools_stay_json() -> None:
    given = json.dumps({"to": ["[EMAIL_1]"], "[PERSON_2]": {"n": 1, "who": "person_1"}})
    assert json.loads(restore_json(given, known())) == {
        "to": [MAIL],
        'Jo "Le Grand" Roy': {"n": 1, "who": CLAIRE},
    }
    assert restore_json("broken [EMAIL_1]", known()) == f"broken {MAIL}"


PIECES = st.lists(
    st.sampled_from(
        [
            *"[]<>{}()\\_ -'.s12\n*\"&%",
            "[PERSON_1]",
            "PERSON_1",
            "[person 2",
            "EMAIL_1]",
            "[[",
            "&lt;",
            "%5B",
            "PERSONNE",
            "DATE OF BIRTH",
            " to 3",
            "]]",
            '{"a": "',
            "http://a/",
        ]
    )
    | st.text(max_size=3),
    max_size=25,
).map("".join)


@given(text=PIECES, cuts=st.lists(st.integers(0, 120), max_size=12))
def test_pieces_make_no_difference(text: str, cuts: list[int]) -> None:
    pseudonyms = known()
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    restorer = Restorer(pseudonyms)
    pieces = [text[one:other] for one, other in itertools.pairwise(places)]
    shown = "".join([*map(restorer.feed, pieces), restorer.end()])
    assert shown == restore(text, pseudonyms)


def test_one_character_at_a_time() -> None:
    text = "Chère [PERSON_1], {\n [PERSON_1 left; PERSON_2] *EMAIL_1*. " * 3
    restorer = Restorer(known())
    assert "".join([*map(restorer.feed, text), restorer.end()]) == restore(text, known())


def test_only_what_may_become_a_placeholder_is_held_back() -> None:
    restorer = Restorer(known())
    assert restorer.feed("Bonjour, tout va bien. ") == "Bonjour, tout va bien. "
    assert restorer.feed("Voyez [PERS") == "Voyez "
    assert restorer.feed("ON_1]") == CLAIRE
    assert restorer.feed(" [note") == " [note"
    assert restorer.end() == ""


def test_hostile_texts_take_time_that_grows_with_them() -> None:
    for unit in (
        "[",
        "[PERSON_",
        "[[person ",
        "\\",
        "PERSON_1 ",
        "[PERSON_1 a ",
        "&lt;",
        "date of ",
    ):
        text = (unit * 100_000)[:100_000]
        restorer = Restorer(known())
        shown = "".join(restorer.feed(text[at : at + 997]) for at in range(0, len(text), 997))
        assert len(shown + restorer.end()) > 0


def test_every_kind_has_words() -> None:
    assert set(KINDS.values()) == set(Label)
    for label in Label:
        assert KINDS[label.replace("_", "").lower()] is label
