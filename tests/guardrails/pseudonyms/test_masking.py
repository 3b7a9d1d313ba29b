"""Values out of texts and back again."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.policy import Label, Treatment
from centaure.guardrails.pseudonyms import Pseudonyms, mask, mask_all, restore
from centaure.guardrails.pseudonyms.conversation import Kept
from centaure.guardrails.pseudonyms.placeholders import Placeholder

IBAN = "FR76 3000 6000 0112 3456 7890 189"
TIGHT = "FR7630006000011234567890189"


def test_the_same_value_has_the_same_placeholder_however_it_is_spaced() -> None:
    pseudonyms = Pseudonyms()
    text = f"IBAN {IBAN}, soit {TIGHT} ; tél. 06 12 34 56 78 ou +33 6 12 34 56 78."
    masked = mask(text, pseudonyms)
    assert masked.text == "IBAN [IBAN_1], soit [IBAN_1] ; tél. [PHONE_1] ou [PHONE_1]."
    assert [text[span.start : span.end] for span in masked.spans][:2] == [IBAN, TIGHT]
    assert restore(masked.text, pseudonyms) == text
    assert mask(f"Et {TIGHT}.", pseudonyms).text == "Et [IBAN_1]."


def test_other_addresses_of_one_spelling_are_apart() -> None:
    masked = mask("a.b@example.org, ab@example.org", Pseudonyms())
    assert masked.text == "[EMAIL_1], [EMAIL_2]"


def test_what_looks_like_a_placeholder_comes_back_as_it_was() -> None:
    pseudonyms = Pseudonyms()
    first = mask(f"Compte {TIGHT}.", pseudonyms)
    text = "Que vaut [IBAN_1] ? et IBAN_1 ou <iban 1> ?"
    again = mask(text, pseudonyms)
    assert "[IBAN_1]" in first.text
    assert "[IBAN_1]" not in again.text
    assert restore(again.text, pseudonyms) == text
    assert TIGHT not in restore(again.text, pseudonyms)


class _NotWalked(dict[Placeholder, Kept]):
    """What is looked up, and never gone through from end to end."""

    def __iter__(self) -> Iterator[Placeholder]:
        raise AssertionError("All of them were gone through for one more.")


def test_a_new_value_is_numbered_without_going_through_those_before_it() -> None:
    known = [Kept(Placeholder(Label.IP, 7), "10.0.0.7"), Kept(Placeholder(Label.IP, 3), "10.0.0.3")]
    pseudonyms = Pseudonyms(known)
    pseudonyms.kept = _NotWalked(pseudonyms.kept)
    numbers = [pseudonyms.of(Label.IP, f"10.0.1.{at}").placeholder.number for at in range(3)]
    assert numbers == [8, 9, 10]
    assert pseudonyms.of(Label.EMAIL, "a@example.org").placeholder.number == 1


def test_turns_know_one_another() -> None:
    pseudonyms = Pseudonyms()
    one, two = mask_all(["Mon IBAN : " + IBAN, TIGHT], pseudonyms)
    assert (one.text, two.text) == ("Mon IBAN : [IBAN_1]", "[IBAN_1]")


def test_each_kind_is_treated_as_the_policy_says() -> None:
    treatments = {
        Label.PHONE: Treatment.GENERALISE,
        Label.EMAIL: Treatment.PASS,
        Label.IBAN: Treatment.BLOCK,
    }
    masked = mask(f"06 12 34 56 78, a@example.org, {IBAN}", Pseudonyms(), treatments)
    assert masked.text == f"06 .. .. .. .., a@example.org, {IBAN}"
    assert masked.blocked == (Label.IBAN,)


def test_what_is_kept_comes_back_from_a_vault() -> None:
    pseudonyms = Pseudonyms()
    text = f"([a@example.org]) {IBAN} et [EMAIL_3]"
    masked = mask(text, pseudonyms)
    again = Pseudonyms(Kept.of(one.data()) for one in pseudonyms.kept.values())
    assert restore(masked.text, again) == text
    assert mask(text, again).text == masked.text
    assert not again.changed


PIECES = st.lists(
    st.sampled_from(
        [
            IBAN,
            TIGHT,
            "a.b@example.org",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "[PERSON_1]",
            "EMAIL_1",
            "[",
            "]",
            "[[",
            "]]",
            "\\",
            "(",
            ")",
            "<",
            ">",
            "_",
            "1",
            " ",
            "\n",
            '"',
            "{",
            "}",
            "s",
            "'s",
            "&lt;",
            "%5B",
            "iban 2",
            "PHONE 1",
            "Claire Dufour",
            "Mme Dufour",
            "né le 12/03/1980",
            "https://a.example/",
            '{"a": "',
        ]
    )
    | st.text(max_size=4),
    max_size=20,
).map("".join)


@given(text=PIECES)
def test_any_text_comes_back(text: str) -> None:
    pseudonyms = Pseudonyms()
    masked = mask(text, pseudonyms)
    assert restore(masked.text, pseudonyms) == text
    place, parts = 0, list[str]()
    for span in masked.spans:
        parts += [text[place : span.start], span.placeholder]
        place = span.end
    assert "".join([*parts, text[place:]]) == masked.text
