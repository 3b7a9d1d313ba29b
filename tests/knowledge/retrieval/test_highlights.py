"""Where a question's words are marked."""

from hypothesis import given
from hypothesis import strategies as st

from centaure.knowledge.language import tokens
from centaure.knowledge.retrieval.highlights import Finder, excerpt, joined

TEXT = st.lists(
    st.sampled_from(
        ["L'été", "la", "pompe", "TP-204/B", "1", "250", "C++", "aujourd'hui", "facture_2024", "²"]
    ),
    max_size=12,
).map(" ".join)


@given(TEXT, st.sampled_from(["fr", "en"]), st.sets(st.integers(0, 20)))
def test_what_is_found_is_what_the_tokens_say(text: str, language: str, chosen: set[int]) -> None:
    said = [token for token in tokens(text, language) if not token.stop]
    stems = {token.stem for place, token in enumerate(said) if place in chosen}
    expected = [(token.stem, token.start, token.end) for token in said if token.stem in stems]
    assert Finder(stems).occurrences([text], language) == [expected]


def test_a_reference_and_its_parts_are_one_mark() -> None:
    found = Finder({"tp", "204", "b", "tp204b"}).occurrences(["La TP-204/B."], "fr")[0]
    assert joined((start, end) for _, start, end in found) == ((3, 11),)


def test_words_are_found_in_pieces_of_any_length() -> None:
    """What people write may hold a word thousands of times without a blank."""
    piece = "congé." * 5000
    text = " ".join([piece, "congé", *(f"congé.{'x' * number}" for number in range(60))])
    found = Finder({"cong"}).occurrences([text], "fr")[0]
    assert len(found) == 5000 + 1 + 60


def test_an_excerpt_shows_where_most_of_the_words_stand() -> None:
    filler = "Rien de tel ici, mais des mots. " * 20
    text = f"{filler}pompe {filler}La pompe TP-204 fuit au joint. {filler}"
    marks = [(text.index(word, after), text.index(word, after) + len(word))
             for word, after in (("pompe", 0), ("pompe", 700), ("joint", 0))]  # fmt: skip
    shown = excerpt(text, marks)
    assert "La pompe TP-204 fuit au joint." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert set(shown.strip("… ").split()) <= set(text.split())
    assert len(shown) <= 304


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert excerpt("La  pompe\nfuit.", [(4, 9)]) == "La pompe fuit."


def test_an_excerpt_without_marks_is_the_beginning() -> None:
    assert excerpt("mot " * 200, []) == " ".join(["mot"] * 75) + " …"
